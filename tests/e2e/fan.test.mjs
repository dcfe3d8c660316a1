// A creator looks at one fan, and changes what is known.
import assert from "node:assert/strict";
import { test } from "node:test";

import { accessible, useApp } from "./app.mjs";

const app = useApp(300);

async function someone(fans, index = 0) {
  const page = await fans.api("/customers?sort=name&limit=50");
  return page.items[index];
}

test("the panel has an address, and shows what is known", async () => {
  const fans = await app.fans();
  const customer = await someone(fans);
  await fans.openFan(customer.email);
  assert.match(fans.page.url(), new RegExp(`/contacts/${customer.id}\\?search=`));
  await fans.panel().getByText(customer.email).first().waitFor();
  await fans.panel().getByRole("heading", { name: "Timeline" }).waitFor();
  await accessible(fans.page, "the panel");
  await fans.page.reload();
  await fans.panel().getByText(customer.email).first().waitFor();
  await fans.page.keyboard.press("Escape");
  await fans.page.waitForURL((url) => url.pathname.endsWith("/contacts"));
  await fans.close();
});

test("the panel says how a fan takes to e-mails", async () => {
  const fans = await app.fans();
  const attributes = { opens_email: "yes", clicks_links: "0", daw: "Ableton Live" };
  await fans.api("/customers", "POST", { email: "opener@mail.example", consent: "subscribed", attributes });
  await fans.openFan("opener@mail.example");
  const fact = (name) => fans.panel().locator(".fact", { hasText: name }).locator("dd");
  assert.equal(await fact("Opens emails").innerText(), "Yes");
  assert.equal(await fact("Clicks links").innerText(), "No");
  assert.equal(await fact("DAW").innerText(), "Ableton Live");
  assert.equal(await fans.panel().getByText("Opens Email", { exact: true }).count(), 0, "it is said once");
  await fans.close();
});

test("a change is checked before it is sent, and saved", async () => {
  const fans = await app.fans();
  const customer = await someone(fans, 1);
  await fans.openFan(customer.email);
  await fans.panel().getByRole("button", { name: "Edit" }).click();
  await fans.dialog().getByLabel("Email", { exact: true }).fill("nobody");
  await fans.dialog().getByRole("button", { name: "Save" }).click();
  await fans.dialog().getByText("This is not an e-mail address.").waitFor();
  await accessible(fans.page, "the form");
  await fans.dialog().getByLabel("Email", { exact: true }).fill(customer.email);
  await fans.dialog().getByLabel("First name").fill("Zelda");
  await fans.dialog().getByLabel("Tags", { exact: true }).fill("first thing, second thing");
  await fans.dialog().getByRole("button", { name: "Save" }).click();
  await fans.toast("Saved");
  const saved = await fans.api(`/customers/${customer.id}`);
  assert.equal(saved.first_name, "Zelda");
  assert.deepEqual(saved.tags, ["first thing", "second thing"]);
  await fans.panel().getByRole("heading", { name: /Zelda/ }).waitFor();
  await fans.close();
});

test("who was slower is shown both, and chooses", async () => {
  const fans = await app.fans();
  const customer = await someone(fans, 2);
  await fans.openFan(customer.email);
  await fans.panel().getByRole("button", { name: "Edit" }).click();
  await fans.dialog().getByLabel("Alias").fill("Mine");
  await fans.dialog().getByLabel("Phone").fill("+1 555 0100");
  await fans.api(`/customers/${customer.id}`, "PATCH", { alias: "Theirs", last_name: "Other" }, { "if-match": "*" });
  await fans.dialog().getByRole("button", { name: "Save" }).click();
  const conflict = fans.page.getByRole("dialog", { name: "Changed by somebody else" });
  await conflict.getByText("Theirs", { exact: true }).last().waitFor();
  await accessible(fans.page, "the conflict");
  await conflict.getByRole("radio", { name: /Keep mine/ }).check();
  await conflict.getByRole("button", { name: "Save", exact: true }).click();
  await fans.toast("Saved");
  const saved = await fans.api(`/customers/${customer.id}`);
  assert.deepEqual([saved.alias, saved.phone, saved.last_name], ["Mine", "+1 555 0100", "Other"]);
  await fans.close();
});

test("who keeps theirs sees theirs", async () => {
  const fans = await app.fans();
  const customer = await someone(fans, 5);
  await fans.openFan(customer.email);
  await fans.panel().getByRole("button", { name: "Edit" }).click();
  await fans.dialog().getByLabel("Alias").fill("Mine");
  await fans.api(`/customers/${customer.id}`, "PATCH", { alias: "The other one", tags: ["by another"] }, { "if-match": "*" });
  await fans.dialog().getByRole("button", { name: "Save" }).click();
  const conflict = fans.page.getByRole("dialog", { name: "Changed by somebody else" });
  await conflict.getByRole("radio", { name: /Keep theirs/ }).check();
  await conflict.getByRole("button", { name: "Save", exact: true }).click();
  await fans.panel().getByText("The other one").waitFor();
  await fans.panel().getByText("by another").waitFor();
  await fans.rows.first().getByText("by another").waitFor();
  await fans.close();
});

test("what is typed into a note stays while the fan is edited", async () => {
  const fans = await app.fans();
  await fans.openFan((await someone(fans, 6)).email);
  await fans.panel().getByLabel("Write a note").fill("Half a thought");
  await fans.panel().getByRole("button", { name: "Edit" }).click();
  await fans.dialog().getByLabel("Alias").fill("Edited");
  await fans.dialog().getByRole("button", { name: "Save" }).click();
  await fans.panel().getByText("Edited", { exact: true }).first().waitFor();
  assert.equal(await fans.panel().getByLabel("Write a note").inputValue(), "Half a thought");
  await fans.close();
});

test("notes are written and deleted, and the timeline tells", async () => {
  const fans = await app.fans();
  await fans.openFan((await someone(fans, 3)).email);
  await fans.panel().getByLabel("Write a note").fill("Asked about the mixing course.");
  await fans.panel().getByRole("button", { name: "Add note" }).click();
  await fans.panel().locator(".note", { hasText: "mixing course" }).waitFor();
  assert.equal(await fans.panel().getByLabel("Write a note").inputValue(), "");
  await fans.panel().getByRole("button", { name: "Delete note" }).click();
  await fans.dialog().getByRole("button", { name: "Delete" }).click();
  await fans.panel().getByText("No notes yet.").waitFor();
  await fans.close();
});

test("deleting asks, and says what is deleted", async () => {
  const fans = await app.fans();
  const customer = await someone(fans, 4);
  await fans.openFan(customer.email);
  await fans.panel().getByRole("button", { name: "Delete", exact: true }).click();
  await fans.dialog().getByText(/deleted for good/).waitFor();
  await fans.dialog().getByRole("button", { name: "Delete", exact: true }).click();
  await fans.toast("was deleted");
  assert.equal((await fans.api(`/customers/${customer.id}`)).code, "not_found");
  await fans.close();
});

test("a fan who is gone has a page that says so", async () => {
  const fans = await app.fans();
  await fans.page.goto(`${fans.address}/store/${fans.demo.slug}/contacts/0199f1c2-6a35-7c2e-9a57-3c1d2b8e4f10`);
  await fans.page.getByText("This fan was deleted").waitFor();
  await fans.close();
});
