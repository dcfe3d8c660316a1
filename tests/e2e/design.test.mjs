// The page of all building blocks, which only development builds have: both themes side by side.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { after, before, test } from "node:test";

import { chromium } from "playwright-core";

import { accessible, pictures, quiet } from "./app.mjs";

const root = process.env.FANBASE_TEST_WEB_DEV;
const types = { ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".wasm": "application/wasm" };

/** Serves the files of the development build; every other page is the app. There is no API. */
const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  const file = join(root, pathname);
  const type = types[extname(pathname)];
  if (pathname.startsWith("/api/")) response.writeHead(404).end();
  else if (type && existsSync(file)) response.writeHead(200, { "content-type": type }).end(readFileSync(file));
  else response.writeHead(200, { "content-type": "text/html" }).end(readFileSync(join(root, "index.html")));
});
let browser;

before(async () => {
  mkdirSync(pictures, { recursive: true });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  browser = await chromium.launch({ executablePath: process.env.FANBASE_TEST_CHROMIUM, args: quiet });
});

after(async () => {
  await browser.close();
  server.close();
});

test("the building blocks are accessible in both themes, and as wide as the window", async () => {
  for (const width of [360, 768, 1440]) {
    const page = await (await browser.newContext({ viewport: { width, height: 900 } })).newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/design`);
    await page.getByRole("heading", { name: "Charts" }).first().waitFor({ timeout: 60_000 });
    await page.screenshot({ path: `${pictures}design-${width}.png`, fullPage: true });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= width, `${wide} px wide at ${width} px`);
    await accessible(page, `the building blocks, ${width} px`);
    await page.context().close();
  }
});
