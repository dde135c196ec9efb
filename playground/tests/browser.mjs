// Debian's Chromium by Playwright, and the built page served from this machine.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { preview } from "vite";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

export async function serve() {
  const server = await preview({ root: new URL("..", import.meta.url).pathname, preview: { port: 0, host: "127.0.0.1" }, logLevel: "error" });
  const address = server.httpServer.address();
  return { url: `http://127.0.0.1:${address.port}/`, close: () => new Promise(resolve => server.httpServer.close(resolve)) };
}

export const launch = options => chromium.launchPersistentContext(mkdtempSync(join(tmpdir(), "kalint-browser-")),
  { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, args: FLAGS, viewport: { width: 1400, height: 900 }, ...options });

export async function open(context, url) {
  const page = await context.newPage();
  page.problems = [];
  page.on("pageerror", error => page.problems.push(String(error)));
  page.on("console", message => { if (message.type() === "error") page.problems.push(message.text()); });
  await page.goto(url);
  await page.locator("body[data-ready=yes]").waitFor({ timeout: 30_000 });
  return page;
}
