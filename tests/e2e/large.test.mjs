// A creator with a large audience scrolls through all of it.
import assert from "node:assert/strict";
import { test } from "node:test";

import { useApp } from "./app.mjs";
import { drag } from "./measure.mjs";

const app = useApp(50_000);

test("dragging the scroll bar anywhere shows the rows there", async () => {
  const fans = await app.fans();
  const total = Number(await fans.grid.getAttribute("aria-rowcount")) - 1;
  for (const share of [1, 0.5, 0.123, 0]) {
    const took = await drag(fans.page, share);
    console.log(`rows at ${share * 100} % of ${total} after ${Math.round(took)} ms`);
    assert.ok(took < 2_000, `${took} ms`);
  }
  await fans.close();
});

test("the last row is the last fan, and few rows are in the page", async () => {
  const fans = await app.fans({ query: "?sort=email" });
  const total = Number(await fans.grid.getAttribute("aria-rowcount"));
  await fans.grid.evaluate((grid) => (grid.scrollTop = grid.scrollHeight));
  const last = fans.page.locator(`.row[aria-rowindex="${total}"]:not(.row--skeleton)`);
  await last.waitFor();
  const [fan] = (await fans.api(`/fans?sort=email&at=${total - 2}&limit=1`)).items;
  assert.ok((await last.textContent()).includes(fan.email));
  assert.ok((await fans.page.locator(".row").count()) <= 61);
  await fans.close();
});
