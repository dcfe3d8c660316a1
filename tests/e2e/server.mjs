// A server of its own for every test file: the real binary on a fresh SQLite database with a
// demo audience.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const binary = process.env.FANBASE_TEST_BIN;
/** What Stripe signs its events with. */
export const stripeSecret = "whsec_of_the_browser_tests";

/** A port that nobody uses now. */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/**
 * Starts the server; returns its address, how to sign in, and how to stop it. With no rows it is
 * empty, and what it says to whoever starts it has the link to set it up.
 */
export async function startServer(rows) {
  if (!binary) throw new Error("FANBASE_TEST_BIN is not set: run `cargo xtask test`.");
  const folder = mkdtempSync(join(tmpdir(), "fanbase-e2e-"));
  const database = ["--database-url", `sqlite://${join(folder, "e2e.db")}`];
  const fill = ["--json", ...database, "demo", "--rows", String(rows), "--accounts", "50", "--without-sales"];
  const demo = rows > 0 ? JSON.parse(execFileSync(binary, fill, { encoding: "utf8" })) : null;
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const server = spawn(binary, [...database, "--log", "error", "--listen", `127.0.0.1:${port}`, "serve"], {
    stdio: ["ignore", "inherit", "pipe"],
    // Tests send as much as they like.
    env: {
      ...process.env, FANBASE_RATE_LIMIT: "0", FANBASE_RATE_LIMIT_ADDRESS: "0", FANBASE_STRIPE_WEBHOOK_SECRETS: stripeSecret,
    },
  });
  let said = "";
  server.stderr.on("data", (text) => {
    said += text;
    process.stderr.write(text);
  });
  const deadline = Date.now() + 30_000;
  while (!(await fetch(`${address}/readyz`).then((answer) => answer.ok, () => false))) {
    if (Date.now() > deadline) throw new Error("The server did not start.");
  }
  const stop = async () => {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  // A command of the binary on the same database, and what it prints.
  const command = (...words) => JSON.parse(execFileSync(binary, ["--json", ...database, ...words], { encoding: "utf8" }));
  return { address, demo, stop, said: () => said, command };
}
