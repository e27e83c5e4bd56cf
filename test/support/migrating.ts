import { join } from "node:path";
import { openMigration } from "../../src/migration.ts";
import { runCli } from "./cli.ts";
import { sqliteFile, temporaryDirectory } from "./source.ts";
import { type Stranger, stranger } from "./stranger.ts";
import { emptyDatabase } from "./target.ts";

const SOURCE = `
  CREATE TABLE accounts(id INTEGER PRIMARY KEY, balance INTEGER NOT NULL);
  CREATE TABLE visits(page TEXT);
  INSERT INTO accounts VALUES(1, 100), (2, 200), (3, 300);
  INSERT INTO visits VALUES('/a'), ('/b');
`;

/** A migration whose tables are made, and a stranger who writes to its target. */
export async function migrating() {
  const cwd = temporaryDirectory();
  const { path, application } = await sqliteFile(SOURCE);
  const url = await emptyDatabase();
  const migration = openMigration({ source: path, target: url, migrationsDirectory: join(cwd, "migrations") });
  await migration.schema({ write: true });
  await migration.migrations.up();
  const env = { CHANGEOVER_SOURCE: path, CHANGEOVER_TARGET: url };
  const run = async (...args: string[]) => {
    const result = await runCli([...args, "--json"], { cwd, env });
    const last = result.stdout.trim().split("\n").at(-1) ?? "";
    return { ...result, json: JSON.parse(last === "" ? "{}" : last) as Record<string, unknown> };
  };
  return { application, cwd, env, migration, other: await stranger(url), path, run, url };
}

/** What of the target's fence is there. */
export const ours = (other: Stranger) =>
  other.rows(
    "select tgname as name from pg_trigger where tgname like '\\_changeover%' union all select proname " +
      "from pg_proc where proname = 'refuse_write'",
  );

/** Someone who may do anything writes past the fence and leaves everything as it was. */
export const TRICK = (statement: string) =>
  `begin; alter table accounts disable trigger "_changeover_fence"; ${statement}; alter table accounts enable ` +
  `always trigger "_changeover_fence"; commit`;
