import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { before, test } from "node:test";
import * as oniguruma from "vscode-oniguruma";
import * as textmate from "vscode-textmate";

const FOLDER = process.cwd();
const GRAMMAR = path.join(FOLDER, "syntaxes", "keepalived.tmLanguage.json");
let grammar: textmate.IGrammar;

before(async () => {
  const wasm = createRequire(path.join(FOLDER, "package.json")).resolve("vscode-oniguruma/release/onig.wasm");
  await oniguruma.loadWASM(readFileSync(wasm));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (sources: string[]) => new oniguruma.OnigScanner(sources),
      createOnigString: (text: string) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => textmate.parseRawGrammar(readFileSync(GRAMMAR, "utf8"), GRAMMAR),
  });
  const loaded = await registry.loadGrammar("source.keepalived");
  assert.ok(loaded);
  grammar = loaded;
});

/** The words of a line that have a colour, each with the innermost scope (without `.keepalived`). */
function coloured(line: string): [string, string][] {
  return grammar
    .tokenizeLine(line, textmate.INITIAL)
    .tokens.filter((token) => token.scopes.length > 1)
    .map((token) => [
      line.slice(token.startIndex, token.endIndex).trim(),
      (token.scopes.at(-1) ?? "").replace(/\.keepalived$/, ""),
    ]);
}

const CASES: [string, [string, string][]][] = [
  ["vrrp_instance VI_1 {", [["vrrp_instance", "storage.type.block"], ["VI_1", "entity.name.type"]]],
  ["    priority 100", [["priority", "keyword.other.setting"], ["100", "constant.numeric"]]],
  ["    state MASTER  # 检😀", [
    ["state", "keyword.other.setting"],
    ["MASTER", "constant.language"],
    ["# 检😀", "comment.line"],
  ]],
  ["    virtual_ipaddress { 10.0.0.1/24 dev eth0", [
    ["virtual_ipaddress", "storage.type.block"],
    ["10.0.0.1/24", "constant.other.address"],
    ["dev", "support.type.option"],
  ]],
  ["    2001:db8::1/64", [["2001:db8::1/64", "constant.other.address"]]],
  ["    chk weight -20", [["weight", "support.type.option"], ["-20", "constant.numeric"]]],
  ["    priority_of_mine 5", [["5", "constant.numeric"]]],
  ["$NET=10.0.0", [["$NET", "variable.other.definition"], ["=", "keyword.operator.assignment"]]],
  ["    interface $LINK", [["interface", "keyword.other.setting"], ["$LINK", "variable.other"]]],
  ["    @lb1 priority 100", [
    ["@lb1", "entity.name.tag.id"],
    ["priority", "keyword.other.setting"],
    ["100", "constant.numeric"],
  ]],
  ["include conf.d/*.conf", [["include", "keyword.control.include"], ["conf.d/*.conf", "string.unquoted.path"]]],
  ['    script "/bin/check # not a comment"', [
    ["script", "keyword.other.setting"],
    ['"', "string.quoted.double"],
    ["/bin/check # not a comment", "string.quoted.double"],
    ['"', "string.quoted.double"],
  ]],
  ["    native_ipv6", [["native_ipv6", "invalid.deprecated"]]],
  ["    priority {{ priority }}", [
    ["priority", "keyword.other.setting"],
    ["{{", "meta.template.value"],
    ["priority", "meta.template.value"],
    ["}}", "meta.template.value"],
  ]],
];

for (const [line, expected] of CASES) {
  test(`colours of: ${line.trim()}`, () => {
    assert.deepEqual(coloured(line), expected);
  });
}

test("every setting of the table is a keyword at the start of a line, and none behind another word", () => {
  const text = readFileSync(GRAMMAR, "utf8");
  for (const name of ["advert_int", "auth_pass", "garp_master_delay", "HTTP_GET", "real_server"]) {
    assert.ok(text.includes(name));
    assert.match(coloured(name)[0]?.[1] ?? "", /^(keyword|storage)/);
    assert.deepEqual(coloured(`x ${name}`), []);
  }
});
