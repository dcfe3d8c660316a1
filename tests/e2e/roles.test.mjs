// An owner brings others into the store; what each sees and may do depends on the role.
import assert from "node:assert/strict";
import { test } from "node:test";

import { accessible, useApp } from "./app.mjs";
import { address, ask, close, look, open, openAs } from "./pages.mjs";

const app = useApp(200);
const password = "correct horse battery";

/** Somebody with an account who was invited, and has joined. */
async function joined(email, name, role) {
  app.server.command("user", "create", "--email", email, "--name", name, "--password", password);
  const owner = await open(app, "/settings/members");
  const { path } = await owner.api("/invitations", "POST", { email, role });
  await owner.close();
  const page = await openAs(app, { email, password }, path);
  await page.getByRole("button", { name: "Accept" }).click();
  await page.waitForURL(/\/contacts/);
  return page;
}

test("somebody is invited by a link, gets another role, and is removed", async () => {
  const owner = await open(app, "/settings/members");
  await owner.page.getByRole("button", { name: "Invite" }).click();
  await owner.dialog().getByRole("button", { name: "Invite" }).click();
  await owner.dialog().getByText(/address/i).first().waitFor();
  await owner.dialog().getByLabel("Email", { exact: true }).fill("rita@studio.example");
  await owner.dialog().getByLabel("Role").selectOption({ label: "Member" });
  await accessible(owner.page, "the form of an invitation");
  await owner.dialog().getByRole("button", { name: "Invite" }).click();
  const link = await owner.dialog().locator(".secret code").textContent();
  assert.ok(link.startsWith(`${owner.address}/invitation#`), link);
  await owner.dialog().getByRole("button", { name: "Done" }).click();
  await owner.page.getByRole("row", { name: /rita@studio.example/ }).waitFor();

  const rita = await (await app.browser.newContext()).newPage();
  await rita.goto(link);
  await rita.getByLabel("Your name").fill("Rita");
  await rita.getByLabel("Password").fill(password);
  await rita.getByRole("button", { name: "Create account and join" }).click();
  await rita.waitForURL(/\/contacts/);

  await owner.page.reload();
  const line = owner.page.getByRole("row", { name: /Rita.*Member/ });
  await line.getByRole("button", { name: "Change role: Rita" }).click();
  await owner.dialog().getByLabel("Role").selectOption({ label: "Guest" });
  await owner.dialog().getByRole("button", { name: "Save" }).click();
  await owner.toast("Saved");
  await owner.page.getByRole("row", { name: /Rita.*Guest/ }).getByRole("button", { name: "Remove: Rita" }).click();
  await owner.dialog().getByRole("button", { name: "Remove" }).click();
  await owner.toast("Rita was removed");
  await rita.reload();
  await rita.getByText(/no such store|No store yet/).first().waitFor();
  await rita.context().close();
  await owner.close();
});

test("an invitation is taken back", async () => {
  const owner = await open(app, "/settings/members");
  await owner.api("/invitations", "POST", { email: "late@studio.example", role: "SUBACCOUNT_GUEST" });
  await owner.page.reload();
  await owner.page.getByRole("button", { name: "Revoke: late@studio.example" }).click();
  await owner.dialog().getByRole("button", { name: "Revoke" }).click();
  await owner.toast("was revoked");
  await owner.page.getByText("No pending invitations.").waitFor();
  await owner.close();
});

test("a guest looks on: nothing to change, no money, no settings of the store", async () => {
  const guest = await joined("gus@studio.example", "Gus", "SUBACCOUNT_GUEST");
  await guest.locator(".row .person__name").first().waitFor();
  for (const name of ["Export", "Import"]) {
    assert.equal(await guest.getByRole("link", { name, exact: true }).count(), 0, name);
  }
  await guest.locator(".row[aria-selected]").first().getByRole("checkbox").click();
  await guest.getByText("1 selected").waitFor();
  assert.equal(await guest.locator(".bulk__actions button").count(), 1, "only the cross");
  await guest.goto(`${app.server.address}/store/${app.server.demo.slug}/contacts?type=lead`);
  await guest.locator(".row .person__name").first().click();
  const panel = guest.getByRole("complementary", { name: "Details" });
  await panel.getByRole("heading", { name: "Timeline" }).waitFor();
  for (const name of ["Edit", "Delete", "Add note"]) {
    assert.equal(await panel.getByRole("button", { name, exact: true }).count(), 0, name);
  }
  assert.equal(await panel.getByText("Total spent").count(), 0);
  await guest.getByRole("link", { name: "Settings" }).click();
  await guest.getByRole("navigation", { name: "Sections" }).waitFor();
  assert.deepEqual(await guest.getByRole("navigation", { name: "Sections" }).getByRole("link").allTextContents(),
    ["Members", "Your account"]);
  await close(guest);
});

