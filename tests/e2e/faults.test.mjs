// What a creator sees when something goes wrong.
import assert from "node:assert/strict";
import { test } from "node:test";

import { accessible, useApp } from "./app.mjs";

const app = useApp(200);

const problem = (status, code) => ({
  status,
  contentType: "application/problem+json",
  body: JSON.stringify({ type: "about:blank", title: code, status, detail: `It is ${code}.`, code, request_id: "r-42" }),
});

test("each failure of the list is told, with the id of the request, and can be tried again", async () => {
  const fans = await app.fans();
  for (const [status, code] of [[403, "forbidden"], [404, "not_found"], [409, "conflict"], [413, "too_large"],
    [429, "too_many_requests"], [500, "internal"], [503, "unavailable"]]) {
    await fans.page.route(/\/fans\?/, (route) => route.fulfill(problem(status, code)));
    await fans.page.reload();
    const alert = fans.page.getByRole("alert");
    await alert.getByText(`It is ${code}.`).waitFor();
    await alert.getByText("r-42").waitFor();
    await accessible(fans.page, `status ${status}`);
    await fans.page.unroute(/\/fans\?/);
    await alert.getByRole("button", { name: "Try again" }).click();
    await fans.settled();
    assert.ok((await fans.names()).length > 5);
  }
  await fans.close();
});

