// A creator looks at the audience as a whole; the numbers are those of the API.
import assert from "node:assert/strict";
import { test } from "node:test";

import { useApp } from "./app.mjs";
import { look, open } from "./pages.mjs";

const app = useApp(2_000);

/** The numbers of a chart as its table has them. */
function numbers(fans, caption) {
  const rows = fans.page.locator("table", { has: fans.page.locator("caption", { hasText: caption }) }).locator("tr");
  return rows.evaluateAll((rows) =>
    rows.map((row) => [row.cells[0].textContent, Number(row.cells[1].textContent.replaceAll(",", ""))]),
  );
}

test("the numbers are those of the API", async () => {
  const fans = await open(app, "");
  await fans.page.getByRole("heading", { name: "Growth" }).waitFor();
  const counts = await fans.api("/fans/counts");
  assert.deepEqual(await numbers(fans, "By type"), [
    ["Leads", counts.lead], ["Customers", counts.paying], ["Subscribers", counts.subscription], ["Registered", counts.user],
  ]);
  const overview = await fans.api("/overview?period=month&time_zone_offset=0");
  const growth = await numbers(fans, "Everyone in your audience");
  assert.equal(growth.at(-1)[1], counts.total);
  assert.equal(growth.length, overview.growth.length);
  const sources = await numbers(fans, "By source");
  // Accounts that are nothing else came by signing up: the sources make up everyone.
  assert.equal(sources.reduce((sum, [, count]) => sum + count, 0), counts.total);
  assert.deepEqual(sources.slice(0, -1).map(([, count]) => count), overview.by_source.map((source) => source.count));
  assert.deepEqual(sources.at(-1), ["Sign-up", counts.user]);
  await fans.page.locator(".page__total", { hasText: `${counts.total.toLocaleString("en-US")} fans` }).waitFor();
  await fans.close();
});

test("counting anew proves the counts", async () => {
  const fans = await open(app, "");
  await fans.page.getByRole("button", { name: "Recount" }).click();
  await fans.toast("All counts are correct.");
  await fans.close();
});

test("what customers are worth is told by source and by the month of their first payment", async () => {
  const fans = await open(app, "");
  await fans.page.getByText("No payments yet.").first().waitFor();
  for (const n of [1, 2, 3]) {
    await fans.api("/purchases", "POST", {
      reference: `order-${n}`, customer: { email: `buyer${n % 2}@x.example` }, title: "Drum kit",
      payment: { amount: 1000 * n }, purchased_at: "2026-06-15T12:00:00Z",
    });
  }
  await fans.page.reload();
  const cohort = fans.page.getByRole("row", { name: /^Jun 2026/ });
  await cohort.getByText("$30.00").first().waitFor();
  const all = fans.page.getByRole("row", { name: /^All/ });
  assert.match(await all.textContent(), /^All2\$60\.00\$30\.00/);
  await fans.page.getByText("Not enough repeat buyers").waitFor();
  await fans.close();
});

test("the page looks right", () =>
  look(app, "overview", "", async (fans) => {
    await fans.page.getByRole("heading", { name: "Growth" }).waitFor();
    await fans.page.locator(".newest__fan").first().waitFor();
  }));
