// A creator changes many fans at once.
import assert from "node:assert/strict";
import { test } from "node:test";

import { accessible, useApp } from "./app.mjs";

const app = useApp(12_000);

test("a range is picked with shift, and tagged", async () => {
  const fans = await app.fans();
  await fans.rows.nth(1).getByRole("checkbox").click();
  await fans.rows.nth(5).getByRole("checkbox").click({ modifiers: ["Shift"] });
  await fans.page.getByText("5 selected").waitFor();
  await fans.page.getByRole("button", { name: "Tag", exact: true }).click();
  await fans.dialog().getByLabel("Tags", { exact: true }).fill("picked");
  await accessible(fans.page, "the dialog of tags");
  await fans.dialog().getByRole("button", { name: "Tag", exact: true }).click();
  await fans.toast("5 of 5 changed");
  assert.equal((await fans.api("/fans/counts?tag=picked")).total, 5);
  await fans.close();
});

test("tags are completed, and those to take away are those that somebody has", async () => {
  const fans = await app.fans({ query: "?type=lead" });
  const [fan] = (await fans.api("/fans?type=lead&limit=50")).items.filter((fan) => fan.tags.length > 1);
  await fans.openFan(fan.email);
  await fans.page.keyboard.press("Escape");
  await fans.rows.first().getByRole("checkbox").click();
  await fans.page.getByRole("button", { name: "Remove tags" }).click();
  const offered = fans.dialog().getByRole("group", { name: "Tags to choose from" });
  assert.deepEqual((await offered.getByRole("button").allTextContents()).sort(), [...fan.tags].sort());
  await offered.getByRole("button", { name: fan.tags[0], exact: true }).click();
  assert.equal(await fans.dialog().getByLabel("Tags", { exact: true }).inputValue(), `${fan.tags[0]}, `);
  await accessible(fans.page, "tags to choose from");
  await fans.dialog().getByRole("button", { name: "Remove tags" }).click();
  await fans.toast("1 of 1 changed");
  // What is done is told beside the bar, not over it.
  const [toast, bar] = await Promise.all([".toast", ".bulk"].map((one) => fans.page.locator(one).first().boundingBox()));
  assert.ok(toast.y + toast.height <= bar.y || toast.x >= bar.x + bar.width, "the toast covers the bar");
  assert.ok(!(await fans.api(`/fans/${fan.id}`)).tags.includes(fan.tags[0]));
  await fans.close();
});

test("everyone who matches is tagged, ten thousand of them", async () => {
  const fans = await app.fans({ query: "?type=lead" });
  const { total } = await fans.api("/fans/counts?type=lead");
  assert.ok(total > 10_000);
  await fans.page.getByRole("checkbox", { name: /^Select all/ }).click();
  await fans.page.getByText(`All ${total.toLocaleString("en-US")} selected`).waitFor();
  await fans.page.getByRole("button", { name: "Tag", exact: true }).click();
  await fans.dialog().getByLabel("Tags", { exact: true }).fill("everyone");
  await fans.dialog().getByRole("button", { name: "Tag", exact: true }).click();
  await fans.page.locator(".toast", { hasText: "changed" }).waitFor({ timeout: 120_000 });
  assert.equal((await fans.api("/fans/counts?tag=everyone")).total, total);
  await fans.close();
});

test("deleting many has to be confirmed by their number", async () => {
  const fans = await app.fans({ query: "?search=gmail&type=lead" });
  const { total } = await fans.api("/fans/counts?search=gmail&type=lead");
  assert.ok(total > 100);
  await fans.page.getByRole("checkbox", { name: /^Select all/ }).click();
  await fans.page.getByRole("region").getByRole("button", { name: "Delete" }).click();
  const confirm = fans.dialog().getByRole("button", { name: /^Delete/ });
  assert.ok(await confirm.isDisabled());
  await fans.dialog().getByLabel(`Type ${total.toLocaleString("en-US")} to confirm`).fill(total.toLocaleString("en-US"));
  await confirm.click();
  await fans.page.locator(".toast", { hasText: "changed" }).waitFor({ timeout: 120_000 });
  assert.equal((await fans.api("/fans/counts?search=gmail&type=lead")).total, 0);
  await fans.page.getByRole("heading", { name: "Nobody matches" }).waitFor();
  await fans.close();
});
