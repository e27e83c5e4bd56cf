import { MIGRATIONS_TABLE } from "../db/migrate.ts";
import type { TargetSession } from "../db/target.ts";
import { MigrationFileError, RefusedError } from "../errors.ts";
import { pgName, pgString, pgTable } from "../quote.ts";
import { readMigrations } from "./read-migrations.ts";
import { type LoadedMigration, type MigrationSql, loadMigrations, renderMigration } from "./render-migration.ts";

export interface RollbackFile {
  /** The migrations that it undoes, in this order. */
  readonly migrations: readonly string[];
  readonly sql: string;
}

export interface RollbackOptions {
  readonly directory: string;
  /** How many of those that were applied last. */
  readonly count: number;
  /** Where it is meant to run, as shown to people. */
  readonly location: string;
}

/** A file that undoes the last migrations with psql alone. Nothing is changed. */
export async function rollbackFile(session: TargetSession, options: RollbackOptions): Promise<RollbackFile> {
  const applied = await lastApplied(session, options.count);
  const loaded = await loadMigrations(readMigrations(options.directory));
  const undone: UndoneMigration[] = [];
  for (const name of applied) {
    const migration = loaded.find(({ source }) => source.name === name);
    if (migration === undefined) throw fileGone(name, options.directory);
    undone.push({ name, down: await downOf(session, migration) });
  }
  return { migrations: applied, sql: renderRollback(undone, options.location) };
}

async function lastApplied(session: TargetSession, count: number): Promise<string[]> {
  const [table] = await session.rows<{ found: string | null }>("select to_regclass($1)::text as found", [pgTable(TABLE)]);
  const rows = table?.found == null ? [] : await session.rows<{ name: string }>(`select name from ${pgTable(TABLE)} order by run_on desc, id desc limit $1`, [count]);
  if (rows.length === 0) throw new RefusedError({ code: "NOTHING_APPLIED", message: "no migration is applied to the target: there is nothing to undo", hint: "`changeover migrations` shows their status" });
  return rows.map(({ name }) => name);
}

async function downOf(session: TargetSession, migration: LoadedMigration): Promise<MigrationSql> {
  const down = await session.transaction((reader) => renderMigration(migration, { direction: "down", reader }), { readOnly: true });
  if (down !== null) return down;
  const { file, name } = migration.source;
  throw new RefusedError({ code: "DOWN_MISSING", message: `${name} has no down half: it cannot be undone, nor can those before it`, hint: `write one into ${file}, or undo only what came after it`, context: { file } });
}

const TABLE = { schema: "public", name: MIGRATIONS_TABLE };

export interface UndoneMigration {
  readonly name: string;
  readonly down: MigrationSql;
}

/** In one transaction, but for scripts that must not run in one. */
export function renderRollback(undone: readonly UndoneMigration[], location: string): string {
  const names = undone.map(({ name }) => name);
  return [
    `-- Undoes the migrations ${names.join(", ")}, in this order, in ${location}.`,
    "-- The rows of tables that are dropped go with them: make a backup first. Run it with",
    "--   psql --no-psqlrc --file=THIS_FILE DATABASE",
    "\\set ON_ERROR_STOP on",
    "begin;",
    "",
    "-- Nothing is done where other migrations are applied than when this file was made.",
    "do $changeover$",
    "begin",
    `  if array(select name::text from ${pgTable(TABLE)} order by run_on desc, id desc limit ${names.length}) is distinct from array[${names.map(pgString).join(", ")}]::text[] then`,
    "    raise exception 'the migrations applied last are not those that this file undoes';",
    "  end if;",
    "end",
    "$changeover$;",
    "",
    ...undone.map(renderOne),
    "commit;",
    "",
  ].join("\n");
}

function renderOne({ down: { queries, steps, transaction }, name }: UndoneMigration): string {
  const statements = steps.map(({ sql }) => terminated(sql.trim()));
  return [
    `-- ${name}`,
    ...(queries ? ["-- The script asked the database: this is what it says as things stand now."] : []),
    ...(transaction ? statements : ["-- Not in a transaction, as the script wants it.", "commit;", ...statements, "begin;"]),
    `delete from ${pgTable(TABLE)} where ${pgName("name")} = ${pgString(name)};`,
    "",
  ].join("\n");
}

/** A statement may end in a comment, behind which a semicolon says nothing. */
function terminated(sql: string): string {
  return sql.endsWith(";") && !/--[^\n]*$/.test(sql) ? sql : `${sql}\n;`;
}

function fileGone(name: string, directory: string): MigrationFileError {
  return new MigrationFileError({ code: "MIGRATION_FILE_GONE", message: `the migration ${name} is applied, and there is no file of it in ${directory}`, hint: "bring the file back from version control, or say where it is with --migrations-dir", context: { name, directory } });
}