test("a member works with the audience, and leaves", async () => {
  const member = await joined("mo@studio.example", "Mo", "SUBACCOUNT_USER");
  await member.getByRole("link", { name: "Import", exact: true }).waitFor();
  const store = app.server.demo.store_id;
  assert.equal((await ask(member, `/stores/${store}/api-keys`)).code, "forbidden");
  await member.goto(`${app.server.address}/store/${app.server.demo.slug}/settings/members`);
  await member.getByRole("row", { name: /Mo / }).getByRole("button", { name: "Leave: Mo" }).click();
  await member.getByRole("dialog").getByRole("button", { name: "Leave" }).click();
  await member.getByText(/no such store/).waitFor();
  await close(member);
});

test("the audit log of the store tells who did what", async () => {
  const owner = await open(app, "/settings/tags");
  const [tag] = await owner.api("/tags");
  await owner.api(`/tags/${tag.id}`, "PATCH", { name: "Told" });
  await owner.page.goto(address(owner, "/settings/audit-log"));
  const line = owner.page.getByRole("row", { name: /Tag updated/ });
  await line.getByText(`${tag.name} → Told`).waitFor();
  await line.getByText(owner.demo.email).waitFor();
  await owner.page.getByLabel("Action").selectOption({ label: "Customer deleted" });
  await owner.page.getByText("No matching entries.").waitFor();
  await owner.close();
});

test("another sign-in is ended", async () => {
  const here = await open(app, "/settings/account");
  const there = await open(app, "/contacts");
  await here.page.reload();
  const others = here.page.getByRole("button", { name: /^Sign out: / });
  await others.first().waitFor();
  const before = (await ask(here.page, "/me/sessions")).length;
  await others.first().click();
  await here.dialog().getByRole("button", { name: "Sign out" }).click();
  await here.toast("Signed out");
  assert.equal((await ask(here.page, "/me/sessions")).length, before - 1);
  await there.page.context().close();
  await here.close();
});

test("accounts that are no customers are hidden when the store says so", async () => {
  const owner = await open(app, "/settings");
  const before = await owner.api("/fans/counts");
  assert.ok(before.user > 0);
  const save = async () => {
    const saved = owner.page.waitForResponse((answer) => answer.request().method() === "PATCH");
    await owner.page.getByRole("button", { name: "Save" }).click();
    assert.ok((await saved).ok());
  };
  await owner.page.getByLabel(/List people with an account/).uncheck();
  await save();
  assert.equal((await owner.api("/fans/counts")).user, 0);
  // What is typed meanwhile stays.
  await owner.page.getByLabel("Name").fill("Half a name");
  await owner.page.getByRole("link", { name: `Fans ${before.total - before.user}`, exact: true }).waitFor();
  assert.equal(await owner.page.getByLabel("Name").inputValue(), "Half a name");
  await owner.page.getByLabel(/List people with an account/).check();
  await save();
  assert.equal((await owner.api("/fans/counts")).user, before.user);
  await owner.close();
});

test("the funnel shows the numbers of the API, and leads to who is registered only", async () => {
  const owner = await open(app, "");
  const conversion = await owner.api("/conversion");
  const step = (name) => owner.page.locator(".funnel__step", { hasText: name }).first().locator(".funnel__value");
  await step("Contacts and customers").waitFor();
  assert.equal(await step("Contacts and customers").textContent(), String(conversion.customers));
  assert.equal(await step("Have an account").textContent(), String(conversion.with_account));
  await owner.page.getByRole("link", { name: "Registered, never bought" }).click();
  await owner.settled();
  const { total } = await owner.api("/fans/counts?has_account=true&type=lead&type=user");
  assert.equal(Number(await owner.grid.getAttribute("aria-rowcount")), total + 1);
  await owner.close();
});

test("every page in both themes at two widths", async () => {
  await look(app, "members", "/settings/members", (fans) => fans.page.getByRole("row").nth(1).waitFor());
  await look(app, "audit-log", "/settings/audit-log", (fans) => fans.page.getByRole("row").nth(1).waitFor());
});
