import { spawn } from "node:child_process";
import { mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { generate } from "./generate.ts";
import type { WriterSummary } from "./tally.ts";

/**
 * The main job in one go: a live SQLite database, a process that keeps writing to it, and changeover bringing it to
 * an embedded PostgreSQL under that load.
 */
const { values } = parseArgs({
  options: { users: { type: "string", default: "10000" }, rate: { type: "string", default: "300" } },
});
const root = fileURLToPath(new URL("../../../", import.meta.url));
const home = join(root, ".changeover", "demo");
const changeover = join(root, "bin", "changeover.js");
const database = join(home, "game.db");

say('A game, "two truths and a lie", has outgrown SQLite. Watch it move to PostgreSQL while people play.\n');
await run(changeover, ["postgres", "stop", "--quiet"], { withoutTriggers: true });
rmSync(home, { recursive: true, force: true });
mkdirSync(home, { recursive: true });

say(`1. Making the game's database with ${count(Number(values.users))} users …`);
const made = await generate({ users: Number(values.users), out: database });
const rows = Object.values(made).reduce((sum, n) => sum + n, 0);
say(`   ${count(rows)} rows, ${Math.round(statSync(database).size / 1e6)} MB: ${database}\n`);

say(`2. Starting the players: a process of its own that writes ${values.rate} transactions a second …\n`);
const writer = run(
  join(root, "dist", "examples", "two-truths", "writer.js"),
  ["--db", database, "--rate", values.rate, "--quiet"],
  { withoutTriggers: true },
);

say("3. changeover full: capture, copy, catch up, verify, cut over. The players go on.");
const full = await run(
  changeover,
  [
    "full",
    "--yes",
    "--source",
    database,
    "--migrations-dir",
    join(root, "examples", "two-truths", "migrations"),
    "--json",
  ],
  {},
);
writer.child.kill("SIGTERM");
const players = JSON.parse((await writer).stdout.trim().split("\n").at(-1) ?? "{}") as WriterSummary;
const result = JSON.parse(full.stdout.trim().split("\n").at(-1) ?? "{}") as FullDocument;
if (full.code !== 0 || !result.ok) {
  say(`\nIt did not work: ${JSON.stringify(result)}`);
  process.exit(1);
}

const seconds = result.duration_ms / 1000;
say(`
Done. In plain words:
  · ${count(result.verified.rows)} rows are in PostgreSQL now; all of it took ${seconds.toFixed(1)} s, ${count(Math.round(result.verified.rows / seconds))} rows a second from the first look to the last check.
  · Every one of them was compared with SQLite, column by column: ${result.verified.differences} differences. What changed meanwhile was compared again.
  · The players committed ${count(players.committed)} transactions meanwhile. Writes were refused for ${result.downtime_ms} ms at the cutover; since then SQLite tells writers where the data went:
      "${players.first_refusal_message ?? "(nobody tried)"}"
  · Look at the result:
      psql ${result.url}
    It stays up until you stop it:  (cd ${join(".changeover", "demo")} && npx changeover postgres stop)
Now your own database:  npx changeover full --source path/to/your.db`);

interface FullDocument {
  readonly ok: boolean;
  readonly downtime_ms: number;
  readonly duration_ms: number;
  readonly verified: { readonly rows: number; readonly differences: number };
  readonly url: string;
}

/** Runs a script of ours in the demo's folder; its progress goes to the terminal. */
function run(script: string, args: readonly string[], options: { readonly withoutTriggers?: boolean }) {
  const { CHANGEOVER_TARGET: _target, DATABASE_URL: _url, ...environment } = process.env;
  mkdirSync(home, { recursive: true });
  const child = spawn(process.execPath, [script, ...args], {
    cwd: home,
    env: environment,
    stdio: ["ignore", "pipe", options.withoutTriggers === true ? "ignore" : "inherit"],
  });
  let stdout = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString("utf8");
  });
  const ended = new Promise<{ readonly code: number | null; readonly stdout: string }>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout }));
  });
  return Object.assign(ended, { child });
}

function count(n: number): string {
  return n.toLocaleString("en-US");
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
