import { MigrationFileError } from "../../errors.ts";
import type { Direction, LoadedMigration, Steps } from "./load-migrations.ts";
import { NO_DATABASE } from "./no-database.ts";
import { bare, splitStatements } from "./split-statements.ts";

/** Statements that PostgreSQL rejects in a transaction. */
const OUTSIDE = new RegExp(
  `^(${[
    "create (unique )?index concurrently",
    "drop index concurrently",
    "reindex (\\([^)]*\\) )?\\w+ concurrently",
    "reindex \\([^)]*concurrently",
    "reindex (database|system)",
    "vacuum",
    "alter system",
    "(create|drop) (database|tablespace)",
    "alter table .* detach partition .* concurrently",
    "create subscription",
    "cluster$",
  ].join("|")})`,
);

/**
 * Whether a file may have to run outside a transaction, judged by its text: the lock must then be held by another
 * connection, before anything runs. A script that only mentions noTransaction() decides when it runs.
 */
export async function mayRunOutside(migration: LoadedMigration, direction: Direction): Promise<boolean> {
  if (!migration.file.endsWith(".sql")) return /\.\s*noTransaction\s*\(/.test(migration.text);
  return !isTransactional(migration, await migration.steps(direction, NO_DATABASE));
}

/** Whether a file runs in a transaction: not with `pgm.noTransaction()`, nor with such a statement in a SQL file. */
export function isTransactional({ file }: Pick<LoadedMigration, "file">, { sql, transaction }: Steps): boolean {
  return file.endsWith(".sql") ? !sql.flatMap(splitStatements).some(mustRunOutside) : transaction;
}

/** How many statements a file has, as far as its text tells: a script's are known only when it runs. */
export async function countStatements(migration: LoadedMigration, direction: Direction): Promise<number> {
  if (!migration.file.endsWith(".sql")) return 1;
  return (await migration.steps(direction, NO_DATABASE)).sql.flatMap(splitStatements).length;
}

export function mustRunOutside(statement: string): boolean {
  return OUTSIDE.test(bare(statement));
}

/**
 * Statements that may run outside a transaction during a run: they remove no table, and neither copy nor replay notices
 * them.
 */
export function isHarmlessOutsideTransaction(statement: string): boolean {
  return /^(create (unique )?index concurrently|reindex|vacuum|analyze|refresh materialized view|set )/.test(
    bare(statement),
  );
}

const OWN_TRANSACTION =
  /^(begin|start transaction|commit|end|rollback(?! to)(?! (work|transaction) to)|abort|prepare transaction)\b/;

/** Throws if a file begins or ends transactions itself: it would end ours, and the lock with it. */
export function refuseOwnTransaction(
  migration: Pick<LoadedMigration, "name" | "path">,
  steps: readonly string[],
): void {
  const own = steps
    .flatMap(splitStatements)
    .map(bare)
    .find((statement) => OWN_TRANSACTION.test(statement));
  if (own === undefined) return;
  throw new MigrationFileError({
    code: "MIGRATION_OWN_TRANSACTION",
    message:
      `migration ${migration.name} contains ${own.split(" ")[0]?.toUpperCase()}, which would end the transaction ` +
      "in which changeover runs it",
    hint: `remove it from ${migration.path}: each migration runs in a transaction anyway`,
    context: { file: migration.name },
  });
}
