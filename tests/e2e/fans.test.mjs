// A creator finds fans: search, tabs, filters, order, columns, and the address that says it all.
import assert from "node:assert/strict";
import { test } from "node:test";

import { accessible, useApp } from "./app.mjs";

const app = useApp(1_000);

test("a wrong password is told, and what was typed stays", async () => {
  const page = await (await app.browser.newContext()).newPage();
  await page.goto(`${app.server.address}/login`);
  await page.getByLabel("Email", { exact: true }).fill(app.server.demo.email);
  await page.getByLabel("Password").fill("wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("The e-mail address or the password is wrong.").waitFor();
  assert.equal(await page.getByLabel("Email", { exact: true }).inputValue(), app.server.demo.email);
  await accessible(page, "the sign-in page");
  await page.context().close();
});

test("signing in from the start page leads to the fans, without loading anew", async () => {
  const page = await (await app.browser.newContext()).newPage();
  let loads = 0;
  page.on("load", () => (loads += 1));
  await page.goto(`${app.server.address}/`);
  await page.waitForURL(/\/login/);
  await page.getByLabel("Email", { exact: true }).fill(app.server.demo.email);
  await page.getByLabel("Password").fill(app.server.demo.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/store\/pause-play-repeat\/contacts/);
  await page.getByRole("heading", { name: "Fans" }).waitFor();
  assert.equal(loads, 1);
  await page.context().close();
});

test("the title and the tabs have the exact counts of the API", async () => {
  const fans = await app.fans();
  const counts = await fans.api("/fans/counts");
  await fans.page.getByText(counts.total.toLocaleString("en-US"), { exact: true }).first().waitFor();
  for (const [tab, count] of [["Leads", counts.lead], ["Registered", counts.user]]) {
    await fans.page.getByRole("link", { name: `${tab} ${count.toLocaleString("en-US")}`, exact: true }).waitFor();
  }
  assert.equal(await fans.grid.getAttribute("aria-rowcount"), String(counts.total + 1));
  await fans.close();
});

test("search, tab, filter and order are in the address, which can be passed on", async () => {
  const fans = await app.fans();
  const { page } = fans;
  await page.getByRole("searchbox", { name: "Search fans" }).fill("gmail");
  await page.waitForURL(/search=gmail/);
  await page.getByRole("link", { name: /^Leads/ }).click();
  await page.waitForURL(/type=lead/);
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByRole("button", { name: "Consent" }).click();
  await page.getByLabel("Subscribed", { exact: true }).check();
  await page.waitForURL(/consent=subscribed/);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Fan", exact: true }).click();
  await page.waitForURL(/sort=name/);
  await fans.settled();
  const shown = await fans.names();
  const expected = await fans.api("/fans?search=gmail&type=lead&consent=subscribed&sort=name&limit=20");
  assert.deepEqual(shown.slice(0, 12), expected.items.slice(0, 12).map((fan) => fan.name ?? fan.email));

  const other = await app.fans({ query: new URL(page.url()).search });
  assert.deepEqual((await other.names()).slice(0, 12), shown.slice(0, 12));
  assert.equal(await other.page.getByRole("searchbox", { name: "Search fans" }).inputValue(), "gmail");
  await other.close();

  await page.goBack();
  await fans.settled();
  assert.ok(!page.url().includes("sort="));
  await page.getByRole("button", { name: "Remove Consent" }).click();
  await page.waitForURL((url) => !url.search.includes("consent"));
  await fans.close();
});

test("the number below the list follows the tab, and who is selected does not leave the list", async () => {
  const fans = await app.fans();
  const { page } = fans;
  const counts = await fans.api("/fans/counts");
  const foot = (total) => page.locator(".list__foot", { hasText: new RegExp(`of ${total.toLocaleString("en-US")}$|of ${total.toLocaleString("en-US")}\\D`) });
  await foot(counts.total).waitFor();
  await fans.rows.first().getByRole("checkbox").click();
  await page.getByText("1 selected").waitFor();
  await page.getByRole("link", { name: /^Registered/ }).click();
  await foot(counts.user).waitFor();
  await page.getByText("1 selected").waitFor({ state: "detached" });
  await page.getByRole("link", { name: /^Leads/ }).click();
  await foot(counts.lead).waitFor();
  // Another order or other columns show the same people.
  await fans.settled();
  await fans.rows.first().getByRole("checkbox").click();
  await page.getByRole("button", { name: "Score", exact: true }).click();
  await page.waitForURL(/sort=-score/);
  await fans.settled();
  await page.getByText("1 selected").waitFor();
  await page.getByRole("searchbox", { name: "Search fans" }).fill("zzzz");
  await page.waitForURL(/search=zzzz/);
  await page.getByText("1 selected").waitFor({ state: "detached" });
  await fans.close();
});

test("a filter is found, chosen and left by keyboard alone", async () => {
  const fans = await app.fans();
  const { page } = fans;
  const [tag] = await fans.api("/tags");
  const focused = () => page.evaluate(() => document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent);
  const filter = page.getByRole("button", { name: "Filter", exact: true });
  await filter.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("searchbox", { name: "Filter by…" }).waitFor();
  await page.waitForFunction(() => document.activeElement.getAttribute("aria-label") === "Filter by…");
  await page.keyboard.type("spent");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement.type === "number");
  await page.keyboard.type("100");
  await page.keyboard.press("Enter");
  await page.waitForURL(/min_spent=10000/);
  await page.waitForFunction(() => document.activeElement !== document.body);
  assert.equal(await focused(), "Filter");

  // A value at once; and back from a kind to all of them.
  await page.keyboard.press("Enter");
  await page.getByRole("searchbox", { name: "Filter by…" }).fill("tag");
  await page.getByRole("button", { name: "Tag", exact: true }).click();
  await page.waitForFunction(() => document.activeElement.getAttribute("aria-label") === "Find a tag");
  await page.getByRole("button", { name: "All filters" }).click();
  await page.getByRole("searchbox", { name: "Filter by…" }).fill(tag.name);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.searchParams.get("tag") === tag.name);
  // The chip is called what it says.
  await page.getByRole("button", { name: `Tag ${tag.name}`, exact: true }).waitFor();
  await accessible(page, "filters");
  await fans.close();
});

