// An admin of the platform looks after its accounts.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";

import { accessible, pictures, useApp } from "./app.mjs";
import { ask, close, open, openAs } from "./pages.mjs";
import { stripeSecret } from "./server.mjs";

const admin = { email: "ada@platform.example", password: "correct horse battery" };
const app = useApp(200, (server) => {
  server.command("user", "create", "--email", admin.email, "--name", "Ada Admin", "--password", admin.password, "--admin");
});

/** The rows of the table are there, and are those that the address asks for. */
async function settled(page) {
  await page.locator('.list[aria-busy="false"]').waitFor();
  await page.locator(".row--skeleton").first().waitFor({ state: "detached" });
}

const names = (page) => page.locator(".row .person__name").allTextContents();
const row = (page, name) => page.locator(".row[aria-selected]", { hasText: name });

test("accounts are found, filtered and sorted, and the address says how", async () => {
  const page = await openAs(app, admin, "/admin/users");
  await settled(page);
  const { total } = await ask(page, "/admin/users/counts");
  assert.equal(await page.locator(".page__total").textContent(), String(total));
  assert.equal(Number(await page.getByRole("grid", { name: "Users" }).getAttribute("aria-rowcount")), total + 1);
  await page.getByRole("searchbox", { name: "Search accounts" }).fill("ada admin");
  await page.waitForURL(/search=ada%20admin/);
  await settled(page);
  assert.deepEqual(await names(page), ["Ada Admin"]);
  await page.getByRole("searchbox", { name: "Search accounts" }).fill("");
  await page.waitForURL((url) => !url.search);
  await page.getByRole("button", { name: "Filter" }).click();
  await page.getByRole("group", { name: "Has a store" }).getByLabel("Yes").check();
  await page.waitForURL(/has_store=true/);
  await settled(page);
  assert.deepEqual(await names(page), ["Demo Creator"]);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Remove Has a store" }).click();
  await page.getByRole("button", { name: "User", exact: true }).click();
  await page.waitForURL(/sort=name/);
  await settled(page);
  const sorted = (await ask(page, "/admin/users?sort=name&limit=5")).items.map((user) => user.name ?? user.email);
  assert.deepEqual((await names(page)).slice(0, 5), sorted);
  const other = await page.context().newPage();
  await other.goto(page.url());
  await settled(other);
  assert.deepEqual((await names(other)).slice(0, 5), sorted);
  await close(page);
});

