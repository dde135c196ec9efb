// What a person sees of the playground, in a real browser.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { after, before, test } from "node:test";
import { launch, looks, open, ready, serve } from "./browser.mjs";

const KALINT = process.env.KALINT ?? "kalint", EXAMPLES = new URL("../../examples/", import.meta.url).pathname;
const story = ["lb1.conf", "lb2.conf"].map(name => join(EXAMPLES, "too-small-weight", name));
let server, context, page;
const requested = [];

before(async () => {
  server = await serve();
  context = await launch();
  context.on("request", request => requested.push(request.url()));
  page = await open(context, server.url);
});
after(async () => {
  await context?.close();
  await server?.close();
});

const status = (where = page) => where.locator(".board-status");
const flip = (name, where = page) => where.getByRole("switch", { name, exact: true }).click();
const says = async (locator, text) => { await locator.filter({ hasText: text }).first().waitFor({ timeout: 10_000 }); };
// The router of the story, as the command line tells it.
function told(...states) {
  const words = states.flatMap(each => ["--state", each]);
  const out = execFileSync(KALINT, ["cluster", ...story, "--format", "json", ...words], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  return JSON.parse(out).situation.routers[0];
}
function toldAnyway(...states) {
  try { return told(...states); } catch (error) { return JSON.parse(error.stdout).situation.routers[0]; } // exit code 1: findings
}
async function type(text, where = page) {
  await where.locator("#editor .cm-content").click();
  await where.keyboard.press("Control+End");
  await where.keyboard.type(text);
}
async function choose(name, where = page) {
  await where.evaluate(() => { delete document.body.dataset.judged; });
  await where.locator("#examples").selectOption(name);
  await where.locator("body[data-judged]").waitFor();
}

test("the story opens with why lb2 never takes over", async () => {
  await says(page.locator("#findings li"), "KA801");
  await says(page.locator("#findings li"), "whatever else fails, this failure never moves the master");
  assert.equal(await page.locator("#findings li").first().locator(".severity").textContent(), "error");
});

test("a mistake is found while it is typed, and its place and its rule are a click away", async () => {
  await type("\nvrrp_instance web2 {\n    interfase eth0\n}\n");
  const found = page.locator("#findings li", { hasText: "interfase" });
  await found.waitFor({ timeout: 10_000 });
  await page.locator("#editor .cm-lintRange-error, #editor .cm-lintRange-warning").first().waitFor();
  await page.keyboard.press("Control+Home");
  await found.locator(".place").click();
  await says(page.locator("#editor .cm-activeLine"), "interfase");
  await found.locator(".code").click();
  await says(page.locator("#drawer h3, #drawer h4"), "What it does");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("#drawer").evaluate(each => each.open), false);
});

test("safe fixes mend the text", async () => {
  await choose("too-small-weight");
  await type("\nvrrp_instance other {\n    interfase eth0\n    virtual_router_id 18\n    priority 100\n    virtual_ipaddress {\n        192.0.2.18/24\n    }\n}\n");
  await page.locator("#findings li", { hasText: "interfase" }).waitFor();
  await page.locator("#fix").click();
  await page.locator("#findings li", { hasText: "interfase" }).waitFor({ state: "detached" });
  assert.match(await page.locator("#editor .cm-content").innerText(), /interface eth0[^]*192\.0\.2\.18/);
});

test("a switch changes the master as kalint cluster --state says", async () => {
  await choose("too-small-weight");
  await says(status(), "nothing is down: lb1 is master");
  for (const [name, state] of [["script chk_haproxy on lb1", "lb1:script:chk_haproxy=ko"], ["script chk_gateway on lb1", "lb1:script:chk_gateway=ko"], ["keepalived on lb1", "lb1:daemon=stopped"]]) {
    await page.getByRole("button", { name: "Recover everything" }).click({ force: true }).catch(() => {});
    await flip(name);
    const router = toldAnyway(state);
    await says(status(), `1 failure: ${router.master} is master`);
    assert.equal(await page.locator(".board-why").innerText(), router.why);
    assert.deepEqual(await page.locator(".board-nodes tbody .number").allInnerTexts(), Object.values(router.priorities).map(each => each === null ? "–" : String(each)));
  }
});

test("no master is red, and said in words", async () => {
  await page.locator(".board-preset", { hasText: "leaves no master" }).click();
  await says(status(), "2 failures: there is no master");
  await says(page.locator(".board-card.level-bad .board-addresses"), "no node holds 192.0.2.17/24");
  assert.deepEqual(toldAnyway("lb1:interface:eth0=down", "lb2:interface:eth0=down").possible_masters, [[]]);
});

test("what is switched off stays so while somebody types what breaks it", async () => {
  await choose("too-small-weight");
  await flip("script chk_gateway on lb1");
  await says(status(), "1 failure: lb2 is master");
  await page.locator("#editor .cm-content").click();
  await page.keyboard.press("Control+End");
  for (const key of ["ArrowUp", "ArrowUp", "ArrowUp", "End", "Backspace"]) await page.keyboard.press(key); // the y of chk_gateway
  await says(status(), "not in the files: script chk_gateway on lb1");
  await page.keyboard.type("y");
  await says(status(), "1 failure: lb2 is master");
  assert.equal(await page.getByRole("switch", { name: "script chk_gateway on lb1", exact: true }).getAttribute("aria-checked"), "false");
});