test("a server that is down is told, and the rows that are there stay", async () => {
  const fans = await app.fans();
  await fans.page.route(/\/fans\?/, (route) => route.abort());
  await fans.page.reload();
  await fans.page.getByText(/can't be reached/).waitFor();
  await fans.page.unroute(/\/fans\?/);
  await fans.page.getByRole("button", { name: "Try again" }).click();
  await fans.settled();
  await fans.close();
});

test("a session that has ended is renewed over the page, and what was asked for goes on", async () => {
  const fans = await app.fans({ query: "?search=a" });
  const again = fans.page.getByRole("dialog", { name: "Sign in again" });
  const signIn = async (password) => {
    await again.getByLabel("Password").fill(password);
    await again.getByRole("button", { name: "Sign in" }).click();
  };
  await fans.page.route(/\/fans\?/, (route) => route.fulfill(problem(401, "unauthenticated")));
  await fans.page.getByRole("searchbox", { name: "Search fans" }).fill("ab");
  await again.waitFor();
  await accessible(fans.page, "the question for the password");
  await signIn("wrong");
  await again.getByText("The e-mail address or the password is wrong.").waitFor();
  await fans.page.unroute(/\/fans\?/);
  await signIn(fans.demo.password);
  await again.waitFor({ state: "detached" });
  await fans.settled();
  assert.match(fans.page.url(), /search=ab/);

  const [customer] = (await fans.api("/customers?sort=name&limit=1")).items;
  await fans.openFan(customer.email);
  await fans.panel().getByRole("button", { name: "Edit" }).click();
  await fans.dialog().getByLabel("Alias").fill("Typed before");
  await fans.page.route(/\/customers\//, (route) => route.fulfill(problem(401, "unauthenticated")));
  await fans.dialog().getByRole("button", { name: "Save" }).click();
  await again.waitFor();
  assert.equal(await fans.page.getByLabel("Alias").inputValue(), "Typed before");
  await fans.page.unroute(/\/customers\//);
  await signIn(fans.demo.password);
  await fans.toast("Saved");
  assert.equal((await fans.api(`/customers/${customer.id}`)).alias, "Typed before");
  await fans.close();
});

test("who is somebody else by now is led to the sign-in page, and back", async () => {
  const fans = await app.fans({ query: "?search=a" });
  await fans.page.route(/\/fans\?/, (route) => route.fulfill(problem(401, "unauthenticated")));
  await fans.page.getByRole("searchbox", { name: "Search fans" }).fill("ab");
  await fans.page.getByRole("button", { name: "Leave this page" }).click();
  await fans.page.waitForURL(/\/login\?next=/);
  await fans.page.unroute(/\/fans\?/);
  await fans.page.getByLabel("Email", { exact: true }).fill(fans.demo.email);
  await fans.page.getByLabel("Password").fill(fans.demo.password);
  await fans.page.getByRole("button", { name: "Sign in" }).click();
  await fans.page.waitForURL(/search=ab/);
  await fans.settled();
  await fans.close();
});

test("a request that was given up is never sent under a later sign-in", async () => {
  const fans = await app.fans();
  const again = fans.page.getByRole("dialog", { name: "Sign in again" });
  const [customer] = (await fans.api("/customers?sort=name&limit=1")).items;
  await fans.openFan(customer.email);
  let deletions = 0;
  await fans.page.route(/\/customers\/[0-9a-f-]{36}$/, (route) => {
    if (route.request().method() !== "DELETE") return route.continue();
    deletions += 1;
    return route.fulfill(problem(401, "unauthenticated"));
  });
  await fans.panel().getByRole("button", { name: "Delete", exact: true }).click();
  await fans.dialog().getByRole("button", { name: "Delete", exact: true }).click();
  await again.getByRole("button", { name: "Leave this page" }).click();
  await fans.page.waitForURL(/\/login/);
  await fans.page.unroute(/\/customers\/[0-9a-f-]{36}$/);
  fans.page.on("request", (request) => (deletions += request.method() === "DELETE" ? 1 : 0));
  await fans.page.getByLabel("Email", { exact: true }).fill(fans.demo.email);
  await fans.page.getByLabel("Password").fill(fans.demo.password);
  await fans.page.getByRole("button", { name: "Sign in" }).click();
  await fans.settled();

  // The next session ends as well, and is renewed over the page.
  await fans.page.route(/\/fans\?/, (route) => route.fulfill(problem(401, "unauthenticated")));
  await fans.page.getByRole("searchbox", { name: "Search fans" }).fill("ab");
  await again.getByLabel("Password").fill(fans.demo.password);
  await fans.page.unroute(/\/fans\?/);
  await again.getByRole("button", { name: "Sign in" }).click();
  await again.waitFor({ state: "detached" });
  await fans.settled();
  assert.equal(deletions, 1);
  assert.equal((await fans.api(`/customers/${customer.id}`)).id, customer.id);
  await fans.close();
});

test("the question for the password keeps what is typed, has the focus, and is not left by Escape", async () => {
  const fans = await app.fans();
  const again = fans.page.getByRole("dialog", { name: "Sign in again" });
  await fans.page.getByRole("link", { name: /^Leads/ }).click();
  await fans.settled();
  await fans.page.route(/\/(fans|views)/, (route) => route.fulfill(problem(401, "unauthenticated")));
  await fans.page.getByRole("button", { name: "Views" }).click();
  await again.waitFor();
  await fans.page.keyboard.type("half of the pass");
  await fans.page.keyboard.press("Escape");
  await fans.page.keyboard.press("Escape");
  // Another request finds the session ended.
  const asked = fans.page.waitForResponse(/\/fans\?/);
  await fans.page.evaluate(() => history.back());
  await asked;
  assert.equal(await again.getByLabel("Password").inputValue(), "half of the pass");
  await fans.page.unroute(/\/(fans|views)/);
  await again.getByLabel("Password").fill(fans.demo.password);
  await again.getByRole("button", { name: "Sign in" }).click();
  await again.waitFor({ state: "detached" });
  await fans.close();
});

test("an answer that is out of date is not shown", async () => {
  const fans = await app.fans();
  let first = true;
  await fans.page.route(/\/fans\?.*search=/, async (route) => {
    if (route.request().url().includes("search=zzz") && first) {
      first = false;
      const answer = await route.fetch();
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      await route.fulfill({ response: answer }).catch(() => {});
    } else {
      await route.continue();
    }
  });
  const search = fans.page.getByRole("searchbox", { name: "Search fans" });
  await search.fill("zzz");
  await fans.page.waitForURL(/search=zzz/);
  await search.fill("gmail");
  await fans.page.waitForURL(/search=gmail/);
  await fans.settled();
  await fans.page.waitForResponse(/search=zzz/).catch(() => {});
  assert.ok((await fans.names()).length > 0);
  await fans.close();
});

test("a form that could not be saved keeps what was typed", async () => {
  const fans = await app.fans();
  const [customer] = (await fans.api("/customers?sort=name&limit=1")).items;
  await fans.openFan(customer.email);
  await fans.panel().getByRole("button", { name: "Edit" }).click();
  await fans.dialog().getByLabel("Alias").fill("Keep me");
  await fans.page.route(/\/customers\//, (route) =>
    route.request().method() === "PATCH" ? route.fulfill(problem(500, "internal")) : route.continue());
  await fans.dialog().getByRole("button", { name: "Save" }).click();
  await fans.dialog().getByText("It is internal.").waitFor();
  assert.equal(await fans.dialog().getByLabel("Alias").inputValue(), "Keep me");
  await fans.page.unroute(/\/customers\//);
  await fans.dialog().getByRole("button", { name: "Save" }).click();
  await fans.toast("Saved");
  await fans.close();
});

test("pages that are none say so", async () => {
  const fans = await app.fans();
  for (const [path, heading] of [["/nowhere", "There is no such page"], ["/store/other/contacts", "There is no such store"]]) {
    await fans.page.goto(`${fans.address}${path}`);
    await fans.page.getByRole("heading", { name: heading }).waitFor();
    await accessible(fans.page, path);
  }
  await fans.close();
});

test("without JavaScript the page says what it needs", async () => {
  const page = await (await app.browser.newContext({ javaScriptEnabled: false })).newPage();
  await page.goto(`${app.server.address}/`);
  await page.getByText(/allow JavaScript and WebAssembly/).waitFor();
  await page.context().close();
});
