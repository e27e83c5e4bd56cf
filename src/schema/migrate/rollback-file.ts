import { RefusedError } from "../../errors.ts";
import { pgString, pgTable } from "../../quote.ts";
import { type InState, inState, stateOf } from "../../target/state-schema.ts";
import { chooseDown, type HowFar } from "./choose-changes.ts";
import { type LoadedMigration, loadMigrations } from "./load-migrations.ts";
import { type MigrationConnection, openConnection } from "./migration-connection.ts";
import { type MigrationPlace, tableOfPlace } from "./migration-place.ts";
import { requireDirectory } from "./migration-run.ts";
import { readState } from "./migration-status.ts";
import { type LocatedTable, locateMigrationsTable, renderAppliedChange } from "./migrations-table.ts";
import { checksOf, refuseChangedFiles } from "./refuse-changed-files.ts";
import { type MigrationSql, renderOn } from "./render-migration.ts";

/** SQL that undoes migrations with psql alone. */
export interface RollbackFile {
  /** The migrations that the file undoes, in this order. */
  readonly migrations: readonly string[];
  /** For psql. */
  readonly sql: string;
}

/** Renders a file by which psql alone undoes the last migrations. Changes nothing. */
export async function rollbackFile(url: string, place: MigrationPlace, howFar: HowFar): Promise<RollbackFile> {
  requireDirectory(place);
  const connection = await openConnection(url);
  try {
    const state = await readState(connection, place);
    refuseChangedFiles(state, checksOf({}, "down"));
    const names = chooseDown(state, howFar).map(({ name }) => name);
    if (names.length === 0)
      throw new RefusedError({
        code: "NOTHING_APPLIED",
        message: "there is no applied migration to undo",
        hint: "`changeover migrations` shows their status",
      });
    const loaded = await loadMigrations(state.files, place);
    const undone: UndoneMigration[] = [];
    for (const name of names) {
      const migration = loaded.find((candidate) => candidate.name === name);
      if (migration !== undefined) undone.push({ name, down: await downOf(connection, migration) });
    }
    return {
      migrations: names,
      sql: renderRollback(undone, connection, await locateMigrationsTable(connection, tableOfPlace(place))),
    };
  } finally {
    await connection.close();
  }
}

async function downOf(connection: MigrationConnection, migration: LoadedMigration): Promise<MigrationSql> {
  const down = await renderOn(connection, migration, "down");
  if (down !== null) return down;
  const { name, path } = migration;
  throw new RefusedError({
    code: "MIGRATION_NO_DOWN",
    message: `migration ${name} has no down section: it cannot be undone, nor can those before it`,
    hint: `write one in ${path}, or undo only the later ones: changeover down ${name} --print`,
    context: { file: name },
  });
}

export interface UndoneMigration {
  readonly name: string;
  readonly down: MigrationSql;
}

/** In one transaction, except for migrations that must run outside one. */
export function renderRollback(
  undone: readonly UndoneMigration[],
  target: Pick<MigrationConnection, "location" | "stateSchema">,
  migrationsTable: LocatedTable,
): string {
  const names = undone.map(({ name }) => name);
  const table = pgTable(migrationsTable);
  const last = `select name::text from ${table} order by run_on desc, id desc limit ${names.length}`;
  return [
    `-- Undoes the migrations ${names.join(", ")}, in this order, in ${target.location}.`,
    "-- Dropping a table deletes its rows: make a backup first. Run it with",
    "--   psql --no-psqlrc --file=THIS_FILE DATABASE",
    "\\set ON_ERROR_STOP on",
    "begin;",
    "",
    "-- Stop if other migrations are applied than when this file was created.",
    "do $changeover$",
    "begin",
    `  if array(${last}) is distinct from array[${names.map(pgString).join(", ")}]::text[] then`,
    "    raise exception 'the last applied migrations are not the ones that this file undoes';",
    "  end if;",
    "end",
    "$changeover$;",
    "",
    ...undone.map((migration) => renderOne(migration, target, migrationsTable)),
    "commit;",
    "",
  ].join("\n");
}

function renderOne(
  { down: { queries, steps, transaction }, name }: UndoneMigration,
  target: InState,
  migrationsTable: LocatedTable,
): string {
  const statements = steps.map(({ sql }) => terminated(sql.trim()));
  return [
    `-- ${name}`,
    ...(queries ? ["-- The script queried the database: this is its SQL for the current state."] : []),
    ...(transaction
      ? statements
      : ["-- This migration must run outside a transaction.", "commit;", ...statements, "begin;"]),
    renderAppliedChange(migrationsTable, name, "down"),
    "do $changeover$",
    "begin",
    `  if to_regclass(${inState(target, "migration_record")}) is not null then`,
    `    delete from ${stateOf(target)}.migration_record where name = ${pgString(name)};`,
    "  end if;",
    "end",
    "$changeover$;",
    "",
  ].join("\n");
}

/** A statement may end in a comment, which would swallow a semicolon. */
function terminated(sql: string): string {
  return sql.endsWith(";") && !/--[^\n]*$/.test(sql) ? sql : `${sql}\n;`;
}
