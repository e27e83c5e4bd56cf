import type { Client } from "@libsql/client";
import { expect } from "vitest";
import { runCli, startCli } from "../support/cli.ts";
import { type Project, project } from "../support/migrations.ts";
import { sqliteFile } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

export const TABLES = Array.from({ length: 12 }, (_, index) => `t${String(index + 1).padStart(2, "0")}`);
export const NAMES = TABLES.map((table, index) => `${String(index + 1).padStart(4, "0")}_${table}`);

/** Each table refers to the one before it: in any other order than the last first, PostgreSQL drops none. */
export function migration(index: number, down = `drop table ${TABLES[index]}`): string {
  const parent = index === 0 ? "" : ` references ${TABLES[index - 1]}`;
  return (
    `-- Up Migration\ncreate table ${TABLES[index]} (id bigint primary key, ` +
    `parent bigint${parent});\n-- Down Migration\n${down};\n`
  );
}

export interface Begun extends Project {
  readonly target: string;
  readonly run: (...args: string[]) => ReturnType<typeof runCli>;
  readonly start: (...args: string[]) => ReturnType<typeof startCli>;
  readonly schema: () => Promise<unknown>;
  readonly before: unknown;
}

/** Twelve tables of which a run is in sync, and what the source's schema was before it. */
export async function begun(files: Readonly<Record<string, string>>): Promise<Begun> {
  const { path, application } = await sqliteFile(
    TABLES.map(
      (table) => `CREATE TABLE ${table}(id INTEGER PRIMARY KEY, parent INT); INSERT INTO ${table} VALUES(1, 1);`,
    ).join(""),
  );
  const before = await schemaOf(application);
  const made = project({
    ...Object.fromEntries(NAMES.map((name, index) => [`${name}.sql`, migration(index)])),
    ...files,
  });
  const target = await emptyDatabase();
  const ends = ["--source", path, "--target", target, "--yes"];
  const run = (...args: string[]) => runCli([...args, ...ends], { cwd: made.cwd });
  await run("up");
  const synced = await run("sync", "--until", "caught-up");
  expect(synced.code, synced.stderr).toBe(0);
  return {
    ...made,
    target,
    run,
    start: (...args) => startCli([...args, ...ends], { cwd: made.cwd }),
    schema: () => schemaOf(application),
    before,
  };
}

async function schemaOf(application: Client): Promise<unknown> {
  return (await application.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY rowid")).rows;
}

export const tablesIn = async (target: string) =>
  (
    await query<{ name: string }>(
      target,
      "select relname::text as name from pg_class where relnamespace = 'public'::regnamespace " +
        "and relkind = 'r' and relname ~ '^t[0-9]' order by relname",
    )
  ).map(({ name }) => name);
