// A creator with a large audience scrolls through all of it.
import assert from "node:assert/strict";
import { test } from "node:test";

import { useApp } from "./app.mjs";
import { drag } from "./measure.mjs";

const app = useApp(50_000);

test("dragging the scroll bar anywhere shows the rows there", async () => {
  const fans = await app.fans();
  const total = await fans.total();
  for (const share of [1, 0.5, 0.123, 0]) {
    const took = await drag(fans.page, share);
    console.log(`rows at ${share * 100} % of ${total} after ${Math.round(took)} ms`);
    assert.ok(took < 2_000, `${took} ms`);
  }
  await fans.close();
});

test("the last row is the last fan, and few rows are in the page", async () => {
  const fans = await app.fans({ query: "?sort=email" });
  const total = await fans.total();
  await fans.grid.evaluate((grid) => (grid.scrollTop = grid.scrollHeight));
  // The head is a row as well.
  const last = fans.page.locator(`.row[aria-rowindex="${total + 1}"]:not(.row--skeleton)`);
  await last.waitFor();
  const [fan] = (await fans.api(`/fans?sort=email&at=${total - 1}&limit=1`)).items;
  assert.ok((await last.textContent()).includes(fan.email));
  assert.ok((await fans.page.locator(".row").count()) <= 61);
  await fans.close();
});
