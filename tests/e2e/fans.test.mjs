// A creator signs in and sees everyone.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, test } from "node:test";

import AxeBuilder from "@axe-core/playwright";
import { chromium } from "playwright-core";

import { startServer } from "./server.mjs";

const pictures = new URL("./screenshots/", import.meta.url).pathname;
const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];
let server;
let browser;

before(async () => {
  mkdirSync(pictures, { recursive: true });
  server = await startServer(1_000);
  browser = await chromium.launch({ executablePath: process.env.FANBASE_TEST_CHROMIUM, args: quiet });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

async function signedIn(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  await page.goto(`${server.address}/`);
  await page.getByLabel(/e-?mail/i).fill(server.demo.email);
  await page.getByLabel(/password/i).fill(server.demo.password);
  await page.getByRole("button", { name: /sign in|log in/i }).click();
  await page.waitForURL(/\/store\/pause-play-repeat\/contacts/);
  await page.getByText("@").first().waitFor();
  return page;
}

async function accessible(page, what) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes[0].html]), [], `axe on ${what}`);
}

test("a wrong password is told, and what was typed stays", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${server.address}/login`);
  await page.getByLabel(/e-?mail/i).fill(server.demo.email);
  await page.getByLabel(/password/i).fill("wrong");
  await page.getByRole("button", { name: /sign in|log in/i }).click();
  await page.getByText("The e-mail address or the password is wrong.").waitFor();
  assert.equal(await page.getByLabel(/e-?mail/i).inputValue(), server.demo.email);
  await accessible(page, "the sign-in page");
  await page.screenshot({ path: `${pictures}login.png` });
  await context.close();
});

test("a creator signs in and sees everyone, in both themes and at three widths", async () => {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [360, 768, 1440]) {
      const page = await signedIn({ colorScheme, viewport: { width, height: 900 } });
      await accessible(page, `the fans, ${colorScheme}, ${width} px`);
      await page.screenshot({ path: `${pictures}fans-${colorScheme}-${width}.png` });
      await page.context().close();
    }
  }
});

test("the page shows the exact counts of the API, and a search has its address", async () => {
  const page = await signedIn();
  const counts = await page.evaluate(async (store) => {
    const answer = await fetch(`/api/v1/stores/${store}/fans/counts`);
    return answer.json();
  }, server.demo.store_id);
  await page.getByText(counts.total.toLocaleString("en-US")).first().waitFor();
  await page.getByRole("searchbox").fill("gmail");
  await page.waitForURL(/search=gmail/);
  await page.reload();
  assert.equal(await page.getByRole("searchbox").inputValue(), "gmail");
  await page.context().close();
});
