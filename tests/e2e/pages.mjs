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
