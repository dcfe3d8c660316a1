// A creator with a large audience scrolls through all of it.
import assert from "node:assert/strict";
import { test } from "node:test";

import { useApp } from "./app.mjs";

const app = useApp(50_000);

test("dragging the scroll bar anywhere shows the rows there", async () => {
  const fans = await app.fans();
  const total = Number(await fans.grid.getAttribute("aria-rowcount")) - 1;
  for (const share of [1, 0.5, 0.123, 0]) {
    const took = await fans.page.evaluate(async (share) => {
      const grid = document.querySelector(".grid");
      const started = performance.now();
      grid.scrollTop = (grid.scrollHeight - grid.clientHeight) * share;
      const frame = () => new Promise(requestAnimationFrame);
      const bare = () => {
        const { top, bottom } = grid.getBoundingClientRect();
        const hit = document.elementFromPoint(500, (top + bottom) / 2)?.closest(".row");
        return !hit || hit.classList.contains("row--skeleton");
      };
      await frame();
      await frame();
      while (bare() && performance.now() - started < 5_000) await frame();
      return performance.now() - started;
    }, share);
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

test("reading on shows no gap", async () => {
  const fans = await app.fans();
  const gaps = await fans.page.evaluate(async () => {
    const grid = document.querySelector(".grid");
    let [gaps, long, before] = [0, 0, performance.now()];
    for (let step = 0; step < 240; step += 1) {
      grid.scrollTop += 24;
      await new Promise(requestAnimationFrame);
      const now = performance.now();
      long += now - before > 50 ? 1 : 0;
      before = now;
      const { top, bottom, left } = grid.getBoundingClientRect();
      for (const y of [top + 60, (top + bottom) / 2, bottom - 20]) {
        const hit = document.elementFromPoint(left + 300, y)?.closest(".row");
        if (!hit || hit.classList.contains("row--skeleton")) gaps += 1;
      }
    }
    return { gaps, long };
  });
  console.log("reading:", gaps);
  assert.equal(gaps.gaps, 0);
  await fans.close();
});
