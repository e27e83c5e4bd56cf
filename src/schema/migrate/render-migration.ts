import type { DBConnection } from "node-pg-migrate/db";
import { type ChangeoverError, MigrationFileError, messageOf } from "../../errors.ts";
import type { Direction, LoadedMigration } from "./load-migrations.ts";
import type { MigrationConnection } from "./migration-connection.ts";
import { isTransactional } from "./transactional.ts";

/** The SQL of a migration in one direction. */
export interface MigrationSql {
  readonly steps: readonly MigrationStep[];
  /** Whether it runs in a transaction. */
  readonly transaction: boolean;
  /** Whether the script queries the database: its SQL may depend on the answer. */
  readonly queries: boolean;
}

export interface MigrationStep {
  readonly sql: string;
  /** Its first line in the file; null if a script built it. */
  readonly line: number | null;
}

/**
 * Renders a migration without a database: a script that queries one finds no rows. Null if the migration cannot run in
 * that direction.
 */
export async function renderMigration(migration: LoadedMigration, direction: Direction): Promise<MigrationSql | null> {
  const { db } = await import("node-pg-migrate/db");
  return render(
    migration,
    direction,
    db({ query: () => Promise.resolve({ rows: [], rowCount: 0 }) } as unknown as Parameters<typeof db>[0], SILENT),
  );
}

/** Renders a migration with a database, which a script may query, but not change. */
export async function renderOn(
  connection: MigrationConnection,
  migration: LoadedMigration,
  direction: Direction,
): Promise<MigrationSql | null> {
  const { db } = await import("node-pg-migrate/db");
  await connection.run("begin read only");
  try {
    return await render(migration, direction, db(connection.client, SILENT));
  } finally {
    await connection.run("rollback");
  }
}

async function render(
  migration: LoadedMigration,
  direction: Direction,
  database: DBConnection,
): Promise<MigrationSql | null> {
  if (direction === "down" && !migration.undoes) return null;
  let queries = false;
  const watched = <T extends (...given: never[]) => unknown>(query: T) =>
    ((...given: never[]) => {
      queries = true;
      return query(...given);
    }) as T;
  try {
    const steps = await migration.steps(direction, {
      ...database,
      query: watched(database.query),
      select: watched(database.select),
      column: watched(database.column),
    });
    return {
      steps: steps.sql.map((text) => ({ sql: text, line: lineOf(migration, text) })),
      transaction: isTransactional(migration, steps),
      queries,
    };
  } catch (cause) {
    if (/automatically infer down/.test(messageOf(cause))) return null;
    throw cause instanceof MigrationFileError ? cause : notRendered(migration, cause);
  }
}

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** node-pg-migrate appends a missing semicolon. */
function lineOf({ file, text }: LoadedMigration, sql: string): number | null {
  const from = file.endsWith(".sql") ? Math.max(text.indexOf(sql), text.indexOf(sql.replace(/;$/, ""))) : -1;
  return from < 0 ? null : text.slice(0, from).split("\n").length;
}

function notRendered({ file, name, path }: LoadedMigration, cause: unknown): ChangeoverError {
  return new MigrationFileError({
    code: "MIGRATION_UNREADABLE",
    message: `the SQL of migration ${name} cannot be determined: ${messageOf(cause)}`,
    hint:
      `correct ${path}; a script may query the database with pgm.db.select, but must not write to it before its ` +
      "statements run",
    context: { file },
    cause,
  });
}
