// Pages beside the fans, as somebody who is signed in sees them.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { accessible, FansPage, pictures } from "./app.mjs";

/** Opens a page of the demo store; `path` follows the store. */
export async function open(app, path, options = {}) {
  const fans = await FansPage.open(app, options);
  fans.page.setDefaultTimeout(10_000);
  await fans.page.goto(address(fans, path));
  return fans;
}

/** Opens a page as somebody else than the demo's creator. */
export async function openAs(app, who, path, options = {}) {
  const context = await app.browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-US", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.problems = [];
  page.on("pageerror", (error) => page.problems.push(error.message));
  await page.goto(`${app.server.address}/login?next=${encodeURIComponent(path)}`);
  await page.getByLabel("Email", { exact: true }).fill(who.email);
  await page.getByLabel("Password").fill(who.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(new URL(path, app.server.address).href);
  return page;
}

/** Closes a page, on which nothing may have gone wrong. */
export async function close(page) {
  assert.deepEqual(page.problems, [], "errors of the page");
  await page.context().close();
}

/** Asks the API as whoever is signed in on a page. */
export function ask(page, path, method = "GET", body = undefined) {
  return page.evaluate(
    async ([path, method, body]) => {
      const headers = body ? { "content-type": "application/json" } : {};
      const answer = await fetch(`/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
      return answer.status === 204 ? null : answer.json();
    },
    [path, method, body],
  );
}

/** The address of a page of the demo store. */
export function address(fans, path) {
  return `${fans.address}/store/${fans.demo.slug}${path}`;
}

/** A file of contacts, with everything that real files have. */
export function contacts(rows) {
  const file = join(mkdtempSync(join(tmpdir(), "fanbase-e2e-")), "contacts.csv");
  execFileSync(process.env.FANBASE_TEST_BIN, ["sample", file, "--rows", String(rows)]);
  return file;
}

/** Takes pictures of a page in both themes at two widths; nothing may be wider than the window, or inaccessible. */
export async function look(app, name, path, arrange) {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [360, 1440]) {
      const fans = await open(app, path, { colorScheme, viewport: { width, height: 900 } });
      await arrange(fans);
      await fans.page.screenshot({ path: `${pictures}${name}-${colorScheme}-${width}.png`, animations: "disabled" });
      const wide = await fans.page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `${name} is ${wide} px wide at ${width} px`);
      await accessible(fans.page, `${name}, ${colorScheme}, ${width} px`);
      await fans.close();
    }
  }
}
