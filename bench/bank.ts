// A bank of 20,000 accounts with two writers at full speed. Measures how soon it is in sync, how much of their speed
// the writers keep during the sync, and how long the cutover refuses writes. Each with a WAL and with a rollback
// journal.
//   npm run bench:bank -- [--rounds 3] [--seconds 8]
// "alone" and "next to" are the same writers in the same round, without and with the sync.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createClient } from "@libsql/client";
import { type EmbeddedPostgres, openEmbedded } from "../src/embedded/embedded.ts";
import { openMigration } from "../src/migration.ts";

const ACCOUNTS = 20_000;
const BIN = fileURLToPath(new URL("../bin/changeover.js", import.meta.url));
const WRITER = fileURLToPath(new URL("../test/support/full-speed-writer.mjs", import.meta.url));
const GIVE_UP_MS = 90_000;

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

interface Round {
  readonly mode: "wal" | "delete";
  readonly inSyncMs: number | null;
  readonly share: number;
  readonly cutoverMs: number;
  readonly downtimeMs: number | null;
  readonly load: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { rounds: { type: "string", default: "3" }, seconds: { type: "string", default: "8" } },
  });
  const home = mkdtempSync(join(tmpdir(), "changeover-bank-"));
  const embedded = await openEmbedded({ directory: join(home, "postgres") });
  try {
    for (let round = 1; round <= Number(values.rounds); round++)
      for (const mode of ["wal", "delete"] as const)
        console.log(JSON.stringify(await measure(embedded, { home, mode, round, seconds: Number(values.seconds) })));
  } finally {
    await embedded.release();
    rmSync(home, { recursive: true, force: true });
  }
}

interface Setting {
  readonly home: string;
  readonly mode: "wal" | "delete";
  readonly round: number;
  readonly seconds: number;
}

async function measure(embedded: EmbeddedPostgres, { home, mode, round, seconds }: Setting): Promise<Round> {
  const directory = mkdtempSync(join(home, `${mode}-`));
  const source = join(directory, "bank.db");
  const target = await embedded.database(`${mode}_${round}`);
  await makeBank(source, mode);
  const migration = openMigration({ source, target, migrationsDirectory: join(directory, "migrations") });
  await migration.schema({ write: true });
  await migration.migrations.up();
  await migration.close();
  const ends = ["--source", source, "--target", target, "--json", "--yes"];
  const writers = [1, 2].map((seed) => start([WRITER, source, String(ACCOUNTS), String(seed)], directory));
  await delay(1_000);
  const alone = await rateOf(writers, seconds);
  const load = Math.round((loadavg()[0] ?? 0) * 10) / 10;
  const began = performance.now();
  const sync = start([BIN, "sync", ...ends], directory);
  const inSyncMs = await seen(sync, /"event":"batch"/, began);
  const duringSync = await rateOf(writers, seconds);
  const asked = performance.now();
  const answer = await outputOf(start([BIN, "cutover", ...ends], directory));
  const cutoverMs = Math.round(performance.now() - asked);
  const result = JSON.parse(answer.trim().split("\n").at(-1) ?? "{}") as { ok?: boolean; downtime_ms?: number };
  for (const child of [...writers, sync]) child.kill("SIGKILL");
  const downtimeMs = result.ok === true ? (result.downtime_ms ?? null) : null;
  return { mode, inSyncMs, share: Math.round((duringSync / alone) * 100) / 100, cutoverMs, downtimeMs, load };
}

async function makeBank(path: string, mode: "wal" | "delete"): Promise<void> {
  const client = createClient({ url: `file:${path}` });
  await client.executeMultiple(`PRAGMA journal_mode = ${mode};
    CREATE TABLE accounts(id INTEGER PRIMARY KEY, balance INTEGER NOT NULL);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ACCOUNTS})
      INSERT INTO accounts SELECT i, 100 FROM n`);
  client.close();
}

function start(args: readonly string[], cwd: string): Child {
  return spawn(process.execPath, args, { cwd, stdio: ["pipe", "pipe", "pipe"] });
}

/** Acknowledged transactions per second of all writers. */
async function rateOf(writers: readonly Child[], seconds: number): Promise<number> {
  const count = async () => {
    const counts = await Promise.all(
      writers.map(
        (writer) =>
          new Promise<number>((resolve) => {
            writer.stdout.once("data", (chunk: Buffer) =>
              resolve((JSON.parse(String(chunk)) as { done: number }).done),
            );
            writer.stdin.write("?");
          }),
      ),
    );
    return counts.reduce((sum, one) => sum + one, 0);
  };
  const before = await count();
  await delay(seconds * 1_000);
  return ((await count()) - before) / seconds;
}

/** Time until the process printed the text, ms; null on timeout. */
function seen(child: Child, pattern: RegExp, began: number): Promise<number | null> {
  return new Promise((resolve) => {
    let text = "";
    const timer = setTimeout(() => resolve(null), GIVE_UP_MS);
    child.stdout.on("data", (chunk: Buffer) => {
      text += String(chunk);
      if (!pattern.test(text)) return;
      clearTimeout(timer);
      resolve(Math.round(performance.now() - began));
    });
  });
}

function outputOf(child: Child): Promise<string> {
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => {
    text += String(chunk);
  });
  return new Promise((resolve) => child.once("close", () => resolve(text)));
}

await main();
