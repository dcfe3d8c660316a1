// What a browser downloads: compressed when the app was built, and kept for as long as it holds.
import assert from "node:assert/strict";
import { test } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { request } from "node:http";

import { useApp } from "./app.mjs";

const app = useApp(10);

/** The answer to a request, its body as it came. */
function get(path, headers = {}) {
  return new Promise((resolve, reject) => {
    const sent = request(app.server.address + path, { headers }, async (answer) => {
      const body = Buffer.concat(await answer.toArray());
      resolve({ status: answer.statusCode, headers: answer.headers, body });
    });
    sent.once("error", reject).end();
  });
}

/** The files that the page asks for. */
async function files() {
  const page = (await get("/")).body.toString();
  return [...page.matchAll(/(?:href|src)="(\/[^"]+\.(?:js|wasm|css))"/g)].map(([, path]) => path);
}

test("files come as the browser prefers them, and are the same in each form", async () => {
  const paths = await files();
  assert.ok(paths.some((path) => path.endsWith(".wasm")) && paths.some((path) => path.endsWith(".css")), String(paths));
  for (const path of paths) {
    const [plain, gzip, brotli] = await Promise.all(
      ["identity", "gzip", "gzip, deflate, br, zstd"].map((accepted) => get(path, { "accept-encoding": accepted })),
    );
    assert.equal(plain.headers["content-encoding"], undefined);
    assert.equal(gzip.headers["content-encoding"], "gzip");
    assert.equal(brotli.headers["content-encoding"], "br");
    assert.ok(gunzipSync(gzip.body).equals(plain.body), path);
    assert.ok(brotliDecompressSync(brotli.body).equals(plain.body), path);
    for (const { status, headers } of [plain, gzip, brotli]) {
      assert.equal(status, 200);
      assert.match(headers.vary, /accept-encoding/i);
      assert.equal(headers["cache-control"], "public, max-age=31536000, immutable", path);
      assert.equal(headers["content-type"], plain.headers["content-type"]);
    }
    const tags = new Set([plain, gzip, brotli].map(({ headers }) => headers.etag));
    assert.equal(tags.size, 3, "each form has a tag of its own");
  }
});

test("the page itself is asked for again, and sent again only if it is another one", async () => {
  for (const path of ["/", "/login", "/store/any/contacts"]) {
    const first = await get(path, { "accept-encoding": "br" });
    assert.equal(first.headers["cache-control"], "no-cache");
    assert.equal(first.headers["content-encoding"], "br");
    const tag = first.headers.etag;
    const again = await get(path, { "accept-encoding": "br", "if-none-match": tag });
    assert.deepEqual([again.status, again.body.length, again.headers.etag], [304, 0, tag]);
    const other = await get(path, { "accept-encoding": "br", "if-none-match": '"another"' });
    assert.deepEqual([other.status, other.body.length], [200, first.body.length]);
  }
});

test("scripts and WebAssembly keep to their budget", async () => {
  const sum = async (coding) => {
    const bodies = (await files())
      .filter((path) => /\.(js|wasm)$/.test(path))
      .map(async (path) => (await get(path, { "accept-encoding": coding })).body.length);
    return (await Promise.all(bodies)).reduce((a, b) => a + b, 0) / 1024;
  };
  const [gzip, brotli] = [await sum("gzip"), await sum("br")];
  console.log(`scripts and WebAssembly: ${gzip.toFixed(1)} KiB with gzip, ${brotli.toFixed(1)} KiB with brotli`);
  assert.ok(gzip <= 450, `${gzip} KiB with gzip`);
  assert.ok(brotli <= 375, `${brotli} KiB with brotli`);
});
