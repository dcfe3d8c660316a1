// A creator does not wait: the dialog, the menu or the page is gone before the server has answered.
import assert from "node:assert/strict";
import { test } from "node:test";

import { useApp } from "./app.mjs";
import { address, open } from "./pages.mjs";

const app = useApp(200);

/** Holds the answer to the next request of a method and path until it is released. */
async function hold(page, method, path) {
  let release;
  const released = new Promise((resolve) => (release = resolve));
  const asked = new Promise((resolve) => {
    page.route(path, async (route) => {
      if (route.request().method() !== method) return route.fallback();
      resolve();
      await released;
      await route.continue();
    });
  });
  return {
    asked,
    async release() {
      const answered = page.waitForResponse((answer) => path.test(answer.url()) && answer.request().method() === method);
      release();
      await (await answered).finished();
      await page.unroute(path);
      // What the app does with the answer is done by then.
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
    },
  };
}

/** Does something, goes on before it is answered, and nothing is wrong afterwards. */
async function late(fans, [method, path], act, goOn) {
  const held = await hold(fans.page, method, path);
  await act();
  await held.asked;
  await goOn();
  await held.release();
  assert.deepEqual(fans.problems, []);
}

const escape = (fans) => async () => {
  await fans.page.keyboard.press("Escape");
  await fans.dialog().waitFor({ state: "detached" });
};
/** Goes back in the history, which a dialog does not prevent. */
const back = (fans) => async () => {
  const before = fans.page.url();
  await fans.page.evaluate(() => history.back());
  await fans.page.waitForURL((url) => url.href !== before);
};

test("fans who are deleted after their dialog was closed are gone from the list, and not selected", async () => {
  const fans = await app.fans({ query: "?type=lead" });
  const [first] = await fans.names();
  await fans.rows.first().getByRole("checkbox").click();
  await fans.page.getByRole("region").getByRole("button", { name: "Delete" }).click();
  await late(fans, ["POST", /\/fans\/bulk/], () => fans.dialog().getByRole("button", { name: /^Delete/ }).click(), escape(fans));
  await fans.toast("changed");
  await fans.page.getByText("1 selected").waitFor({ state: "detached" });
  await fans.settled();
  await fans.page.waitForFunction(
    (name) => document.querySelector(".row .person__name")?.textContent !== name, first);
  await fans.close();
});

test("tags, edits and deletions of fans are done though nobody waits", async () => {
  const fans = await app.fans();
  const { page } = fans;
  await fans.rows.nth(2).getByRole("checkbox").click();
  await page.getByRole("button", { name: "Tag", exact: true }).click();
  await fans.dialog().getByLabel("Tags", { exact: true }).fill("late");
  await late(fans, ["POST", /\/fans\/bulk/],
    () => fans.dialog().getByRole("button", { name: "Tag", exact: true }).click(), escape(fans));
  assert.equal((await fans.api("/fans/counts?tag=late")).total, 1);

  const [one, two] = (await fans.api("/customers?sort=name&limit=2")).items;
  await fans.openFan(one.email);
  await fans.panel().getByRole("button", { name: "Edit" }).click();
  await fans.dialog().getByLabel("Alias").fill("Late");
  await late(fans, ["PATCH", /\/customers\//], () => fans.dialog().getByRole("button", { name: "Save" }).click(), escape(fans));
  await fans.toast("Saved");
  await fans.panel().getByText("Late", { exact: true }).waitFor();

  await fans.openFan(two.email);
  await fans.panel().getByRole("button", { name: "Delete", exact: true }).click();
  await late(fans, ["DELETE", /\/customers\//],
    () => fans.dialog().getByRole("button", { name: "Delete", exact: true }).click(), back(fans));
  assert.equal((await fans.api(`/customers/${two.id}`)).code, "not_found");
  await fans.close();
});

test("a saved view is deleted though the question was closed, or the page left", async () => {
  const fans = await app.fans();
  for (const [name, goOn] of [["closed", escape], ["left", back]]) {
    await fans.api("/views", "POST", { name, query: "type=lead" });
    await fans.page.goto(address(fans, ""));
    await fans.page.getByRole("link", { name: /^Fans/ }).click();
    await fans.settled();
    await fans.page.getByRole("button", { name: "Views" }).click();
    await fans.page.getByRole("button", { name: `Delete the view ${name}` }).click();
    await late(fans, ["DELETE", /\/views\//],
      () => fans.dialog().getByRole("button", { name: "Delete", exact: true }).click(), goOn(fans));
    await fans.toast(`View “${name}” deleted`);
  }
  await fans.close();
});

test("settings are changed though the page was left", async () => {
  const fans = await open(app, "/contacts");
  const { page } = fans;
  const begin = async (section, button) => {
    await page.goto(address(fans, "/imports"));
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByRole("navigation", { name: "Sections" }).getByRole("link", { name: section }).click();
    await page.getByRole("button", { name: button }).first().click();
  };
  const [tag] = await fans.api("/tags");

  await begin("Tags", `Rename: ${tag.name}`);
  await fans.dialog().getByLabel("Name").fill("Renamed late");
  await late(fans, ["PATCH", /\/tags\//], () => fans.dialog().getByRole("button", { name: "Save" }).click(), back(fans));
  await fans.toast("Saved");

  await begin("Tags", "Merge: Renamed late");
  await fans.dialog().getByLabel("Into").selectOption({ index: 1 });
  await late(fans, ["POST", /\/merge/], () => fans.dialog().getByRole("button", { name: "Merge" }).click(), back(fans));
  await fans.toast("was merged");

  await begin("Custom fields", "New field");
  await fans.dialog().getByLabel("Label").fill("Added late");
  await late(fans, ["POST", /\/custom-fields/], () => fans.dialog().getByRole("button", { name: "Save" }).click(), back(fans));
  await fans.toast("Saved");
  await fans.close();
});

test("a key that is being made is shown: its dialog does not close before", async () => {
  const fans = await open(app, "/settings/api-keys");
  await fans.page.getByRole("button", { name: "New key" }).click();
  await fans.dialog().getByLabel("What it is for").fill("Checkout");
  await late(fans, ["POST", /\/api-keys/], () => fans.dialog().getByRole("button", { name: "Create" }).click(), async () => {
    await fans.page.keyboard.press("Escape");
    await fans.page.keyboard.press("Escape");
    await fans.dialog().getByRole("button", { name: "Create" }).waitFor();
  });
  await fans.dialog().locator(".secret code").waitFor();
  await fans.close();
});
