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

test("the list is sorted and all are selected by keyboard", async () => {
  const fans = await app.fans();
  const { page } = fans;
  await page.getByRole("button", { name: "Score", exact: true }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/sort=-score/);
  await page.keyboard.press("Space");
  await page.waitForURL(/sort=score/);
  assert.equal(await page.getByRole("columnheader", { name: "Score" }).getAttribute("aria-sort"), "ascending");
  assert.equal(await page.locator('.row[aria-selected="true"]').count(), 0, "no row was selected by the way");
  await page.getByRole("checkbox", { name: /^Select all/ }).focus();
  await page.keyboard.press("Space");
  await page.getByText(/^All \d+ selected/).waitFor();
  assert.ok(!/contacts\/[0-9a-f-]{36}/.test(page.url()), "no row was opened by the way");
  await fans.close();
});

test("the row that the keyboard is at is seen, selected or not", async () => {
  const fans = await app.fans();
  await fans.grid.focus();
  await fans.page.keyboard.press("ArrowDown");
  const marks = (pseudo) => fans.page.locator(".row[data-active]").evaluate((row, pseudo) => {
    const style = getComputedStyle(row, pseudo);
    return [style.content, style.borderTopWidth, style.borderTopColor];
  }, pseudo);
  const accent = await fans.page.evaluate(() => {
    const probe = document.body.appendChild(Object.assign(document.createElement("i"), { style: "color: var(--accent)" }));
    const colour = getComputedStyle(probe).color;
    probe.remove();
    return colour;
  });
  for (const _ of ["plain", "selected"]) {
    assert.deepEqual(await marks("::after"), ['""', "2px", accent]);
    await fans.page.keyboard.press("x");
  }
  await fans.close();
});

test("a dialog starts in its first field, and gives the focus back", async () => {
  const fans = await app.fans();
  const { page } = fans;
  const focused = () => page.evaluate(() => document.activeElement.id && document.querySelector(`label[for="${document.activeElement.id}"]`)?.textContent
    || document.activeElement.textContent);
  const [customer] = (await fans.api("/customers?sort=name&limit=1")).items;
  await fans.openFan(customer.email);
  await fans.panel().getByRole("button", { name: "Edit" }).focus();
  await page.keyboard.press("Enter");
  await fans.dialog().waitFor();
  assert.equal(await focused(), "Email");
  await fans.dialog().getByLabel("Alias").fill("By keyboard");
  await page.keyboard.press("Enter");
  await fans.toast("Saved");
  await fans.panel().getByText("By keyboard").waitFor();
  assert.equal(await focused(), "Edit", "though the panel shows what was saved");
  await fans.panel().getByRole("button", { name: "Delete", exact: true }).focus();
  await page.keyboard.press("Enter");
  await fans.dialog().waitFor();
  assert.equal(await focused(), "Cancel", "nothing is deleted by a second Enter");
  await page.keyboard.press("Escape");
  assert.equal(await focused(), "Delete");
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