test("columns and rows are chosen, and remembered", async () => {
  const fans = await app.fans();
  const { page } = fans;
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByLabel("Consent").check();
  await page.getByLabel("Profile").uncheck();
  await page.getByRole("button", { name: "Compact" }).click();
  await page.waitForURL(/columns=.*rows=compact/);
  await page.keyboard.press("Escape");
  await page.getByRole("columnheader", { name: "Consent" }).waitFor();
  await page.goto(`${fans.address}/store/${fans.demo.slug}/contacts`);
  await fans.settled();
  await page.getByRole("columnheader", { name: "Consent" }).waitFor();
  assert.equal(await page.getByRole("columnheader", { name: "Profile" }).count(), 0);
  assert.equal(await fans.grid.getAttribute("data-rows"), "compact");
  await fans.close();
});

test("nobody found is said, and how to see everyone again", async () => {
  const fans = await app.fans({ query: "?search=zzzzzzzz" });
  await fans.page.getByRole("heading", { name: "Nobody matches" }).waitFor();
  await accessible(fans.page, "nobody found");
  await fans.page.getByRole("link", { name: "Clear search and filters" }).click();
  await fans.settled();
  assert.ok((await fans.names()).length > 10);
  await fans.close();
});

test("the place in the list is kept over another page, and over a reload", async () => {
  const fans = await app.fans();
  const { page } = fans;
  await fans.total();
  await fans.grid.evaluate((grid) => (grid.scrollTop = 46 * 300));
  await page.locator(".list__foot", { hasText: /^301–/ }).waitFor();
  await fans.settled();
  await page.reload();
  await page.locator(".list__foot", { hasText: /^301–/ }).waitFor();
  await page.locator('.row[aria-rowindex="303"]:not(.row--skeleton)').waitFor();
  await page.getByRole("link", { name: "Overview" }).click();
  await page.getByRole("heading", { name: "Growth" }).waitFor();
  await page.goBack();
  await page.locator(".list__foot", { hasText: /^301–/ }).waitFor();
  // Another list starts at its start.
  await page.getByRole("link", { name: /^Leads/ }).click();
  await page.locator(".list__foot", { hasText: /^1–/ }).waitFor();
  await fans.close();
});

