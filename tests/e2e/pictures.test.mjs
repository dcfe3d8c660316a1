// Every page in both themes and at three widths: no violation, nothing wider than the window, and
// a picture to look at.
import assert from "node:assert/strict";
import { test } from "node:test";

import { accessible, pictures, useApp } from "./app.mjs";

const app = useApp(1_000);

const scenes = {
  fans: async () => {},
  selection: async (fans) => {
    await fans.rows.nth(1).getByRole("checkbox").click();
    await fans.rows.nth(3).getByRole("checkbox").click();
  },
  filters: async (fans) => {
    await fans.page.goto(`${fans.address}/store/${fans.demo.slug}/contacts?tag=Newsletter&active=365d&min_score=10`);
    await fans.settled();
    await fans.page.getByRole("button", { name: "Filter", exact: true }).click();
  },
  fan: async (fans) => {
    await fans.page.goto(`${fans.address}/store/${fans.demo.slug}/contacts?type=lead&sort=-score`);
    await fans.settled();
    await fans.rows.nth(1).getByRole("link").click();
    await fans.panel().getByRole("heading", { name: "Timeline" }).waitFor();
  },
  edit: async (fans) => {
    await scenes.fan(fans);
    await fans.panel().getByRole("button", { name: "Edit" }).click();
    await fans.dialog().getByLabel("Email", { exact: true }).waitFor();
  },
};

for (const [name, arrange] of Object.entries(scenes)) {
  for (const colorScheme of ["light", "dark"]) {
    test(`${name}, ${colorScheme}`, async () => {
      for (const width of [360, 768, 1440]) {
        const fans = await app.fans({ colorScheme, viewport: { width, height: 900 } });
        await arrange(fans);
        await fans.page.screenshot({ path: `${pictures}${name}-${colorScheme}-${width}.png`, animations: "disabled" });
        const wide = await fans.page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= width, `${name} is ${wide} px wide at ${width} px`);
        await accessible(fans.page, `${name}, ${colorScheme}, ${width} px`);
        await fans.close();
      }
    });
  }
}

test("the sign-in page", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await (await app.browser.newContext({ colorScheme })).newPage();
    await page.goto(`${app.server.address}/login`);
    await page.getByLabel("Email", { exact: true }).waitFor();
    await accessible(page, `the sign-in page, ${colorScheme}`);
    await page.screenshot({ path: `${pictures}login-${colorScheme}.png` });
    await page.context().close();
  }
});
