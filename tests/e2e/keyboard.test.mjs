// A creator who uses no mouse.
import assert from "node:assert/strict";
import { test } from "node:test";

import { useApp } from "./app.mjs";

const app = useApp(300);

test("finding, selecting and opening go by keyboard alone", async () => {
  const fans = await app.fans();
  const { page } = fans;
  await page.keyboard.press("/");
  await page.keyboard.type("gmail");
  await page.waitForURL(/search=gmail/);
  await fans.settled();
  await page.keyboard.press("Escape");
  await fans.grid.focus();
  for (const key of ["ArrowDown", "ArrowDown", "x", "Shift+ArrowDown"]) await page.keyboard.press(key);
  await page.getByText("2 selected").waitFor();
  assert.equal(await page.locator('.row[aria-selected="true"]').count(), 2);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/contacts\/[0-9a-f-]{36}/);
  const before = page.url();
  await page.keyboard.press("ArrowDown");
  await page.waitForURL((url) => url.href !== before);
  await page.keyboard.press("Escape");
  await page.waitForURL((url) => url.pathname.endsWith("/contacts"));
  await page.keyboard.press("Escape");
  assert.equal(await page.locator('.row[aria-selected="true"]').count(), 0);
  await fans.close();
});

test("the end and the start are a key away", async () => {
  const fans = await app.fans();
  const total = (await fans.total()) + 1;
  await fans.grid.focus();
  await fans.page.keyboard.press("End");
  await fans.page.locator(`.row[aria-rowindex="${total}"][data-active]:not(.row--skeleton)`).waitFor();
  await fans.page.keyboard.press("Home");
  await fans.page.locator('.row[aria-rowindex="2"][data-active]').waitFor();
  await fans.close();
});
