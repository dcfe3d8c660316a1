// Measures the web app of a release server with a large audience: `cargo xtask bench web [ROWS]`.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";

import { chromium } from "playwright-core";

import { FansPage, quiet } from "./app.mjs";
import { coldLoad, drag, noticed, percentile, readOn } from "./measure.mjs";
import { startServer } from "./server.mjs";

const rows = Number(process.argv[2] ?? 1_000_000);
const executablePath = process.env.FANBASE_TEST_CHROMIUM;
const table = [];
const say = (what, measured, bar = "", met = "") => {
  table.push(`| ${what} | ${measured} | ${bar} | ${met === "" ? "" : met ? "yes" : "no"} |`);
  console.error(`${what}: ${measured}`);
};
const ms = (value) => `${Math.round(value)} ms`;
const spread = (times) => `${ms(percentile(times, 0.5))} / ${ms(percentile(times, 0.95))} / ${ms(Math.max(...times))}`;

/** What the page holds once nothing can be given back any more, in bytes. */
async function memory(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("HeapProfiler.collectGarbage");
  const { usedSize } = await devtools.send("Runtime.getHeapUsage");
  const wasm = await page.evaluate(() => window.measured.memory?.buffer.byteLength ?? 0);
  const nodes = await page.evaluate(() => document.getElementsByTagName("*").length);
  await devtools.detach();
  return { heap: usedSize, wasm, nodes };
}

/** Lighthouse's scores of a page, of a hundred each. */
function lighthouse(url, cookie, form) {
  const folder = mkdtempSync(join(tmpdir(), "fanbase-lighthouse-"));
  const [headers, report] = [join(folder, "headers.json"), join(folder, "report.json")];
  writeFileSync(headers, JSON.stringify({ Cookie: cookie }));
  const flags = ["--headless=new", ...quiet].join(" ");
  execFileSync(
    process.env.FANBASE_LIGHTHOUSE,
    [url, "--quiet", "--output=json", `--output-path=${report}`, `--extra-headers=${headers}`, `--chrome-flags=${flags}`,
      "--only-categories=performance,accessibility,best-practices", ...(form === "desktop" ? ["--preset=desktop"] : [])],
    { env: { ...process.env, CHROME_PATH: executablePath }, stdio: ["ignore", "inherit", "inherit"] },
  );
  const { categories, audits, finalDisplayedUrl } = JSON.parse(readFileSync(report, "utf8"));
  rmSync(folder, { recursive: true, force: true });
  if (!finalDisplayedUrl.endsWith("/contacts")) throw new Error(`Lighthouse saw ${finalDisplayedUrl}.`);
  const poor = Object.values(audits).filter(({ score, weight, scoreDisplayMode }) =>
    score !== null && score < 0.9 && scoreDisplayMode !== "informative" && weight !== 0);
  console.error(poor.map(({ id, score, displayValue }) => `  ${id}: ${score} ${displayValue ?? ""}`).join("\n"));
  return Object.fromEntries(Object.entries(categories).map(([name, { score }]) => [name, Math.round(score * 100)]));
}

const started = Date.now();
const server = await startServer(rows);
console.error(`${rows} rows imported in ${Math.round((Date.now() - started) / 1000)} s`);
const browser = await chromium.launch({ executablePath, args: quiet });
try {
  const app = { server, browser };
  const fans = await FansPage.open(app, {});
  const total = Number(await fans.grid.getAttribute("aria-rowcount")) - 1;
  const session = await fans.page.context().storageState();
  await fans.page.context().close();

  const loads = [];
  for (let i = 0; i < 10; i += 1) {
    const page = await coldLoad(app, "/contacts", session);
    loads.push((await noticed(page)).rows);
    if (i === 0) say("layout shift of a cold load", (await noticed(page)).shift.toFixed(3), "≤ 0.1", (await noticed(page)).shift <= 0.1);
    await page.context().close();
  }
  say("cold load to rows, median / p95 / most of 10", spread(loads), "≤ 1,500 ms", percentile(loads, 0.5) <= 1_500);

  const page = await coldLoad(app, "/contacts", session);
  // The server builds its ladder of ranks, and the page fills its cache of rows.
  for (let i = 0; i < 100; i += 1) await drag(page, (i * 0.381_966) % 1);
  await drag(page, 0);
  const jumps = [];
  const measured = [];
  for (let round = 0; round < 3; round += 1) {
    for (let i = 0; i < 200; i += 1) jumps.push(await drag(page, (i * 0.618_034 + round * 0.17) % 1));
    await drag(page, 0);
    measured.push(await memory(page));
  }
  say("drag of the scroll bar to the rows there, 600 of them", spread(jumps), "≤ 200 ms", percentile(jumps, 0.95) <= 200);
  const mib = (bytes) => `${(bytes / 1_048_576).toFixed(1)} MiB`;
  const series = (what) => measured.map((one) => what(one));
  const constant = (values) => values.at(-1) <= values[0] * 1.05;
  const heap = series((one) => one.heap), wasm = series((one) => one.wasm), nodes = series((one) => one.nodes);
  say("JavaScript heap after 200, 400, 600 drags", heap.map(mib).join(", "), "constant", constant(heap));
  say("WebAssembly memory after 200, 400, 600 drags", wasm.map(mib).join(", "), "constant", constant(wasm));
  say("elements in the page after 200, 400, 600 drags", nodes.join(", "), "constant", constant(nodes));

  const reading = await readOn(page, 900, 24);
  const seconds = reading.times.reduce((a, b) => a + b, 0) / 1000;
  say("frames per second while reading on, 1,440 pixels a second", (reading.times.length / seconds).toFixed(1), "60", reading.times.length / seconds >= 59);
  say("frames longer than 25 ms, of 900", reading.times.filter((time) => time > 25).length);
  say("gaps seen while reading on", reading.gaps, "0", reading.gaps === 0);
  say("most rows in the page", reading.rows, "≤ 60", reading.rows <= 60);
  await page.context().close();

  const cookie = session.cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  const url = `${server.address}/store/${server.demo.slug}/contacts`;
  for (const form of ["desktop", "mobile"]) {
    const scores = lighthouse(url, cookie, form);
    for (const [name, bar] of [["performance", 95], ["accessibility", 100], ["best-practices", 95]]) {
      say(`Lighthouse 12, ${form}: ${name}`, scores[name], `≥ ${bar}`, scores[name] >= bar);
    }
  }
  console.log(`\n${total.toLocaleString("en-US")} fans, ${cpus().length} cores, ${new Date().toISOString().slice(0, 10)}\n`);
  console.log(["| what | measured | bar | met |", "|---|---|---|---|", ...table].join("\n"));
} finally {
  await browser.close();
  await server.stop();
}
