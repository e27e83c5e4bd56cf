import type { DBConnection } from "node-pg-migrate/db";
import { type ChangeoverError, MigrationFileError, messageOf } from "../../errors.ts";
import type { MigrationConnection } from "./connection.ts";
import type { Direction, LoadedMigration } from "./load.ts";
import { isTransactional } from "./transactional.ts";

/** One direction of a migration as the SQL that it runs. */
export interface MigrationSql {
  readonly steps: readonly MigrationStep[];
  /** Whether it runs in a transaction. */
  readonly transaction: boolean;
  /** Whether the script asks the database something, on which its SQL may depend. */
  readonly queries: boolean;
}

export interface MigrationStep {
  readonly sql: string;
  /** Where it begins in the file; null where a script built it. */
  readonly line: number | null;
}

/** The SQL of a migration, without a database: a script that asks one finds no rows. Null where it cannot go in that direction. */
export async function renderMigration(migration: LoadedMigration, direction: Direction): Promise<MigrationSql | null> {
  const { db } = await import("node-pg-migrate/db");
  return render(
    migration,
    direction,
    db({ query: () => Promise.resolve({ rows: [], rowCount: 0 }) } as unknown as Parameters<typeof db>[0], SILENT),
  );
}

/** The same as things stand in a database, which a script may ask. It cannot write there. */
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
  const noticed = <T extends (...given: never[]) => unknown>(ask: T) =>
    ((...given: never[]) => {
      queries = true;
      return ask(...given);
    }) as T;
  try {
    const steps = await migration.steps(direction, {
      ...database,
      query: noticed(database.query),
      select: noticed(database.select),
      column: noticed(database.column),
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

/** node-pg-migrate ends a text with a semicolon where it has none. */
function lineOf({ file, text }: LoadedMigration, sql: string): number | null {
  const from = file.endsWith(".sql") ? Math.max(text.indexOf(sql), text.indexOf(sql.replace(/;$/, ""))) : -1;
  return from < 0 ? null : text.slice(0, from).split("\n").length;
}

function notRendered({ file, name, path }: LoadedMigration, cause: unknown): ChangeoverError {
  return new MigrationFileError({
    code: "MIGRATION_UNREADABLE",
    message: `migration ${name} does not say what it would run: ${messageOf(cause)}`,
    hint: `correct ${path}; a script may ask the database with pgm.db.select, but must not write before its statements run`,
    context: { file },
    cause,
  });
}
