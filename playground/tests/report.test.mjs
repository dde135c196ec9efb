// What a person sees of the pages of kalint report (KALINT_REPORTS: a folder with some), in a real browser.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, looks, open } from "./browser.mjs";

const folder = process.env.KALINT_REPORTS, skip = folder ? false : "KALINT_REPORTS names no folder";
const pages = folder ? readdirSync(folder).filter(name => name.endsWith(".html")).sort() : [];
let context;

before(async () => { context = await launch(); });
after(async () => { await context?.close(); });

const address = name => `file://${join(folder, name)}`;

test("axe-core has nothing against any page at any width, by day and by night", { skip }, async () => {
  for (const name of pages) {
    const page = await open(context, address(name));
    assert.deepEqual(await looks(page, name === "fifty.html" ? [800] : undefined), {}, name); // of fifty routers one width, as it takes long
    assert.deepEqual(page.problems, [], name);
    await page.close();
  }
});

test("on a phone the master column stays in sight", { skip }, async () => {
  for (const name of pages) {
    const page = await open(context, address(name));
    await page.setViewportSize({ width: 390, height: 844 });
    const outside = await page.evaluate(() => [...document.querySelectorAll(".matrix")].flatMap(table => [0, 10_000].flatMap(left => {
      table.parentElement.scrollLeft = left;
      return [...table.querySelectorAll("tr > :last-child")].map(cell => cell.getBoundingClientRect()).filter(box => box.left < 0 || box.right > innerWidth);
    })).length);
    assert.equal(outside, 0, name);
    await page.close();
  }
});

test("no line goes through a label of a ladder", { skip }, async () => {
  for (const name of pages) {
    const page = await open(context, address(name));
    const struck = await page.evaluate(() => [...document.querySelectorAll("svg.ladder > g")].flatMap(lane => {
      const right = Math.max(...[...lane.querySelectorAll(".rail, .guide, .rung")].map(each => each.getBBox()).map(box => box.x + box.width));
      const top = lane.querySelector(".rail").getBBox().y;
      return [...lane.querySelectorAll("text")].filter(text => { const box = text.getBBox(); return box.y + box.height > top && box.x < right; }).map(text => text.textContent);
    }));
    assert.deepEqual(struck, [], name);
    await page.close();
  }
});

test("on paper no router is torn apart, and what only a screen can do is left out", { skip }, async () => {
  for (const name of pages) {
    const page = await open(context, address(name));
    await page.emulateMedia({ media: "print" });
    assert.deepEqual(await page.evaluate(() => [...new Set([...document.querySelectorAll("section.router")].map(each => getComputedStyle(each).breakInside))]), ["avoid"], name);
    assert.equal(await page.locator("#board").isVisible(), false, name);
    await page.close();
  }
});

test("fifty routers are filtered and sorted", { skip }, async () => {
  const page = await open(context, address("fifty.html")), heads = page.locator("section.router:visible h2");
  assert.equal(await page.locator("#sift-count").textContent(), "50 of 50 routers");
  await page.locator("#sift-word").fill("web_2");
  assert.equal(await heads.count(), 11);
  await page.locator("#sift-word").fill("10.0.14.1/");
  assert.deepEqual(await heads.allTextContents(), ["router 14: web_14 on vlan14"]);
  await page.locator("#sift-word").fill("");
  await page.locator("#sift-order").selectOption("vrid");
  assert.deepEqual((await heads.allTextContents()).slice(0, 2), ["router 1: web_1 on vlan1", "router 2: web_2 on vlan2"]);
  await page.close();
});

test("a switch of the report's board shows the new master at once, and its address keeps it", { skip }, async () => {
  const page = await open(context, address("story.html"));
  await page.getByRole("switch", { name: "script chk_gateway on lb1", exact: true }).focus();
  await page.keyboard.press("Space");
  assert.match(await page.locator(".board-status").innerText(), /^1 failure: lb2 is master/);
  assert.match(page.url(), /#state=lb1%3Ascript%3Achk_gateway%3Dko$/);
  const other = await open(context, page.url());
  assert.match(await other.locator(".board-status").innerText(), /^1 failure: lb2 is master/);
});