test("a saved view has the columns and rows that were chosen earlier", async () => {
  const fans = await app.fans();
  const { page } = fans;
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByLabel("Consent").check();
  await page.getByRole("button", { name: "Compact" }).click();
  await page.goto(`${fans.address}/store/${fans.demo.slug}/contacts?type=lead`);
  await fans.settled();
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByLabel("Name of the view").fill("Leads, compact");
  await page.getByRole("button", { name: "Save this view" }).click();
  await fans.toast("saved");
  const [view] = await fans.api("/views");
  assert.match(view.query, /columns=[^&]*consent.*rows=compact/);
  await fans.close();
});

test("a link in the list opens elsewhere with Ctrl, and selects nobody", async () => {
  const fans = await app.fans();
  const [other] = await Promise.all([
    fans.page.context().waitForEvent("page"),
    fans.rows.first().getByRole("link").click({ modifiers: ["ControlOrMeta"] }),
  ]);
  await other.waitForURL(/\/contacts\/[0-9a-f-]{36}/);
  assert.equal(await fans.page.locator('.row[aria-selected="true"]').count(), 0);
  await fans.close();
});

test("times keep counting, and days are those of the reader", async () => {
  // Somebody who only has an account: owners of stores are not among the fans.
  const student = { email: "student@x.example", password: "correct horse" };
  app.server.command("user", "create", "--email", student.email, "--name", "Stu", "--password", student.password);
  const headers = { "content-type": "application/json" };
  await fetch(`${app.server.address}/api/v1/auth/login`, { method: "POST", headers, body: JSON.stringify(student) });
  const context = await app.browser.newContext({ locale: "en-US", timezoneId: "America/Los_Angeles", viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(`${app.server.address}/login`);
  await page.getByLabel("Email", { exact: true }).fill(app.server.demo.email);
  await page.getByLabel("Password").fill(app.server.demo.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  // Whoever has just signed in was active just now.
  const active = page.locator(".row", { hasText: student.email }).locator("time");
  await active.waitFor();
  assert.equal(await active.textContent(), "just now");
  await page.clock.runFor("02:05:00");
  assert.equal(await active.textContent(), "2 h ago");
  const [request] = await Promise.all([
    page.waitForRequest(/\/fans\?.*created_after/),
    page.goto(`${app.server.address}/store/${app.server.demo.slug}/contacts?created_after=2026-01-01&created_before=2026-07-01`),
  ]);
  const asked = new URL(request.url()).searchParams;
  assert.equal(asked.get("created_after"), "2026-01-01T08:00:00.000Z");
  assert.equal(asked.get("created_before"), "2026-07-01T07:00:00.000Z");
  await context.close();
});

test("the palette never opens what was found for other letters", async () => {
  const fans = await app.fans();
  const { page } = fans;
  const [one, two] = (await fans.api("/fans?sort=name&limit=60")).items.filter((fan) => fan.name && fan.name.length > 6).slice(10);
  const palette = page.getByRole("combobox", { name: "Search fans and commands" });
  await page.keyboard.press("Control+k");
  await palette.fill(one.email);
  await page.getByRole("option", { name: one.email }).first().waitFor();
  await palette.fill(two.email);
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(`/contacts/${two.id}`));
  await fans.close();
});

test("the command palette finds fans and pages", async () => {
  const fans = await app.fans();
  const { page } = fans;
  const [fan] = (await fans.api("/fans?sort=name&limit=1")).items;
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Search fans and commands" }).fill(fan.email);
  await page.getByRole("option", { name: fan.email }).first().waitFor();
  await accessible(page, "the command palette");
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(`/contacts/${fan.id}`));
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Search fans and commands" }).fill("sett");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/settings$/);
  await fans.close();
});
