// A platform reports what somebody learns, buys and subscribes to; the creator sees it at once.
import assert from "node:assert/strict";
import { test } from "node:test";

import { accessible, pictures, useApp } from "./app.mjs";
import { open } from "./pages.mjs";

const app = useApp(100);
const customer = { email: "lena@x.example", name: "Lena Sommer" };

/** Reports something, as a platform does. */
async function report(fans, path, body) {
  const answer = await fans.api(path, "POST", body);
  assert.ok(answer.reference, JSON.stringify(answer));
  return answer;
}

test("a free course, a purchase, a subscription and a refund are in the panel", async () => {
  const fans = await open(app, "/contacts");
  const course = { reference: "mixing", title: "Mixing in a week" };
  const enrollment = await report(fans, "/enrollments", { reference: "e-1", customer, course, progress: 40 });
  await fans.page.goto(`${fans.address}/store/${fans.demo.slug}/contacts?search=lena%40x.example`);
  await fans.settled();
  assert.equal(await fans.rows.first().locator(".badge").first().textContent(), "Lead");

  await report(fans, "/purchases", {
    reference: "order-1", customer, product: { reference: "drums", title: "Drum kit" }, payment: { amount: 4900 },
  });
  await report(fans, "/subscriptions", {
    reference: "sub-1", customer, plan: { reference: "club", title: "Club" }, status: "active",
    price: { amount: 900 }, interval: "month", payment: { amount: 900 },
  });
  await fans.api(`/enrollments/${enrollment.id}`, "PATCH", { progress: 100 });
  await report(fans, "/refunds", { reference: "refund-1", payment: "order-1", amount: 1900 });

  await fans.page.reload();
  await fans.settled();
  assert.equal(await fans.rows.first().locator(".badge").first().textContent(), "Subscriber");
  await fans.rows.first().getByRole("link").click();
  const section = (name) => fans.panel().locator(".panel__section", { has: fans.page.getByRole("heading", { name, exact: true }) });
  await section("Courses").getByText("Mixing in a week").waitFor();
  await section("Courses").getByText("100%").waitFor();
  await section("Subscriptions").getByText("Club").waitFor();
  await section("Subscriptions").getByText("$9.00 / month").waitFor();
  await section("Purchases").getByText("Drum kit").waitFor();
  await section("Payments").getByText("$49.00").waitFor();
  await section("Payments").getByText("$19.00 refunded").waitFor();
  await fans.panel().getByText("$39.00", { exact: true }).first().waitFor();
  for (const what of ["Enrolled", "Completed a course", "Bought", "Subscribed", "Refunded"]) {
    await section("Timeline").getByText(what, { exact: true }).first().waitFor();
  }
  await accessible(fans.page, "a customer with facts");
  await fans.page.screenshot({ path: `${pictures}facts-light-1440.png`, animations: "disabled" });
  await fans.close();
});

test("who has nothing has no empty sections", async () => {
  const fans = await open(app, "/contacts?type=lead&sort=created_at");
  await fans.settled();
  await fans.rows.first().getByRole("link").click();
  await fans.panel().getByRole("heading", { name: "Timeline" }).waitFor();
  for (const name of ["Courses", "Subscriptions", "Purchases", "Payments"]) {
    assert.equal(await fans.panel().getByRole("heading", { name, exact: true }).count(), 0, name);
  }
  await fans.close();
});

test("fans are filtered by course, progress and product", async () => {
  const fans = await open(app, "/contacts");
  await fans.settled();
  await fans.page.getByRole("button", { name: "Filter", exact: true }).click();
  await fans.page.getByRole("button", { name: "Course" }).click();
  await fans.page.getByLabel("Mixing in a week").check();
  await fans.page.waitForURL(/course=/);
  await fans.settled();
  assert.deepEqual(await fans.names(), [customer.name]);
  await fans.page.keyboard.press("Escape");
  await fans.page.locator(".chip", { hasText: "Mixing in a week" }).waitFor();
  await fans.page.goto(`${fans.page.url()}&max_progress=50`);
  await fans.page.getByText("Nobody matches").waitFor();
  await fans.close();
});

test("what somebody is worth is said, and what happened can be noted by hand", async () => {
  const fans = await open(app, "/contacts?search=lena%40x.example");
  await fans.settled();
  await fans.rows.first().getByRole("link").click();
  const section = (name) => fans.panel().locator(".panel__section", { has: fans.page.getByRole("heading", { name, exact: true }) });
  await section("Lifetime value").getByText("$39.00").first().waitFor();
  await section("Lifetime value").getByText("Expected in 12 months").waitFor();
  const timeline = section("Timeline");
  await timeline.getByText("Log activity").first().click();
  await timeline.getByRole("button", { name: "Log activity" }).click();
  await timeline.getByText("The text is blank.").waitFor();
  await timeline.getByRole("textbox", { name: "Notes" }).fill("Asked for a <b>refund</b>.");
  await timeline.getByRole("button", { name: "Log activity" }).click();
  await timeline.locator(".event", { hasText: "Asked for a <b>refund</b>." }).waitFor();
  await timeline.getByLabel("Show").selectOption({ label: "Logged by hand" });
  await timeline.locator(".event", { hasText: "Enrolled" }).waitFor({ state: "detached" });
  assert.equal(await timeline.locator(".event").count(), 1);
  await accessible(fans.page, "a timeline with something noted");
  await timeline.getByRole("button", { name: "Delete this entry" }).click();
  await fans.dialog().getByRole("button", { name: "Delete" }).click();
  await timeline.getByText("No activity yet.").waitFor();
  await fans.close();
});
