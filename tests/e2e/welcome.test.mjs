// Somebody starts an empty server, sets it up by the link that it prints, and invites somebody else.
import assert from "node:assert/strict";
import { test } from "node:test";

import { accessible, pictures, useApp } from "./app.mjs";

const app = useApp(0);

async function visit(path, options = {}) {
  const context = await app.browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-US", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  await page.goto(new URL(path, app.server.address).href);
  return page;
}

/** A picture in both themes at two widths; nothing may be wider than the window, or inaccessible. */
async function look(name, path) {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [360, 1440]) {
      const page = await visit(path, { colorScheme, viewport: { width, height: 900 } });
      await page.getByLabel("Password").waitFor();
      await page.screenshot({ path: `${pictures}${name}-${colorScheme}-${width}.png` });
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width);
      await accessible(page, `${name}, ${colorScheme}, ${width} px`);
      await page.context().close();
    }
  }
}

/** The API, as whoever is signed in on a page. */
const ask = (page, method, path, body) =>
  page.evaluate(
    ([method, path, body]) =>
      fetch(path, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) })
        .then((answer) => answer.json()),
    [method, path, body],
  );

test("a server is set up, and somebody invited joins", async () => {
  const link = app.server.said().match(/http:\S+\/set-up#\S+/)[0];
  await look("set-up", link);
  const owner = await visit(link);
  await owner.getByLabel("Your name").fill("Olga");
  await owner.getByLabel("Email", { exact: true }).fill("olga@x.example");
  await owner.getByLabel("Password").fill("short");
  await owner.getByLabel("Name of your store").fill("Olga's Studio");
  assert.ok(await owner.getByRole("radio", { name: /^One creator/ }).isChecked());
  await owner.getByRole("radio", { name: /^Several creators/ }).check();
  await owner.getByRole("radio", { name: /^One creator/ }).check();
  await owner.getByRole("button", { name: "Create account and store" }).click();
  await owner.getByText("A password has at least 8 characters").waitFor();
  assert.equal(await owner.getByLabel("Email", { exact: true }).inputValue(), "olga@x.example", "nothing typed is lost");
  await owner.getByLabel("Password").fill("correct horse");
  await owner.getByRole("button", { name: "Create account and store" }).click();
  await owner.waitForURL(/\/store\/olga-s-studio/);
  // Accounts alone are nobody whom the store has brought: it invites to import.
  await owner.getByRole("heading", { name: "Nobody here yet" }).waitFor();
  await owner.getByRole("link", { name: "Import contacts" }).waitFor();
  await owner.getByRole("link", { name: "Overview" }).click();
  await owner.getByRole("heading", { name: "Nobody here yet" }).waitFor();

  const [store] = (await owner.evaluate(() => fetch("/api/v1/me").then((answer) => answer.json()))).stores;
  const invite = (email) =>
    ask(owner, "POST", `/api/v1/stores/${store.id}/invitations`, { email, role: "SUBACCOUNT_USER" });
  const { path } = await invite("mira@x.example");
  await look("invitation", path);
  const wrong = await visit("/invitation#guessed");
  await wrong.getByRole("heading", { name: "This invitation is no longer valid" }).waitFor();
  await wrong.getByText("Ask for a new one.").waitFor();
  assert.equal(await wrong.getByRole("button", { name: "Try again" }).count(), 0, "it can't help");
  const other = await owner.context().newPage();
  await other.goto(new URL(path, app.server.address).href);
  await other.getByText("is for mira@x.example, and you are signed in as olga@x.example").waitFor();

  const mira = await visit(path);
  await mira.getByText("You are invited to Olga's Studio, to work with its audience.").waitFor();
  await mira.getByLabel("Your name").fill("Mira");
  await mira.getByLabel("Password").fill("another horse");
  await mira.getByRole("button", { name: "Create account and join" }).click();
  await mira.waitForURL(/\/store\/olga-s-studio/);

  // Somebody with an account joins by signing in.
  await ask(owner, "POST", "/api/v1/stores", { name: "Second", slug: "second" });
  const stores = (await owner.evaluate(() => fetch("/api/v1/me").then((answer) => answer.json()))).stores;
  const second = stores.find((one) => one.slug === "second");
  const again = await ask(owner, "POST", `/api/v1/stores/${second.id}/invitations`,
    { email: "mira@x.example", role: "SUBACCOUNT_GUEST" });
  const anew = await visit(again.path);
  await anew.getByRole("button", { name: "I have an account" }).click();
  await anew.getByLabel("Password").fill("another horse");
  await anew.getByRole("button", { name: "Sign in and join" }).click();
  await anew.waitForURL(/\/store\//);
  const joined = await anew.evaluate(() => fetch("/api/v1/me").then((answer) => answer.json()));
  assert.deepEqual(joined.stores.map((one) => [one.slug, one.role]).sort(),
    [["olga-s-studio", "SUBACCOUNT_USER"], ["second", "SUBACCOUNT_GUEST"]]);
});
