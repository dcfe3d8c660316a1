// A creator keeps the store in order: its name, keys, fields and tags, and the own account.
import assert from "node:assert/strict";
import { test } from "node:test";

import { chromium } from "playwright-core";

import { accessible, quiet, useApp } from "./app.mjs";
import { look, open } from "./pages.mjs";

const app = useApp(300);

test("a key is made, shown once, used, and revoked", async () => {
  const fans = await open(app, "/settings/api-keys");
  await fans.page.getByRole("button", { name: "New key" }).click();
  await fans.dialog().getByRole("button", { name: "Create" }).click();
  await fans.dialog().getByText("A key needs a name").waitFor();
  await fans.dialog().getByLabel("What it is for").fill("Checkout");
  await accessible(fans.page, "the form of a key");
  await fans.dialog().getByRole("button", { name: "Create" }).click();
  const secret = await fans.dialog().locator(".secret code").textContent();
  const ask = () => fetch(`${fans.address}/api/v1/stores/${fans.demo.store_id}/fans/counts`, {
    headers: { authorization: `Bearer ${secret}` },
  });
  assert.equal((await ask()).status, 200);
  await fans.dialog().getByRole("button", { name: "Done" }).click();
  // It gets a successor, and both work for a day.
  await fans.page.getByRole("button", { name: "Replace: Checkout" }).click();
  await fans.dialog().getByLabel("The old key works for").selectOption({ label: "A day" });
  await fans.dialog().getByRole("button", { name: "Replace" }).click();
  const successor = await fans.dialog().locator(".secret code").textContent();
  assert.notEqual(successor, secret);
  assert.equal((await ask()).status, 200);
  await fans.dialog().getByRole("button", { name: "Done" }).click();
  const both = fans.page.getByRole("button", { name: "Revoke: Checkout" });
  await both.nth(1).waitFor();
  await both.first().click();
  await fans.dialog().getByRole("button", { name: "Revoke" }).click();
  await fans.toast("was revoked");
  await fans.page.getByRole("row", { name: /Checkout.*Revoked/ }).waitFor();
  await fans.page.getByRole("button", { name: "Revoke: Checkout" }).click();
  await fans.dialog().getByText(/refused from now on/).waitFor();
  await fans.dialog().getByRole("button", { name: "Revoke" }).click();
  await fans.toast("was revoked");
  await fans.page.getByRole("row", { name: /Checkout.*Revoked/ }).nth(1).waitFor();
  assert.equal((await ask()).status, 401);
  await fans.close();
});

test("a secret is copied on plain http too, and only then it is called copied", async () => {
  const { port } = new URL(app.server.address);
  const args = [...quiet, "--host-resolver-rules=MAP fanbase.example 127.0.0.1"];
  const browser = await chromium.launch({ executablePath: process.env.FANBASE_TEST_CHROMIUM, args });
  const fans = await open({ server: { ...app.server, address: `http://fanbase.example:${port}` }, browser }, "/settings/api-keys");
  assert.equal(await fans.page.evaluate(() => navigator.clipboard), undefined, "no secure origin");
  await fans.page.getByRole("button", { name: "New key" }).click();
  await fans.dialog().getByLabel("What it is for").fill("Copied");
  await fans.dialog().getByRole("button", { name: "Create" }).click();
  const secret = await fans.dialog().locator(".secret code").textContent();
  await fans.dialog().getByRole("button", { name: "Copy the key" }).click();
  await fans.toast("Copied");
  await fans.dialog().getByRole("button", { name: "Done" }).click();
  await fans.page.getByRole("button", { name: "New key" }).click();
  await fans.dialog().getByLabel("What it is for").focus();
  await fans.page.keyboard.press("Control+v");
  assert.equal(await fans.dialog().getByLabel("What it is for").inputValue(), secret);

  await fans.dialog().getByLabel("What it is for").fill("Not copied");
  await fans.dialog().getByRole("button", { name: "Create" }).click();
  await fans.page.evaluate(() => (document.execCommand = () => false));
  await fans.dialog().getByRole("button", { name: "Copy the key" }).click();
  await fans.toast("did not allow copying");
  await fans.close();
  await browser.close();
});

