import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
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

/** Tables like those of `public`, without indexes and constraints. */
export async function makeBare({ sql }: Place, tables: readonly string[]): Promise<void> {
  await sql.unsafe("create schema if not exists bare");
  for (const table of tables)
    await sql.unsafe(
      `drop table if exists bare."${table}"; create table bare."${table}" as table public."${table}" with no data`,
    );
  await atRest(sql);
}

export type Job = "full" | "data" | "unverified";

// Nobody writes to the source here, so all processors can be used.
const COMMANDS: Readonly<Record<Job, readonly string[]>> = {
  full: ["full", "--yes", "--max-downtime", "10s", "--jobs", String(Math.min(4, availableParallelism()))],
  data: ["data"],
  unverified: ["data", "--no-verify"],
};

/** Runs one migration by the command line; the durations of its phases come from its own messages. */
export async function ours(
  place: Place,
  source: string,
  job: Job,
  migrations = join(place.directory, "migrations"),
): Promise<Measured & { readonly phases: Phases; readonly cpuPhases: Phases }> {
  const clock = new PhaseClock();
  const args = [...COMMANDS[job], "--source", source, "--target", place.url, "--migrations-dir", migrations, "--yes"];
  const measured = await mustMeasure(process.execPath, [BIN, ...args], {
    cwd: place.directory,
    onLine: (line, cpuSeconds) => clock.saw(line, cpuSeconds),
  });
  return { ...measured, phases: clock.phases(), cpuPhases: clock.cpu() };
}