test("the timeline plays the switches, and its scrubber says who is master when", async () => {
  await choose("too-small-weight");
  await flip("keepalived on lb1");
  await says(status(), "1 failure: lb2 is master");
  await page.locator('#timeline[aria-busy="false"] svg.lanes').waitFor();
  const scrubber = page.getByRole("slider");
  await scrubber.fill("5");
  await says(page.locator(".scrub-now li"), "router 17: lb1 is master");
  await scrubber.focus();
  await page.keyboard.press("End");
  await says(page.locator(".scrub-now li"), "router 17: lb2 is master");
  assert.match(await page.locator("#timeline pre").textContent(), /daemon = "kill"/);
});

test("one file with config ids is a node for each", async () => {
  await choose("one-file-two-nodes");
  await says(page.locator(".board-verdict"), "left is master");
  await flip("keepalived on left");
  await says(status(), "3 with a new master (3 routers)");
  assert.deepEqual(await page.locator(".board-verdict").evaluateAll(found => found.map(each => each.textContent.slice(0, 15))), Array(3).fill("right is master"));
});

test("the board and the tabs work by keyboard alone", async () => {
  await choose("too-small-weight");
  const control = page.getByRole("switch", { name: "script chk_gateway on lb1", exact: true });
  await control.focus();
  await page.keyboard.press("Space");
  await says(status(), "1 failure: lb2 is master");
  await page.keyboard.press("Space");
  await says(status(), "nothing is down: lb1 is master");
  await page.getByRole("tab", { name: /^lb1/ }).focus();
  await page.keyboard.press("ArrowRight");
  assert.match(await page.locator("[role=tab][aria-selected=true]").innerText(), /^lb2/);
});

test("a link shows the situation to a colleague, without passwords", async () => {
  await choose("too-small-weight");
  await type("\nvrrp_instance secret {\n    interface eth0\n    virtual_router_id 19\n    priority 100\n    authentication {\n        auth_type PASS\n        auth_pass geheim12\n    }\n    virtual_ipaddress {\n        192.0.2.19/24\n    }\n}\n");
  await flip("script chk_gateway on lb1");
  await says(status(), "1 failure");
  await page.waitForFunction(() => location.hash.startsWith("#s="));
  await page.locator("#link").click();
  const address = page.url(), other = await launch();
  try {
    const colleague = await open(other, address);
    assert.equal(await colleague.getByRole("switch", { name: "script chk_gateway on lb1", exact: true }).getAttribute("aria-checked"), "false");
    await says(colleague.locator(".board-card").filter({ hasText: "router 17" }), "lb2 is master");
    const text = await colleague.locator("#editor .cm-content").innerText();
    assert.match(text, /vrrp_instance secret/);
    assert.doesNotMatch(text, /geheim12/);
    assert.match(await colleague.locator("#notice").innerText(), /placeholders/);
    assert.deepEqual(colleague.problems, []);
  } finally {
    await other.close();
  }
});

test("axe-core has nothing against it at any width, by day and by night", async () => {
  await choose("too-small-weight");
  await page.locator(".board-preset", { hasText: "leaves no master" }).click();
  await says(status(), "there is no master");
  await page.locator('#timeline[aria-busy="false"] svg.lanes').waitFor();
  assert.deepEqual(await looks(page), {});
  await page.setViewportSize({ width: 1400, height: 900 });
  await page.locator("#findings .code").first().click();
  await page.locator("#drawer[open]").waitFor();
  assert.deepEqual(await looks(page), {});
  await page.keyboard.press("Escape");
  await page.setViewportSize({ width: 1400, height: 900 });
});

test("no request leaves the origin, and none could", async () => {
  assert.ok(requested.length > 5);
  assert.deepEqual(requested.filter(each => !each.startsWith(server.url) && !each.startsWith(`blob:${server.url}`) && !each.startsWith("data:")), []);
  const refused = await page.evaluate(() => fetch("http://127.0.0.2:9/").then(() => "sent", () => new Promise(resolve => setTimeout(() => resolve("refused"), 100))));
  assert.equal(refused, "refused");
  assert.match(page.problems.join("\n"), /Content Security Policy/);
  assert.deepEqual(page.problems.filter(each => !each.includes("127.0.0.2")), []);
});

test("all of it is below 20 MB", () => {
  const folder = new URL("../dist", import.meta.url).pathname;
  const sizes = readdirSync(folder, { recursive: true }).map(name => statSync(join(folder, name))).filter(each => each.isFile()).map(each => each.size);
  assert.ok(sizes.reduce((sum, size) => sum + size) < 20_000_000);
});

test("Python starts from a small memory", () => {
  const memory = gunzipSync(readFileSync(new URL("../dist/python/memory.bin", import.meta.url)));
  assert.ok(memory.length < 32_000_000, `${memory.length} bytes: something has taken much memory at once`);
});

test("it works offline once it has been loaded", async () => {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => new Promise(resolve => navigator.serviceWorker.controller ? resolve() : navigator.serviceWorker.addEventListener("controllerchange", resolve))));
  await server.close();
  server = null;
  await context.setOffline(true);
  const again = await context.newPage();
  await again.goto(page.url().split("#")[0]);
  await ready(again);
  await choose("too-small-weight", again);
  await flip("script chk_gateway on lb1", again);
  await says(status(again), "1 failure: lb2 is master");
});
