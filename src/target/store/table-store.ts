import type { Tuple } from "../../model/key.ts";
import type { TableMapping } from "../../model/mapping.ts";
import type { TableState } from "../../model/run.ts";
import { stateOf, stateSql } from "../state-schema.ts";
import type { TargetReader } from "../target.ts";
import { runConflict } from "./run-conflict.ts";

export async function loadTables(session: TargetReader, run: string): Promise<TableState[]> {
  const rows = await session.rows<{
    id: number;
    source: string;
    rows: string;
    copied: string;
    position: string | null;
    done: boolean;
  }>(
    `select id, source, rows::text, copied::text, position::text, done from ${stateOf(session)}.table_state ` +
      "where run = $1 order by id",
    [run],
  );
  return rows.map((row) => ({
    ...row,
    rows: Number(row.rows),
    copied: Number(row.copied),
    position: row.position === null ? null : (JSON.parse(row.position) as Tuple),
  }));
}

/**
 * Saves the progress of a table's copy, in the transaction of the page's rows. Throws if another process copied rows
 * meanwhile, one believed dead, for example.
 */
export async function savePage(
  tx: TargetReader,
  page: {
    readonly run: string;
    readonly table: number;
    readonly rows: number;
    readonly from: Tuple | null;
    readonly position: Tuple | null;
    readonly done: boolean;
  },
): Promise<void> {
  const text = (position: Tuple | null) => (position === null ? null : JSON.stringify(position));
  const saved = await tx.rows(stateSql(tx, "target/save-page"), [
    page.run,
    page.table,
    page.rows,
    text(page.position),
    page.done,
    text(page.from),
  ]);
  if (saved.length === 0) throw runConflict(page.run);
}

/** Restarts the copy of a table. */
export async function restartTable(
  tx: TargetReader,
  run: string,
  table: { readonly id: number; readonly source: string },
): Promise<void> {
  await tx.rows(
    `insert into ${stateOf(tx)}.table_state (run, id, source, rows) values ($1, $2, $3, 0) on conflict (run, id) do ` +
      "update set source = excluded.source, copied = 0, position = null, done = false",
    [run, table.id, table.source],
  );
}

/** Records tables that were copied in one transaction. Throws if another process has begun one of them. */
export async function finishTables(
  tx: TargetReader,
  run: string,
  tables: readonly { readonly id: number; readonly copied: number }[],
): Promise<void> {
  const finished = await tx.rows(stateSql(tx, "target/finish-tables"), [
    run,
    tables.map(({ id }) => id),
    tables.map(({ copied }) => copied),
  ]);
  if (finished.length !== tables.length) throw runConflict(run);
}

/** Deletes the copy state of all tables: their rows were deleted. */
export async function forgetTables(tx: TargetReader, run: string, ids: readonly number[]): Promise<void> {
  await tx.rows(`delete from ${stateOf(tx)}.table_state where run = $1 and id = any($2::int[])`, [run, ids]);
}

export async function finishTable(
  tx: TargetReader,
  run: string,
  table: { readonly id: number; readonly copied: number },
): Promise<void> {
  await tx.rows(
    `update ${stateOf(tx)}.table_state set copied = $3, rows = $3, done = true where run = $1 and id = $2`,
    [run, table.id, table.copied],
  );
}

export async function forgetTable(tx: TargetReader, run: string, mapping: TableMapping): Promise<void> {
  await tx.rows(`delete from ${stateOf(tx)}.table_state where run = $1 and id = $2`, [run, mapping.id]);
  await tx.rows(`delete from ${stateOf(tx)}.deferred where run = $1 and schema = $2 and relation = $3`, [
    run,
    mapping.target.schema,
    mapping.target.name,
  ]);
}
