// A long run under a schema that changes: a writer, a change of its schema every few seconds, a sync that is killed.
//   npm run soak:schema -- [--minutes 30] [--rate 1000] [--change-every 20] [--kill-every 45] [--only additive]
// Exit code 1 if a change that only adds stopped the sync or waited, if the target showed a state that the source never
// had, or if the two differ at the end.
import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import Database from "libsql";
import { openEmbedded } from "../src/embedded/embedded.ts";
import { type Migration, openMigration } from "../src/migration.ts";
import { openTarget, type TargetSession } from "../src/target/target.ts";

const BIN = fileURLToPath(new URL("../bin/changeover.js", import.meta.url));
const WRITER = fileURLToPath(new URL("soak-schema-writer.ts", import.meta.url));
const LOOK_MS = 300;

interface Place {
  readonly path: string;
  readonly url: string;
  readonly migrations: string;
}

interface Seen {
  looks: number;
  /** Looks at a target of which no table waited. */
  whole: number;
  ups: number;
  readonly wrong: string[];
  readonly stops: string[];
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      minutes: { type: "string", default: "30" },
      rate: { type: "string", default: "1000" },
      "change-every": { type: "string", default: "20" },
      "kill-every": { type: "string", default: "45" },
      only: { type: "string", default: "all" },
    },
  });
  const directory = mkdtempSync(join(tmpdir(), "changeover-soak-schema-"));
  const embedded = await openEmbedded({ directory: join(directory, "postgres") });
  const place = {
    path: join(directory, "fruit.db"),
    url: await embedded.database("soak"),
    migrations: join(directory, "migrations"),
  };
  const target = openTarget({ url: place.url });
  try {
    makeFruit(place.path);
    const migration = openMigration({ source: place.path, target: place.url, migrationsDirectory: place.migrations });
    await migration.schema({ write: true });
    await migration.migrations.up();
    await migration.sync({ until: "caught-up" });
    const seen = await soak(place, await target.session(), migration, {
      endsAt: performance.now() + Number(values.minutes) * 60_000,
      rate: values.rate,
      changeEveryMs: Number(values["change-every"]) * 1_000,
      killEveryMs: Number(values["kill-every"]) * 1_000,
      only: values.only,
    });
    await settle(migration);
    const check = await migration.check();
    await migration.close();
    console.log(
      `looks ${seen.looks}, of a whole target ${seen.whole}, states that the source never had ${seen.wrong.length}; ` +
        `ups ${seen.ups}, stops ${seen.stops.length}; at the end ${check.rows} rows, differences ${check.differences}`,
    );
    for (const line of [...seen.wrong.slice(0, 5), ...seen.stops.slice(0, 5)]) console.log(`  ${line}`);
    return check.ok && seen.wrong.length === 0 && seen.stops.length === 0 ? 0 : 1;
  } finally {
    await target.close();
    await embedded.release();
    rmSync(directory, { recursive: true, force: true });
  }
}

function makeFruit(path: string): void {
  const database = new Database(path);
  database.exec("PRAGMA journal_mode = wal");
  for (const table of ["apples", "pears", "plums"]) {
    database.exec(`CREATE TABLE ${table}(id INTEGER PRIMARY KEY, hits INT NOT NULL)`);
    for (let id = 1; id <= 200; id++) database.exec(`INSERT INTO ${table} VALUES(${id}, 0)`);
  }
  database.exec("CREATE TABLE meter(id INTEGER PRIMARY KEY, hits INT, columns INT); INSERT INTO meter VALUES(1, 0, 6)");
  database.close();
}

interface Pace {
  readonly endsAt: number;
  readonly rate: string;
  readonly changeEveryMs: number;
  readonly killEveryMs: number;
  readonly only: string;
}

async function soak(place: Place, session: TargetSession, migration: Migration, pace: Pace): Promise<Seen> {
  const seen: Seen = { looks: 0, whole: 0, ups: 0, wrong: [], stops: [] };
  const writer = fork(WRITER, [place.path, pace.rate, String(pace.changeEveryMs), pace.only], {
    execArgv: ["--import", "jiti/register"],
  });
  const done = new Promise<string>((resolve) => {
    writer.on("message", (message: Record<string, unknown>) => {
      console.log(JSON.stringify(message));
      if ("committed" in message) resolve("ended");
    });
  });
  let sync = startSync(place, seen);
  let killedAt = performance.now();
  while (performance.now() < pace.endsAt) {
    await look(session, seen);
    const { schema } = await migration.status();
    // The person who reads the files: it takes them a while.
    if (schema.waiting.some(({ files }) => files.length > 0)) {
      await delay(1_000);
      seen.ups += (
        await migration.migrations.up().catch((error: unknown) => {
          console.log(`up: ${String(error)}`);
          return [];
        })
      ).length;
    }
    if (performance.now() - killedAt > pace.killEveryMs) {
      await end(sync, "SIGKILL");
      sync = startSync(place, seen);
      killedAt = performance.now();
    }
    if (sync.exitCode !== null) sync = startSync(place, seen);
    await delay(LOOK_MS);
  }
  writer.send("stop");
  await done;
  // Its channel would keep both processes alive.
  if (writer.connected) writer.disconnect();
  await end(sync, "SIGINT");
  return seen;
}

async function end(sync: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (sync.exitCode !== null || sync.signalCode !== null) return;
  sync.kill(signal);
  await once(sync, "close");
}

function startSync({ migrations, path, url }: Place, seen: Seen): ChildProcess {
  const sync = spawn(
    process.execPath,
    [BIN, "sync", "--source", path, "--target", url, "--migrations-dir", migrations, "--follow-schema", "apply"],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let text = "";
  sync.stderr?.on("data", (chunk: Buffer) => {
    text = `${text}${chunk.toString("utf8")}`.slice(-2_000);
    process.stderr.write(chunk);
  });
  sync.on("close", (code) => {
    if (code !== 0 && code !== null) seen.stops.push(`exit code ${code}: ${text.slice(-600)}`);
  });
  return sync;
}

/** One snapshot of the target: whole, it is a state that the source had. */
async function look(session: TargetSession, seen: Seen): Promise<void> {
  const [row] = await session.rows<{ held: number; off: string; columns: string; counted: string; found: string }>(
    `select (select jsonb_array_length(held) from changeover.run) as held, m.hits::text as off,
       m.columns::text as columns,
       (select sum(hits) from (select hits from apples union all select hits from pears union all
         select hits from plums) as f)::text as counted,
       (select count(*) from pg_attribute where attrelid in ('apples'::regclass, 'pears'::regclass, 'plums'::regclass)
         and attnum > 0 and not attisdropped and attname not like '\\_changeover%')::text as found
     from meter as m`,
  );
  seen.looks++;
  if (row === undefined || row.held > 0) return;
  seen.whole++;
  if (row.off !== row.counted || row.columns !== row.found) seen.wrong.push(JSON.stringify(row));
}

/** What waits still is applied, and all is brought over. */
async function settle(migration: Migration): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    await migration.migrations.up();
    try {
      await migration.sync({ until: "caught-up", followSchema: "apply" });
      return;
    } catch (error) {
      if (attempt > 5) throw error;
    }
  }
}

process.exitCode = await main();