test("many are suspended and reinstated, after a look at what that does", async () => {
  const page = await openAs(app, admin, "/admin/users?sort=name");
  await settled(page);
  await page.locator(".row[aria-selected]").nth(1).getByRole("checkbox").click();
  await page.locator(".row[aria-selected]").nth(2).getByRole("checkbox").click();
  const picked = (await names(page)).slice(1, 3);
  await page.getByRole("button", { name: "Suspend" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("2 accounts will change").waitFor();
  await accessible(page, "the preview of a suspension");
  await dialog.getByRole("button", { name: "Suspend" }).click();
  await page.locator(".toast", { hasText: "2 of 2 accounts changed" }).waitFor();
  await settled(page);
  for (const name of picked) await row(page, name).first().getByText("Suspended").waitFor();
  const suspended = await ask(page, "/admin/users/counts?status=suspended");
  assert.equal(suspended.total, 2);

  await page.goto(`${app.server.address}/admin/users?status=suspended`);
  await settled(page);
  await page.getByRole("checkbox", { name: "Select all 2 that match" }).check();
  await page.getByRole("button", { name: "Reinstate" }).click();
  await dialog.getByText("2 accounts will change").waitFor();
  await dialog.getByRole("button", { name: "Reinstate" }).click();
  await page.getByText("Nobody matches").waitFor();
  await close(page);
});

test("a store keeps its owner, and an admin does not lock themselves out", async () => {
  const page = await openAs(app, admin, "/admin/users?search=demo%20creator");
  await settled(page);
  await row(page, "Demo Creator").getByRole("link").click();
  const panel = page.getByRole("complementary", { name: "Account" });
  await panel.getByRole("cell", { name: "Owner" }).waitFor();
  await panel.getByRole("button", { name: "Change role" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Role").selectOption({ label: "Guest" });
  await dialog.getByText("1 can't be changed:").waitFor();
  await dialog.getByText(/owner/).first().waitFor();
  assert.ok(await dialog.getByRole("button", { name: "Change role" }).isDisabled());
  await dialog.getByRole("button", { name: "Cancel" }).click();

  await page.goto(`${app.server.address}/admin/users?search=ada%20admin`);
  await settled(page);
  await row(page, "Ada Admin").getByRole("link").click();
  await panel.getByRole("button", { name: "Revoke admin" }).click();
  await dialog.getByText("1 can't be changed:").waitFor();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await close(page);
});

test("an account is made an admin in its panel, and the audit log tells", async () => {
  const page = await openAs(app, admin, "/admin/users?search=demo%20creator");
  await settled(page);
  await row(page, "Demo Creator").getByRole("link").click();
  await page.waitForURL(/\/admin\/users\/[0-9a-f-]{36}/);
  const panel = page.getByRole("complementary", { name: "Account" });
  await panel.getByRole("button", { name: "Make admin" }).click();
  await page.getByRole("dialog").getByText("1 account will change").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Make admin" }).click();
  await panel.getByText("Admin", { exact: true }).waitFor();
  await page.getByRole("link", { name: "Audit log" }).click();
  await page.getByLabel("Action").selectOption({ label: "User updated" });
  const line = page.getByRole("row", { name: /User updated/ }).first();
  await line.getByText(admin.email).waitFor();
  await line.getByText(/No → Yes/).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Export" }).click(),
  ]);
  assert.match(download.suggestedFilename(), /audit-log.*\.csv/);
  await close(page);
});

test("the platform is told in numbers, those of the API", async () => {
  const page = await openAs(app, admin, "/admin");
  const stats = await ask(page, "/admin/stats");
  for (const [name, count] of [["Users", stats.users], ["Creators", stats.creators], ["Students", stats.students],
    ["Stores", stats.stores], ["Fans", stats.fans]]) {
    const tile = page.locator(".tile", { has: page.locator("dt", { hasText: new RegExp(`^${name}$`) }) });
    assert.ok((await tile.locator("dd").textContent()).startsWith(String(count)), `${name}: ${count}`);
  }
  await close(page);
});

test("the pages of the platform are for its admins", async () => {
  const member = { email: "mia@platform.example", password: "correct horse battery" };
  app.server.command("user", "create", "--email", member.email, "--name", "Mia", "--password", member.password);
  const page = await openAs(app, member, "/admin/users");
  await page.getByText("Admins only").waitFor();
  await close(page);
});

test("an event whose store is not known waits, and can be tried again", async () => {
  const event = JSON.stringify({
    id: "evt_1", object: "event", type: "checkout.session.completed", created: Math.floor(Date.now() / 1000),
    data: { object: {
      id: "cs_1", object: "checkout.session", mode: "payment", payment_status: "paid", payment_intent: "pi_1",
      amount_total: 4900, currency: "usd", customer_details: { email: "late@x.example" }, metadata: { fanbase_store: "later" },
    } },
  });
  const t = Math.floor(Date.now() / 1000);
  const v1 = createHmac("sha256", stripeSecret).update(`${t}.${event}`).digest("hex");
  const sent = await fetch(`${app.server.address}/api/v1/webhooks/stripe`, {
    method: "POST", body: event, headers: { "content-type": "application/json", "stripe-signature": `t=${t},v1=${v1}` },
  });
  assert.equal(sent.status, 200);
  const page = await openAs(app, admin, "/admin/webhook-events");
  const line = page.locator(".fact-line", { hasText: "checkout.session.completed" });
  await line.getByText("Failed").waitFor();
  await line.getByRole("button", { name: "Try again" }).click();
  await page.getByText("It failed again").waitFor();
  await line.getByText("tried 2 times").waitFor();
  await page.getByLabel("Outcome").selectOption({ label: "Applied" });
  await page.getByText("No matching events.").waitFor();
  await close(page);
});

test("every page in both themes at two widths", async () => {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [360, 1440]) {
      const page = await openAs(app, admin, "/admin/users", { colorScheme, viewport: { width, height: 900 } });
      for (const [name, path, there] of [
        ["admin-users", "/admin/users", () => settled(page)],
        ["admin-user", "/admin/users?search=demo%20creator", async () => {
          await settled(page);
          await row(page, "Demo Creator").getByRole("link").click();
          await page.getByRole("complementary", { name: "Account" }).getByRole("heading", { level: 2 }).waitFor();
        }],
        ["admin-stats", "/admin", () => page.locator(".tile").first().waitFor()],
        ["admin-events", "/admin/webhook-events", () => page.locator(".fact-line").first().waitFor()],
        ["admin-audit-log", "/admin/audit-log", () => page.getByRole("row").nth(1).waitFor()],
      ]) {
        await page.goto(app.server.address + path);
        await there();
        await page.screenshot({ path: `${pictures}${name}-${colorScheme}-${width}.png`, animations: "disabled" });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= width, `${name} is ${wide} px wide at ${width} px`);
        await accessible(page, `${name}, ${colorScheme}, ${width} px`);
      }
      await close(page);
    }
  }
});

test("who lost a part of the app on the way is told, and can load the app again", async () => {
  const fans = await open(app, "/contacts");
  await fans.page.route(/split_settings.*\.wasm/, (route) => route.abort());
  await fans.page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Settings" }).click();
  await fans.page.getByText("This page could not be opened").waitFor();
  await fans.page.unroute(/split_settings.*\.wasm/);
  await fans.page.getByRole("button", { name: "Reload" }).click();
  await fans.page.getByRole("heading", { name: "Settings" }).waitFor();
  await fans.close();
});
