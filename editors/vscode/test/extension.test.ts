import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import Module from "node:module";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";

/** As much of VS Code as the extension and its client touch: anything that is asked for is there, and does nothing. */
function anything(known: Record<string, unknown> = {}): unknown {
  const made = new Map<PropertyKey, unknown>(Object.entries(known));
  return new Proxy(class {}, {
    get(target, name) {
      if (made.has(name)) {
        return made.get(name);
      }
      if (name === "then" || name === Symbol.iterator || name === Symbol.toPrimitive) {
        return undefined;
      }
      if (name === "prototype") {
        return target.prototype;
      }
      const value = anything();
      made.set(name, value);
      return value;
    },
    apply: () => anything(),
    construct: () => anything() as object,
  });
}

/** A program that answers `initialize` as a server does, and writes what it was asked to a file. */
const SERVER = `
const fs = require("node:fs");
let text = "";
process.stdin.on("data", (chunk) => {
  text += chunk;
  for (let at; (at = text.indexOf("\\r\\n\\r\\n")) >= 0; ) {
    const size = Number(/Content-Length: (\\d+)/i.exec(text)[1]);
    const body = text.slice(at + 4, at + 4 + size);
    if (body.length < size) return;
    text = text.slice(at + 4 + size);
    const message = JSON.parse(body);
    if (message.method === "initialize") {
      fs.writeFileSync(process.env.KALINT_ASKED, JSON.stringify({ arguments: process.argv.slice(2), ...message.params }));
    }
    if (message.id !== undefined) {
      const answer = JSON.stringify({ jsonrpc: "2.0", id: message.id, result: { capabilities: {} } });
      process.stdout.write("Content-Length: " + answer.length + "\\r\\n\\r\\n" + answer);
    }
  }
});
`;

function load(vscode: unknown): { activate(context: unknown): Promise<void>; deactivate(): Promise<void> } {
  // The bundle copies the module's own names, and finds all others in its prototype.
  const module = new Proxy(vscode as object, { getPrototypeOf: () => vscode as object });
  const original = (Module as unknown as { _load: (...all: unknown[]) => unknown })._load;
  (Module as unknown as { _load: unknown })._load = (request: unknown, ...rest: unknown[]) =>
    request === "vscode" ? module : original(request, ...rest);
  try {
    const file = path.join(process.cwd(), "out", "extension.js");
    delete require.cache[file];
    return require(file);
  } finally {
    (Module as unknown as { _load: unknown })._load = original;
  }
}

function editor(command: string[], shown: string[]): unknown {
  const settings = { command, keepalivedVersion: "2.2.7", configId: null };
  return anything({
    version: "1.91.0",
    env: anything({ appName: "tests", language: "en" }),
    workspace: anything({
      isTrusted: false,
      workspaceFolders: undefined,
      textDocuments: [],
      notebookDocuments: [],
      getConfiguration: (section?: string) => ({
        get: (name: string) => (section === "kalint" ? (settings as Record<string, unknown>)[name] : settings),
      }),
    }),
    window: anything({
      visibleTextEditors: [],
      tabGroups: anything({ all: [] }),
      showErrorMessage: (text: string) => {
        shown.push(text);
        return Promise.resolve(undefined);
      },
    }),
  });
}

test("the built extension starts the command, and tells it the settings", async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "kalint-"));
  const server = path.join(folder, "server.cjs");
  const asked = path.join(folder, "asked.json");
  writeFileSync(server, SERVER);
  process.env["KALINT_ASKED"] = asked;
  const shown: string[] = [];
  const extension = load(editor([process.execPath, server, "lsp"], shown));
  await extension.activate({ subscriptions: [] });
  assert.deepEqual(shown, []);
  assert.ok(existsSync(asked));
  const initialize = JSON.parse(readFileSync(asked, "utf8"));
  assert.deepEqual(initialize.initializationOptions, { keepalivedVersion: "2.2.7", untrusted: true });
  assert.equal(initialize.arguments[0], "lsp");
  await extension.deactivate();
});

test("a command that is not there is one message", async () => {
  const shown: string[] = [];
  const nothing = path.join(mkdtempSync(path.join(os.tmpdir(), "kalint-")), "kalint");
  writeFileSync(nothing, "");
  chmodSync(nothing, 0o644);
  const extension = load(editor([nothing], shown));
  await extension.activate({ subscriptions: [] });
  assert.equal(shown.length, 1);
  assert.match(shown[0] ?? "", /^kalint did not start \(.*\): .*pip install 'kalint\[lsp\]'/);
});
