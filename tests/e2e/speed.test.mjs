// How fast the app feels. Times are printed, since they say as much of the machine; they only fail
// when something is wrong by far. `cargo xtask bench web` measures the release build.
import assert from "node:assert/strict";
import { test } from "node:test";

import { useApp } from "./app.mjs";
import { coldLoad, noticed, percentile, readOn } from "./measure.mjs";

const app = useApp(20_000);

/** What signing in left behind. */
async function session() {
  const fans = await app.fans();
  const state = await fans.page.context().storageState();
  await fans.close();
  return state;
}

test("a cold load shows rows soon, and nothing jumps", async () => {
  const page = await coldLoad(app, "/contacts", await session());
  await page.locator('.list[aria-busy="false"]').waitFor();
  const { rows, shift } = await noticed(page);
  console.log(`cold load: rows after ${Math.round(rows)} ms, layout shift ${shift.toFixed(3)}`);
  assert.ok(shift <= 0.1, `layout shift ${shift}`);
  assert.ok(rows < 10_000, `${rows} ms`);
  await page.context().close();
});

test("what one does is answered by the next paint", async () => {
  const page = await coldLoad(app, "/contacts", await session());
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByLabel("Consent").check();
  await page.keyboard.press("Escape");
  await page.getByRole("searchbox", { name: "Search fans" }).pressSequentially("anna");
  await page.waitForURL(/search=anna/);
  await page.locator('.list[aria-busy="false"]').waitFor();
  await page.locator(".row[aria-selected]").first().getByRole("checkbox").click();
  await page.locator(".row[aria-selected]").nth(1).getByRole("link").click();
  await page.getByRole("complementary", { name: "Details" }).getByRole("heading", { level: 2 }).waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").waitFor();
  const { events } = await noticed(page);
  const slowest = events.reduce((a, b) => (b.ms > a.ms ? b : a), { name: "none that took 16 ms", ms: 0 });
  console.log(`interaction to next paint: ${slowest.ms} ms at most (${slowest.name}), ${events.length} of 16 ms or more`);
  assert.ok(slowest.ms < 2_000, `${slowest.ms} ms`);
  await page.context().close();
});

test("reading on drops few frames, and keeps few rows in the page", async () => {
  const page = await coldLoad(app, "/contacts", await session());
  const { times, gaps, rows } = await readOn(page, 300, 24);
  const long = times.filter((ms) => ms > 50).length;
  console.log(
    `reading: ${times.length} frames, half of them within ${percentile(times, 0.5).toFixed(1)} ms, ` +
      `95 % within ${percentile(times, 0.95).toFixed(1)} ms, ${long} longer than 50 ms; ${rows} rows in the page`,
  );
  assert.equal(gaps, 0);
  assert.ok(rows <= 60, `${rows} rows in the page`);
  await page.context().close();
});
