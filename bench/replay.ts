// Measures how soon a change arrives, the cost of an idle sync, and the replay of a backlog.
//
//   npm run bench:replay -- [--entries 1000000] [--target postgres://…] [--json file.json]
//
// Needs Linux: memory and processor time of the command come from /proc.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import Database from "libsql";
import { openEmbedded } from "../src/embedded/embedded.ts";
import { openMigration } from "../src/migration.ts";
import { openTarget, type TargetSession } from "../src/target/target.ts";

type Sqlite = InstanceType<typeof Database>;

const BIN = fileURLToPath(new URL("../bin/changeover.js", import.meta.url));
const ROWS = 200_000;
const CHANGES = 200;
const IDLE_SECONDS = 10;
const WRITING_SECONDS = 12;
const TICKS_PER_SECOND = 100;

interface Place {
  readonly directory: string;
  readonly path: string;
  readonly url: string;
  readonly application: Sqlite;
  readonly session: TargetSession;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { entries: { type: "string", default: "1000000" }, target: { type: "string" }, json: { type: "string" } },
  });
  const directory = mkdtempSync(join(tmpdir(), "changeover-bench-"));
  const embedded = values.target === undefined ? await openEmbedded({ directory: join(directory, "postgres") }) : null;
  const url = values.target ?? (await embedded?.database("bench")) ?? "";
  const target = openTarget({ url });
  const path = join(directory, "app.db");
  const application = makeDatabase(path);
  try {
    const place: Place = { directory, path, url, application, session: await target.session() };
    const migration = openMigration({ source: path, target: url, migrationsDirectory: join(directory, "migrations") });
    await migration.schema({ write: true });
    await migration.migrations.up();
    await migration.close();
    const results = await measure(place, Number(values.entries));
    for (const [name, value] of Object.entries(results)) process.stdout.write(`${name.padEnd(52)}${String(value)}\n`);
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
  } finally {
    application.close();
    await target.close();
    await embedded?.release();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measure(place: Place, entries: number): Promise<Record<string, number>> {
  const alone = await longestWait(place);
  const sync = startSync(place);
  await until(async () => (await arrived(place)) >= ROWS && (await phase(place)) === "syncing");
  const latency = await visibility(place);
  const idle = await idleShare(sync);
  const inSync = await longestWait(place);
  const logged = place.application.prepare("SELECT count(*) AS n FROM _changeover_log").get() as { n: number };
  await stop(sync);
  const backlog = await bringOver(place, entries);
  return {
    "a change is visible after, ms (median)": round(latency.median),
    "… 99th percentile": round(latency.high),
    "an idle sync takes of a core, %": round(idle * 100),
    "the writer's longest transaction alone, ms": round(alone.longest),
    "… alongside a sync that prunes its log, ms": round(inSync.longest),
    "… 99.9th percentile alone, ms": round(alone.high),
    "… 99.9th percentile alongside a sync, ms": round(inSync.high),
    "entries left in the log after that": logged.n,
    ...backlog,
  };
}

function makeDatabase(path: string): Sqlite {
  const database = new Database(path);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 10000");
  database.exec("CREATE TABLE items(id INTEGER PRIMARY KEY, name TEXT, amount INTEGER)");
  database.exec(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS}) INSERT INTO items SELECT ` +
      "i, 'item number ' || i, i FROM n",
  );
  return database;
}

function startSync({ directory, path, url }: Place, ...more: readonly string[]): ChildProcess {
  return spawn(process.execPath, [BIN, "sync", "--source", path, "--target", url, "--quiet", ...more], {
    cwd: directory,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill("SIGINT");
  await once(child, "close");
}

/** Time from the commit in the source to the first query of the target that sees it. */
async function visibility({ application, session }: Place): Promise<{ median: number; high: number }> {
  const insert = application.prepare("UPDATE items SET amount = ? WHERE id = 1");
  const times: number[] = [];
  for (let change = 1; change <= CHANGES; change++) {
    insert.run(-change);
    const started = performance.now();
    await until(
      async () =>
        ((await session.rows<{ amount: string }>("select amount::text from items where id = 1"))[0]?.amount ?? "") ===
        String(-change),
      0,
    );
    times.push(performance.now() - started);
    await delay(20 + Math.random() * 60);
  }
  return { median: percentile(times, 0.5), high: percentile(times, 0.99) };
}

async function idleShare(child: ChildProcess): Promise<number> {
  await delay(1_000);
  const before = ticks(child);
  await delay(IDLE_SECONDS * 1_000);
  return (ticks(child) - before) / TICKS_PER_SECOND / IDLE_SECONDS;
}

function ticks(child: ChildProcess): number {
  const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

/** A writer of 1,000 transactions per second for some seconds, so that there is a log to prune. */
async function longestWait({ application }: Place): Promise<{ longest: number; high: number }> {
  const update = application.prepare("UPDATE items SET amount = amount + 1 WHERE id = ?");
  const times: number[] = [];
  const ends = performance.now() + WRITING_SECONDS * 1_000;
  for (let next = performance.now(); performance.now() < ends; next += 10) {
    for (let write = 0; write < 10; write++) {
      const started = performance.now();
      update.run(1 + Math.floor(Math.random() * ROWS));
      times.push(performance.now() - started);
    }
    await delay(Math.max(1, next + 10 - performance.now()));
  }
  return { longest: Math.max(...times), high: percentile(times, 0.999) };
}

/** Writes entries without a sync, then one command replays them as one consistent batch. */
async function bringOver(place: Place, entries: number): Promise<Record<string, number>> {
  const { application, path } = place;
  for (let done = 0; done < entries; done += ROWS) {
    const count = Math.min(ROWS, entries - done);
    // Half of them update old rows, half insert new ones.
    application.exec(
      `BEGIN IMMEDIATE; UPDATE items SET amount = amount + 1 WHERE id <= ${count >> 1}; WITH RECURSIVE n(i) AS ` +
        `(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count - (count >> 1)}) INSERT INTO items(name, ` +
        "amount) SELECT 'item of the backlog ' || i, i FROM n; COMMIT",
    );
  }
  const wanted = (application.prepare("SELECT count(*) AS n FROM items").get() as { n: number }).n;
  const started = performance.now();
  const sync = startSync(place, "--until", "caught-up");
  let resident = 0;
  let wal = 0;
  const watch = setInterval(() => {
    resident = Math.max(resident, residentBytes(sync));
    wal = Math.max(wal, statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0);
  }, 50);
  const [code] = (await once(sync, "close")) as [number | null];
  clearInterval(watch);
  const seconds = (performance.now() - started) / 1_000;
  if (code !== 0 || (await arrived(place)) !== wanted) throw new Error(`the backlog did not arrive: exit code ${code}`);
  return {
    "backlog, entries": entries,
    "… brought over in, s": round(seconds),
    "… entries a second": Math.round(entries / seconds),
    "… resident memory of the command at most, MB": round(resident / 2 ** 20),
    "… size of the WAL at most, MB": round(wal / 2 ** 20),
  };
}

function residentBytes(child: ChildProcess): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1] ?? 0) * 1_024;
  } catch {
    return 0;
  }
}

async function arrived({ session }: Place): Promise<number> {
  return Number((await session.rows<{ n: string }>("select count(*)::text as n from items"))[0]?.n ?? 0);
}

async function phase({ session }: Place): Promise<string> {
  return (await session.rows<{ phase: string }>("select phase from changeover.run"))[0]?.phase ?? "";
}

async function until(done: () => Promise<boolean>, pause = 50): Promise<void> {
  while (!(await done())) await delay(pause);
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

await main();
