// Debian's Chromium by Playwright, and the built page served from this machine.
import { mkdtempSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { preview } from "vite";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export const WIDTHS = [390, 800, 1280, 1400], SCHEMES = ["light", "dark"];

export async function serve() {
  const server = await preview({ root: new URL("..", import.meta.url).pathname, preview: { port: 0, host: "127.0.0.1" }, logLevel: "error" });
  const address = server.httpServer.address();
  return { url: `http://127.0.0.1:${address.port}/`, close: () => { server.httpServer.closeAllConnections(); return new Promise(resolve => server.httpServer.close(resolve)); } };
}

export const launch = options => chromium.launchPersistentContext(mkdtempSync(join(tmpdir(), "kalint-browser-")),
  { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, args: FLAGS, viewport: { width: 1400, height: 900 }, ...options });

export async function ready(page) {
  await page.locator("body[data-ready=yes]").waitFor({ timeout: 60_000 });
  return page;
}

export async function open(context, url) {
  const page = await context.newPage();
  page.problems = [];
  page.on("pageerror", error => page.problems.push(String(error)));
  page.on("console", message => { if (message.type() === "error") page.problems.push(message.text()); });
  await page.goto(url, { timeout: 90_000 });
  return url.startsWith("file:") ? page : ready(page);
}

// What axe-core has against the page, a line each; through the debugger, which the page's policy does not bind.
export async function violations(page) {
  const session = await page.context().newCDPSession(page);
  const evaluate = async expression => {
    const { result, exceptionDetails } = await session.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  await evaluate(`${AXE}; undefined`);
  const found = await evaluate("axe.run(document, { resultTypes: ['violations'] }).then(found => found.violations.map(each => `${each.id}: ${each.nodes.map(node => node.target.join(' ') + ' ' + node.failureSummary).slice(0, 3).join(' | ')}`))");
  await session.detach();
  return found;
}

// For each width and colour scheme: what axe has against the page, and whether it can be scrolled sideways.
export async function looks(page, widths = WIDTHS) {
  const found = {};
  for (const width of widths) for (const scheme of SCHEMES) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: scheme });
    const problems = await violations(page);
    const wide = await page.evaluate("document.documentElement.scrollWidth");
    if (wide > width) problems.push(`the page is ${wide} px wide`);
    const narrow = await page.evaluate(() => [...document.querySelectorAll(".board-name")].filter(each => each.checkVisibility() && each.clientWidth < 90).length);
    if (narrow) problems.push(`${narrow} names of switches are squeezed`);
    if (problems.length) found[`${width} px, ${scheme}`] = problems;
  }
  return found;
}
