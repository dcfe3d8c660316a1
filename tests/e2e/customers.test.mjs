// The customers page: who learns and buys what, and what all of them are worth.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { accessible, pictures, useApp } from "./app.mjs";
import { open } from "./pages.mjs";

const app = useApp(200);

async function report(fans, path, body) {
  const answer = await fans.api(path, "POST", body);
  assert.ok(answer.reference, JSON.stringify(answer));
}

const stat = (fans, label) => fans.page.locator(".stat", { hasText: label }).locator(".stat__value");

test("courses, products and sums of customers are in the table, and above it what all are worth", async () => {
  const fans = await open(app, "/customers");
  await fans.page.getByRole("heading", { name: "Customers" }).waitFor();
  await fans.settled();
  // The page is about who bought or subscribes; above it stands how many contacts there are.
  const { customers, revenue } = await fans.api("/customers/stats");
  const counts = await fans.api("/fans/counts");
  assert.equal(customers, counts.total - counts.user);
  assert.equal(await fans.page.getByRole("link", { name: "Registered" }).count(), 0);
  assert.equal(await fans.page.getByRole("link", { name: /^Leads/ }).count(), 0);
  assert.equal(await stat(fans, "Contacts").textContent(), customers.toLocaleString("en-US"));

  const lena = { email: "lena@x.example", name: "Lena Sommer" };
  const course = (reference, title) => ({ reference, title });
  await report(fans, "/enrollments", { reference: "e-1", customer: lena, course: course("mix", "Mixing in a week"), progress: 40 });
  await report(fans, "/enrollments", { reference: "e-2", customer: lena, course: course("master", "Mastering"), progress: 100, enrolled_at: "2026-01-05" });
  await report(fans, "/purchases", { reference: "o-1", customer: lena, product: course("drums", "Drum kit"), payment: { amount: 4900 } });
  await report(fans, "/subscriptions", {
    reference: "s-1", customer: { email: "otto@x.example", name: "Otto Lang" }, plan: course("club", "Club"),
    status: "active", price: { amount: 12000 }, interval: "year",
  });
  await fans.page.reload();
  await fans.settled();
  const money = (minor) => (minor / 100).toLocaleString("en-US", { style: "currency", currency: "USD" });
  await fans.page.locator(".stat", { hasText: "Revenue" }).getByText(money(revenue + 4900)).waitFor();
  assert.equal(await stat(fans, "Active subscriptions").textContent(), "1");
  assert.equal(await stat(fans, "Monthly recurring").textContent(), "$10.00");

  await fans.page.getByRole("searchbox").fill("mixing in a");
  await fans.page.waitForURL(/search=mixing/);
  await fans.settled();
  assert.deepEqual(await fans.names(), ["Lena Sommer"]);
  const row = fans.rows.first();
  await row.getByText("Mixing in a week").waitFor();
  await row.getByText("40%").waitFor();
  await row.getByText("+1").waitFor();
  await row.getByText("Drum kit").waitFor();
  await row.getByText("$49.00").waitFor();
  await fans.page.screenshot({ path: `${pictures}customers-one-light-1440.png`, animations: "disabled" });
  await fans.close();
});

test("a customer opens beside the customers, and closes back to them", async () => {
  const fans = await open(app, "/customers?search=drum%20kit");
  await fans.settled();
  await fans.rows.first().getByRole("link").click();
  await fans.page.waitForURL(/\/customers\/[0-9a-f-]{36}\?search=drum/);
  await fans.panel().getByText("Mixing in a week").first().waitFor();
  await fans.page.keyboard.press("Escape");
  await fans.page.waitForURL(/\/customers\?search=drum/);
  await fans.close();
});

test("tabs, export and filters keep to customers", async () => {
  const fans = await open(app, "/customers");
  await fans.settled();
  await fans.page.getByRole("button", { name: "Export" }).click();
  const href = await fans.page.getByRole("menuitem", { name: "All columns" }).getAttribute("href");
  await fans.page.keyboard.press("Escape");
  assert.match(href, /type=paying&type=subscription/);
  assert.doesNotMatch(href, /type=lead/);
  await fans.page.getByRole("link", { name: /^Subscribers/ }).click();
  await fans.page.waitForURL(/customers\?type=subscription/);
  await fans.settled();
  await fans.close();
});

test("an export has the order and the columns on screen, and spreadsheets read it as UTF-8", async () => {
  const fans = await open(app, "/customers?sort=-total_spent&columns=spent.tags");
  await fans.settled();
  await fans.page.getByRole("button", { name: "Export" }).click();
  const [download] = await Promise.all([
    fans.page.waitForEvent("download"),
    fans.page.getByRole("menuitem", { name: "Columns on screen" }).click(),
  ]);
  const text = await readFile(await download.path(), "utf8");
  const [header, first] = text.split("\r\n");
  assert.equal(header, "\ufeffName,Email,Total Spent,Tags");
  const { items } = await fans.api("/fans?type=paying&type=subscription&sort=-total_spent&limit=1");
  assert.ok(first.includes(items[0].email), `${first} is not about ${items[0].email}`);
  await fans.close();
});

test("the numbers can be read as a table, and everything is accessible", async () => {
  for (const colorScheme of ["light", "dark"]) {
    for (const [width, height] of [[1440, 900], [768, 1024], [360, 740]]) {
      const fans = await open(app, "/customers", { colorScheme, viewport: { width, height } });
      await fans.page.locator(".stat__value").first().waitFor();
      await fans.settled();
      await fans.page.screenshot({ path: `${pictures}customers-${colorScheme}-${width}.png`, animations: "disabled" });
      await fans.page.getByText("Show the numbers").first().click();
      assert.equal(await fans.page.locator(".stats__table tbody tr").count(), 12);
      await accessible(fans.page, `customers, ${colorScheme}, ${width}`);
      await fans.close();
    }
  }
});
