import { pgTable } from "../../quote.ts";
import { sql } from "../../sql.ts";
import type { MigrationConnection } from "../migrate/migration-connection.ts";
import { locateMigrationsTable, type MigrationsTable } from "../migrate/migrations-table.ts";
import { findLosses, type Losses } from "./find-losses.ts";
import { filledColumns, filledTables, type HeldTable, readHoldings } from "./holdings.ts";
import { inRolledBackSavepoint } from "./rolled-back-savepoint.ts";

/**
 * Finds what `attempt` would delete, even in empty tables. The tables stay locked as the migration will lock them, so
 * that it cannot fail for a lock after the backup.
 */
export async function lossesOf(
  tx: MigrationConnection,
  table: MigrationsTable,
  attempt: () => Promise<void>,
): Promise<Losses> {
  const migrationsTable = await locateMigrationsTable(tx, table);
  const before = await readHoldings(tx, migrationsTable);
  const { after, filledAfter, locked, touched } = await inRolledBackSavepoint(tx, async () => {
    await attempt();
    const remaining = await readHoldings(tx, migrationsTable);
    const exclusive = await tx.rows<{ id: string }>(sql("target/exclusively-locked"));
    const mayBeEmptied = await touchedTables(tx, [...before.tables, ...remaining.tables], exclusive);
    return {
      after: remaining,
      filledAfter: await filledTables(tx, only(remaining.tables, mayBeEmptied)),
      locked: new Set(exclusive.map(({ id }) => id)),
      touched: mayBeEmptied,
    };
  });
  // The savepoint is rolled back: this is the state before the attempt.
  const filledBefore = await filledTables(tx, only(before.tables, touched));
  const emptied = new Set(
    only(before.tables, touched).flatMap(({ id }) =>
      (filledBefore.has(id) || locked.has(id)) && !filledAfter.has(id) ? [id] : [],
    ),
  );
  const losses = findLosses({ before, after, emptied });
  if (hasNoLosses(losses)) return losses;
  const wanted = before.tables.filter(({ id, lockable }) => lockable && (locked.has(id) || emptied.has(id)));
  if (wanted.length > 0) await tx.run(`lock table ${wanted.map(pgTable).join(", ")} in access exclusive mode`);
  return losses;
}

/**
 * Ids of the tables that the transaction may have emptied: it has locked them exclusively, or deleted rows of theirs.
 * All of them, where the server does not count rows. A partitioned table has its rows in its partitions.
 */
async function touchedTables(
  tx: MigrationConnection,
  tables: readonly HeldTable[],
  locked: readonly { readonly id: string }[],
): Promise<ReadonlySet<string>> {
  const rows = await tx.rows<{ id: string | null }>(sql("target/deleted-from"));
  if (rows.some(({ id }) => id === null)) return new Set(tables.map(({ id }) => id));
  const touched = new Set([...locked, ...rows].flatMap(({ id }) => id ?? []));
  const parents = new Map(tables.map(({ id, partitionOf }) => [id, partitionOf]));
  for (const id of [...touched])
    for (let parent = parents.get(id) ?? null; parent !== null; parent = parents.get(parent) ?? null)
      touched.add(parent);
  return touched;
}

function only(tables: readonly HeldTable[], ids: ReadonlySet<string>): HeldTable[] {
  return tables.filter(({ id, readable }) => readable && ids.has(id));
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
