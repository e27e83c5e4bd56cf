import { pgTable } from "../../quote.ts";
import { sql } from "../../sql.ts";
import type { MigrationConnection } from "../migrate/migration-connection.ts";
import { locateMigrationsTable, MIGRATIONS_TABLE } from "../migrate/migrations-table.ts";
import { findLosses, type Losses } from "./find-losses.ts";
import { filledColumns, filledTables, readHoldings } from "./holdings.ts";
import { inRolledBackSavepoint } from "./rolled-back-savepoint.ts";

/**
 * Finds what `attempt` would delete, even in empty tables. The tables stay locked as the migration will lock them, so
 * that it cannot fail for a lock after the backup.
 */
export async function lossesOf(tx: MigrationConnection, attempt: () => Promise<void>): Promise<Losses> {
  const migrationsTable = await locateMigrationsTable(tx, MIGRATIONS_TABLE);
  const before = await readHoldings(tx, migrationsTable);
  const filledBefore = await filledTables(
    tx,
    before.tables.filter(({ readable }) => readable),
  );
  const { after, filledAfter, locked } = await inRolledBackSavepoint(tx, async () => {
    await attempt();
    const remaining = await readHoldings(tx, migrationsTable);
    const exclusive = await tx.rows<{ id: string }>(sql("target/exclusively-locked"));
    return {
      after: remaining,
      filledAfter: await filledTables(
        tx,
        remaining.tables.filter(({ readable }) => readable),
      ),
      locked: new Set(exclusive.map(({ id }) => id)),
    };
  });
  const emptied = new Set(
    before.tables
      .filter(({ id, readable }) => readable && (filledBefore.has(id) || locked.has(id)) && !filledAfter.has(id))
      .map(({ id }) => id),
  );
  const losses = findLosses({ before, after, emptied });
  if (hasNoLosses(losses)) return losses;
  const wanted = before.tables.filter(({ id, lockable }) => lockable && (locked.has(id) || emptied.has(id)));
  if (wanted.length > 0) await tx.run(`lock table ${wanted.map(pgTable).join(", ")} in access exclusive mode`);
  return losses;
}

/** Restricts losses to objects with data, under the lock: rows may have been added since. */
export function lossesWithData(tx: MigrationConnection, losses: Losses): Promise<Losses> {
  return inRolledBackSavepoint(tx, async () => {
    // Fail if a policy hides rows: they would be dropped, too.
    await tx.run("set local row_security = off");
    const filled = await filledTables(
      tx,
      [...losses.tables, ...losses.columns].map(({ table }) => table),
    );
    const columns = [];
    for (const lost of losses.columns) {
      if (!filled.has(lost.table.id)) continue;
      const numbers = await filledColumns(tx, lost.table, lost.columns);
      if (numbers.size > 0)
        columns.push({ ...lost, columns: lost.columns.filter(({ number }) => numbers.has(number)) });
    }
    return { tables: losses.tables.filter(({ table }) => filled.has(table.id)), columns, sequences: losses.sequences };
  });
}

export async function inTransaction<T>(connection: MigrationConnection, work: () => Promise<T>): Promise<T> {
  await connection.run("begin; set local lock_timeout = '2s'");
  try {
    return await work();
  } finally {
    await connection.run("rollback");
  }
}

/** Whether nothing of value is lost: a sequence alone is not missed. */
export function hasNoLosses({ tables, columns }: Losses): boolean {
  return tables.length === 0 && columns.length === 0;
}
