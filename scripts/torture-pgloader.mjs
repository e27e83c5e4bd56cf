// Migrates each database of test/torture/ with pgloader, compares the result with the source, and writes
// test/torture/pgloader.json.
//   node scripts/torture-pgloader.mjs --server postgres://SUPERUSER@HOST:PORT/ [NAME …]
// The role needs CREATEDB, and pgloader must be on the PATH. `scripts/torture-page.mjs` makes a table of the results.
// @ts-check
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createJiti } from "jiti";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { server: { type: "string" } } });
const { server } = values;
if (server === undefined) {
  console.error("give the --server where databases can be made");
  process.exit(2);
}
const jiti = createJiti(import.meta.url);
/** @typedef {import("../test/torture/parse-case.ts").TortureCase} TortureCase */
/** @type {typeof import("../test/torture/parse-case.ts")} */
const { readCases } = await jiti.import("../test/torture/parse-case.ts");
/** @type {typeof import("../test/torture/judge-other.ts")} */
const { judge } = await jiti.import("../test/torture/judge-other.ts");
/** @type {typeof import("../test/torture/sqlite-side.ts")} */
const { makeDatabase } = await jiti.import("../test/torture/sqlite-side.ts");
/** @type {typeof import("../test/torture/postgres-side.ts")} */
const { openPostgres } = await jiti.import("../test/torture/postgres-side.ts");

const FILE = fileURLToPath(new URL("../test/torture/pgloader.json", import.meta.url));
const TIMEOUT_MS = 60_000;
const LANES = 3;
const home = mkdtempSync(join(tmpdir(), "changeover-pgloader-"));
const admin = openPostgres(server);
/** @type {Record<string, { outcome: string, detail: string }>} */
const results = positionals.length === 0 || !existsSync(FILE) ? {} : JSON.parse(readFileSync(FILE, "utf8"));
const waiting = readCases().filter(
  ({ name }) => positionals.length === 0 || positionals.some((part) => name.includes(part)),
);
try {
  await Promise.all(Array.from({ length: LANES }, (_, lane) => work(`changeover_torture_${process.pid}_${lane}`)));
} finally {
  await admin.end();
  rmSync(home, { recursive: true, force: true });
}
const outcomes = Object.values(results).map(({ outcome }) => outcome);
console.log(
  [...new Set(outcomes)]
    .map((outcome) => `${outcome}: ${outcomes.filter((other) => other === outcome).length}`)
    .join(", "),
);

/** @param {string} name */
async function work(name) {
  for (let torture = waiting.shift(); torture !== undefined; torture = waiting.shift()) {
    const result = await load(torture, name).catch((error) => ({ outcome: "not tried", detail: String(error) }));
    results[torture.name] = result;
    console.log(`${torture.name.padEnd(48)} ${result.outcome}: ${result.detail}`);
    writeFileSync(
      FILE,
      `${JSON.stringify(Object.fromEntries(Object.entries(results).sort(([a], [b]) => (a < b ? -1 : 1))), null, 1)}\n`,
    );
  }
  await admin.unsafe(`drop database if exists "${name}"`);
}

/**
 * @param {TortureCase} torture
 * @param {string} name
 */
async function load(torture, name) {
  const folder = join(home, torture.name.replace("/", "-"));
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "app.db");
  // Keep it open, so that changes in a -wal file stay there.
  const database = makeDatabase(path, torture.sql);
  await admin.unsafe(`drop database if exists "${name}"`);
  await admin.unsafe(`create database "${name}"`);
  const url = new URL(String(server));
  url.pathname = `/${name}`;
  const target = openPostgres(url.href);
  try {
    if (torture.before !== "") await target.unsafe(torture.before);
    const run = await pgloader(path, url.href, folder);
    return await judge({ database, target, run });
  } finally {
    await target.end();
    database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} source
 * @param {string} target
 * @param {string} folder
 * @returns {Promise<{ code: number | null, output: string }>} without an exit code if it hung
 */
function pgloader(source, target, folder) {
  return new Promise((resolve, reject) => {
    const child = spawn(
      "pgloader",
      ["--root-dir", join(folder, "pgloader"), `sqlite://${source}`, target.replace("postgres:", "postgresql:")],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    const timer = setTimeout(() => child.kill("SIGKILL"), TIMEOUT_MS);
    let output = "";
    const add = (/** @type {Buffer} */ chunk) => {
      if (output.length < 1_000_000) output += chunk.toString("utf8");
    };
    child.stdout.on("data", add);
    child.stderr.on("data", add);
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve({ code, output });
    });
  });
}
