// The app as the tests use it: a browser, somebody who signs in, and the pages by what is on them.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before } from "node:test";

import AxeBuilder from "@axe-core/playwright";
import { chromium } from "playwright-core";

import { startServer } from "./server.mjs";

/** What keeps Chromium from talking to anybody but us. */
export const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** Where pictures of the pages are put. */
export const pictures = new URL("./screenshots/", import.meta.url).pathname;

/** A server and a browser for all tests of a file; `prepare` is given the server. */
export function useApp(rows, prepare = () => {}) {
  const app = {};
  before(async () => {
    mkdirSync(pictures, { recursive: true });
    app.server = await startServer(rows);
    prepare(app.server);
    app.browser = await chromium.launch({ executablePath: process.env.FANBASE_TEST_CHROMIUM, args: quiet });
  });
  after(async () => {
    await app.browser?.close();
    await app.server?.stop();
  });
  app.fans = async (options = {}) => FansPage.open(app, options);
  return app;
}

/** No violation that axe knows. */
export async function accessible(page, what) {
  // Not among the rules that are on by themselves: who speaks to a computer says what is seen.
  const rules = { "label-content-name-mismatch": { enabled: true } };
  const { violations } = await new AxeBuilder({ page }).options({ rules }).analyze();
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes[0].html]), [], `axe on ${what}`);
}

/** The fans page of somebody who is signed in. */
export class FansPage {
  constructor(page, app) {
    this.page = page;
    this.demo = app.server.demo;
    this.address = app.server.address;
    this.grid = page.getByRole("grid", { name: "Fans" });
    this.rows = page.locator(".row[aria-selected]");
  }

  static async open(app, { query = "", ...options }) {
    const context = await app.browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-US", ...options });
    const page = await context.newPage();
    const fans = new FansPage(page, app);
    fans.problems = [];
    page.on("pageerror", (error) => fans.problems.push(error.message));
    const { email, password, slug } = fans.demo;
    await page.goto(`${fans.address}/login?next=${encodeURIComponent(`/store/${slug}/contacts${query}`)}`);
    await page.getByLabel("Email", { exact: true }).fill(email);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await fans.settled();
    return fans;
  }

  /** Waits until the rows are those that the address asks for. */
  async settled() {
    await this.page.locator('.list[aria-busy="false"]').waitFor();
    await this.page.locator(".row--skeleton").first().waitFor({ state: "detached" });
  }

  /** How many fans there are, once the list says so too: rows may come before. */
  async total() {
    const { total } = await this.api("/fans/counts");
    await this.page.locator(`[aria-rowcount="${total + 1}"]`).waitFor();
    return total;
  }

  /** The e-mail addresses or names in the rows that are drawn, in their order. */
  names() {
    return this.page.locator(".row .person__name").allTextContents();
  }

  /** Asks the API itself, as the same person. */
  api(path, method = "GET", body = undefined, headers = {}) {
    return this.page.evaluate(
      async ([url, method, body, headers]) => {
        const answer = await fetch(url, {
          method,
          headers: { ...(body ? { "content-type": "application/json" } : {}), ...headers },
          body: body && JSON.stringify(body),
        });
        return answer.status === 204 ? null : answer.json();
      },
      [`/api/v1/stores/${this.demo.store_id}${path}`, method, body, headers],
    );
  }

  /** Opens the first fan that a search finds. */
  async openFan(search) {
    await this.page.getByRole("searchbox", { name: "Search fans" }).fill(search);
    await this.page.waitForURL((url) => url.searchParams.get("search") === search);
    await this.settled();
    await this.rows.first().getByRole("link").click();
    await this.panel().getByRole("heading", { level: 2 }).waitFor();
  }

  panel() {
    return this.page.getByRole("complementary", { name: "Details" });
  }

  dialog() {
    return this.page.getByRole("dialog");
  }

  async toast(text) {
    await this.page.locator(".toast", { hasText: text }).first().waitFor();
  }

  async close() {
    assert.deepEqual(this.problems, [], "errors of the page");
    await this.page.context().close();
  }
}
