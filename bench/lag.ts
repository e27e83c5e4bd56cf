import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openMigration } from "changeover";
import Database from "libsql";
import type { WriterReport } from "./lag-writer.ts";
import { median, usageOf } from "./measure.ts";
import { empty, type Place } from "./place.ts";

const BIN = fileURLToPath(new URL("../bin/changeover.js", import.meta.url));
const WRITER = fileURLToPath(new URL("lag-writer.ts", import.meta.url));
/** Warm-up of the sync. */
const SETTLE_MS = 3_000;
const GIVE_UP_MS = 60_000;

export interface LagOptions {
  readonly synchronous: "full" | "normal";
  /** One-row transactions per second; null: full speed. */
  readonly rate: number | null;
  /** Time of observation; the writer's speed is measured for half of it. */
  readonly seconds: number;
}

export interface Lag {
  /** Committed transactions per second, before observation. */
  readonly rate: number;
  /** Time from a write to the first query of the target that sees it, ms. */
  readonly visibleMs: number;
  /** Maximum of that time, ms. */
  readonly maxMs: number;
  readonly peakMb: number;
  readonly cpuSeconds: number;
}

/**
 * Measures the speed of an application during a sync, for half the given time, and then how far the target lags behind
 * it. Each write is counted when a query sees it first.
 */
export async function measureLag(place: Place, { rate, seconds, synchronous }: LagOptions): Promise<Lag> {
  await empty(place);
  const directory = mkdtempSync(join(place.directory, "lag-"));
  const path = join(directory, "app.db");
  makeDatabase(path);
  const migrationsDirectory = join(directory, "migrations");
  const migration = openMigration({ source: path, target: place.url, migrationsDirectory });
  await migration.schema({ write: true });
  await migration.migrations.up();
  await migration.close();
  const sync = spawn(
    process.execPath,
    [BIN, "sync", "--source", path, "--target", place.url, "--migrations-dir", migrationsDirectory, "--quiet"],
    { cwd: directory, stdio: ["ignore", "ignore", "inherit"] },
  );
  const writer = fork(WRITER, [path, synchronous, rate === null ? "" : String(rate)], {
    execArgv: ["--import", "jiti/register"],
  });
  let report: WriterReport = { written: 0, seconds: 0 };
  writer.on("message", (message) => (report = message as WriterReport));
  try {
    await firstWrites(place, sync);
    await delay(SETTLE_MS);
    // Measured before observation: the queries use a processor and fetch all rows.
    const before = report;
    await delay(seconds * 500);
    const after = report;
    const waits = await look(place, seconds);
    const usage = sync.pid === undefined ? null : usageOf(sync.pid);
    if (waits.length === 0 || usage === null) throw new Error("the sync brought nothing while it was looked at");
    return {
      rate: (after.written - before.written) / (after.seconds - before.seconds),
      visibleMs: median(waits),
      maxMs: waits.reduce((most, wait) => Math.max(most, wait), 0),
      ...usage,
    };
  } finally {
    writer.send("stop");
    await ended(writer);
    sync.kill("SIGINT");
    await ended(sync);
  }
}

/** Transactions per second of the same writer at full speed without a sync. */
export async function measureAlone(
  place: Place,
  { seconds, synchronous }: Pick<LagOptions, "seconds" | "synchronous">,
): Promise<number> {
  const path = join(mkdtempSync(join(place.directory, "alone-")), "app.db");
  makeDatabase(path);
  const writer = fork(WRITER, [path, synchronous, ""], { execArgv: ["--import", "jiti/register"] });
  let report: WriterReport = { written: 0, seconds: 0 };
  writer.on("message", (message) => (report = message as WriterReport));
  while (report.written === 0) await delay(20);
  await delay(SETTLE_MS);
  const before = report;
  await delay(seconds * 500);
  const rate = (report.written - before.written) / (report.seconds - before.seconds);
  writer.send("stop");
  await ended(writer);
  return rate;
}

function makeDatabase(path: string): void {
  const database = new Database(path);
  database.exec("PRAGMA journal_mode = WAL; CREATE TABLE marks(id INTEGER PRIMARY KEY, at REAL NOT NULL, note TEXT)");
  database.close();
}

/** Waits for the first writes. */
async function firstWrites({ sql }: Place, sync: ChildProcess): Promise<void> {
  for (;;) {
    const [row] = await sql<{ arrived: boolean }[]>`select exists (select from marks) as arrived`;
    if (row?.arrived === true) return;
    if (sync.exitCode !== null) throw new Error(`the sync ended with ${sync.exitCode} before it had brought anything`);
    await delay(20);
  }
}

/** Time until a query saw each write. Continues until the last pending writes are seen. */
async function look({ sql }: Place, seconds: number): Promise<number[]> {
  const ends = performance.timeOrigin + performance.now() + seconds * 1_000;
  const [last] = await sql<{ id: string }[]>`select coalesce(max(id), 0) as id from marks`;
  let known = last?.id ?? "0";
  const waits: number[] = [];
  for (let newest = 0; newest < ends; ) {
    const rows = await sql<{ id: string; at: number }[]>`select id, at from marks where id > ${known} order by id`;
    const now = performance.timeOrigin + performance.now();
    for (const { at } of rows) waits.push(now - at);
    known = rows.at(-1)?.id ?? known;
    newest = rows.at(-1)?.at ?? newest;
    if (now > ends + GIVE_UP_MS) throw new Error(`nothing arrived for ${GIVE_UP_MS} ms`);
    await delay(5);
  }
  return waits;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "close");
}
