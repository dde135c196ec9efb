import assert from "node:assert/strict";
import { test } from "node:test";

import { commandOf, failure, optionsOf } from "../src/settings";

test("the command line is the user's, else kalint lsp", () => {
  assert.deepEqual(commandOf(["uvx", "--with", "kalint[lsp]", "kalint", "lsp"]), {
    command: "uvx",
    args: ["--with", "kalint[lsp]", "kalint", "lsp"],
  });
  for (const nothing of [undefined, null, [], [""], "kalint lsp", [1, 2]]) {
    assert.deepEqual(commandOf(nothing), { command: "kalint", args: ["lsp"] });
  }
});

test("the server is told what is set, and not how it is started", () => {
  const settings = { command: ["x"], keepalivedVersion: "2.2.7", configId: null, select: [], host: false, delay: 0 };
  assert.deepEqual(optionsOf(settings, true), { keepalivedVersion: "2.2.7", host: false, delay: 0, untrusted: false });
});

test("a folder that is not trusted is read as one", () => {
  assert.deepEqual(optionsOf({}, false), { untrusted: true });
});

test("a server that does not start says what to do", () => {
  const said = failure({ command: "kalint", args: ["lsp"] }, new Error("spawn kalint ENOENT"));
  assert.equal(
    said,
    "kalint did not start (kalint lsp): spawn kalint ENOENT. Install it with pip install 'kalint[lsp]', or set kalint.command.",
  );
});