test("a tag is renamed, merged and deleted", async () => {
  const fans = await open(app, "/settings/tags");
  const tags = await fans.api("/tags");
  const [first, second] = tags;
  await fans.page.getByRole("button", { name: `Rename: ${first.name}`, exact: true }).click();
  await fans.dialog().getByLabel("Name").fill(second.name);
  await fans.dialog().getByRole("button", { name: "Save" }).click();
  await fans.dialog().getByRole("alert").waitFor();
  await fans.dialog().getByLabel("Name").fill("renamed");
  await fans.dialog().getByRole("button", { name: "Save" }).click();
  await fans.toast("Saved");
  await fans.page.getByRole("button", { name: "Merge: renamed" }).click();
  await fans.dialog().getByLabel("Into").selectOption({ label: `${second.name} (${second.customers.toLocaleString("en-US")} ${second.customers === 1 ? "fan" : "fans"})` });
  await fans.dialog().getByRole("button", { name: "Merge" }).click();
  await fans.toast("was merged");
  await fans.page.getByRole("button", { name: `Delete: ${second.name}`, exact: true }).click();
  await fans.dialog().getByText(/The fans themselves stay/).waitFor();
  await fans.dialog().getByRole("button", { name: "Delete" }).click();
  await fans.toast("was deleted");
  const left = (await fans.api("/tags")).map((tag) => tag.name);
  assert.equal(left.length, tags.length - 2);
  assert.ok(!left.includes("renamed") && !left.includes(second.name));
  await fans.close();
});

test("a field is added and renamed", async () => {
  const fans = await open(app, "/settings/fields");
  await fans.page.getByRole("button", { name: "New field" }).click();
  await fans.dialog().getByLabel("Label").fill("Studio Monitors");
  await fans.dialog().getByRole("button", { name: "Save" }).click();
  await fans.page.getByRole("button", { name: "Rename: Studio Monitors" }).click();
  await fans.dialog().getByLabel("Label").fill("Best Monitors");
  await fans.dialog().getByRole("button", { name: "Save" }).click();
  await fans.page.getByRole("row", { name: /Best Monitors studio_monitors/ }).waitFor();
  await fans.close();
});

test("the store and the account get other names", async () => {
  const fans = await open(app, "/settings");
  await fans.page.getByLabel("Name").fill("");
  await fans.page.getByRole("button", { name: "Save" }).click();
  await fans.page.getByText("A store needs a name.").waitFor();
  await fans.page.getByLabel("Name").fill("Another Name");
  await fans.page.getByRole("button", { name: "Save" }).click();
  await fans.page.locator(".store__name", { hasText: "Another Name" }).waitFor();
  await fans.page.getByRole("link", { name: "Your account" }).click();
  await fans.page.getByLabel("Your name").fill("Zelda Zed");
  await fans.page.getByRole("button", { name: "Save" }).click();
  await fans.page.locator(".sidebar__account", { hasText: "Zelda Zed" }).waitFor();
  await fans.close();
});

test("the password changes for who knows the present one", async () => {
  const fans = await open(app, "/settings/account");
  const change = async (current, next) => {
    await fans.page.getByLabel("Current password").fill(current);
    await fans.page.getByLabel("New password").fill(next);
    await fans.page.getByRole("button", { name: "Change the password" }).click();
  };
  await change(fans.demo.password, "short");
  await fans.page.locator('.field__note[data-bad]').waitFor();
  await change("not the password", "long enough for anybody");
  await fans.page.locator('.field__note[data-bad], .notice').first().waitFor();
  await change(fans.demo.password, "long enough for anybody");
  await fans.toast("The password was changed");
  await change("long enough for anybody", fans.demo.password);
  await fans.toast("The password was changed");
  await fans.close();
});

for (const section of ["", "/api-keys", "/fields", "/tags", "/account"]) {
  test(`settings${section} look right`, () =>
    look(app, `settings${section.replace("/", "-")}`, `/settings${section}`, (fans) =>
      fans.page.locator(".content :is(form, table, .content__note)").first().waitFor(),
    ));
}
