import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openEmbedded } from "changeover";
import postgres from "postgres";
import { type Measured, mustMeasure } from "./measure.ts";
import { PhaseClock, type Phases } from "./phase-clock.ts";

const BIN = fileURLToPath(new URL("../bin/changeover.js", import.meta.url));

/** Directory and database of a benchmark; everything in the database may be dropped. */
export interface Place {
  readonly directory: string;
  readonly url: string;
  readonly sql: postgres.Sql;
  close(): Promise<void>;
}

export async function openPlace(target: string | undefined): Promise<Place> {
  const directory = mkdtempSync(join(tmpdir(), "changeover-bench-"));
  const embedded = target === undefined ? await openEmbedded({ directory: join(directory, "postgres") }) : null;
  const url = target ?? (await embedded?.database("bench")) ?? "";
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  return {
    directory,
    url,
    sql,
    async close() {
      await sql.end();
      await embedded?.release();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Empties the database. */
export async function empty({ sql }: Place): Promise<void> {
  // A few at a time: each dropped table holds a lock until its transaction ends.
  for (;;) {
    const tables = await sql<{ name: string }[]>`select quote_ident(schemaname) || '.' || quote_ident(tablename) as name
    from pg_tables where schemaname in ('public', 'bare') limit 500`;
    if (tables.length === 0) break;
    await sql.unsafe(`drop table ${tables.map(({ name }) => name).join(", ")} cascade`);
  }
  await sql.unsafe(
    "drop schema if exists changeover cascade; drop schema if exists bare cascade; drop schema public cascade; " +
      "create schema public",
  );
  await atRest(sql);
}

/** Flushes what earlier peers have left to write, which would slow down the next one. */
export async function atRest(sql: postgres.Sql): Promise<void> {
  // The role may need this privilege: `grant pg_checkpoint to …`.
  await sql.unsafe("checkpoint").catch(() => {});
  spawnSync("sync");
}

/** What a migration took, by its own messages and from outside. */
export interface Migrated extends Measured {
  readonly phases: Phases;
}

export interface OursOptions {
  /** Of the cutover; by default the command's own. A smoke test on a busy machine is not to fail for its slowness. */
  readonly maxDowntime?: string;
}

/** Runs `full` by the command line with its defaults. */
export async function ours(place: Place, source: string, { maxDowntime }: OursOptions = {}): Promise<Migrated> {
  const clock = new PhaseClock();
  const migrations = join(place.directory, "migrations");
  rmSync(migrations, { recursive: true, force: true });
  const args = ["full", "--yes", "--source", source, "--target", place.url, "--migrations-dir", migrations];
  if (maxDowntime !== undefined) args.push("--max-downtime", maxDowntime);
  const measured = await mustMeasure(process.execPath, [BIN, ...args], {
    cwd: place.directory,
    onLine: (line) => clock.saw(line),
    phase: () => clock.phase,
  });
  return { ...measured, phases: clock.phases() };
}
