import type { KeyValue, Tuple } from "../../model/key.ts";
import type { TableMapping } from "../../model/mapping.ts";
import { inState, stateOf, stateSql } from "../state-schema.ts";
import type { TargetReader } from "../target.ts";

/** A row that the target does not hold, or holds with NULL in some columns; with the reason. */
export interface QuarantinedRow {
  readonly key: Tuple;
  readonly what: "row" | "value";
  /** Source columns at fault; empty where PostgreSQL names none. */
  readonly columns: readonly string[];
  readonly reason: string;
  /** The row as SQLite stores it, by column. */
  readonly row: Readonly<Record<string, KeyValue>>;
}

/** Run and table, by which the quarantine is organized. */
export interface QuarantinePlace {
  readonly run: string;
  readonly mapping: Pick<TableMapping, "id" | "source">;
}

export async function addToQuarantine(
  tx: TargetReader,
  { run, mapping }: QuarantinePlace,
  entries: readonly QuarantinedRow[],
): Promise<void> {
  for (const { key, what, columns, reason, row } of entries) {
    await tx.rows(stateSql(tx, "target/quarantine-add"), [
      run,
      mapping.id,
      mapping.source,
      JSON.stringify(key),
      what,
      columns.length === 0 ? null : columns.join(", "),
      reason,
      JSON.stringify(row),
    ]);
  }
}

/** Deletes the entries of rows that are copied again. */
export async function clearQuarantine(
  tx: TargetReader,
  { run, mapping }: QuarantinePlace,
  keys: readonly Tuple[],
): Promise<void> {
  if (keys.length === 0) return;
  await tx.rows(
    `delete from ${stateOf(tx)}.quarantine where run = $1 and table_id = $2 and key_id in (select ` +
      "md5(key::jsonb::text) from unnest($3::text[]) as key)",
    [run, mapping.id, keys.map((key) => JSON.stringify(key))],
  );
}

/** Deletes all entries of a table. */
export async function clearQuarantineOf(tx: TargetReader, { run, mapping }: QuarantinePlace): Promise<void> {
  await tx.rows(`delete from ${stateOf(tx)}.quarantine where run = $1 and table_id = $2`, [run, mapping.id]);
}

/** Entries of the given keys, by the key's JSON. */
export async function lookUpQuarantine(
  tx: TargetReader,
  { run, mapping }: QuarantinePlace,
  keys: readonly Tuple[],
): Promise<Map<string, Pick<QuarantinedRow, "what" | "columns">>> {
  if (keys.length === 0) return new Map();
  const rows = await tx.rows<{ key: string; what: "row" | "value"; column_name: string | null }>(
    `select k.key, q.what, q.column_name from unnest($3::text[]) as k(key) join ${stateOf(tx)}.quarantine q on q.run ` +
      "= $1 and q.table_id = $2 and q.key_id = md5(k.key::jsonb::text)",
    [run, mapping.id, keys.map((key) => JSON.stringify(key))],
  );
  return new Map(
    rows.map(({ key, what, column_name }) => [
      key,
      { what, columns: column_name === null ? [] : column_name.split(", ") },
    ]),
  );
}

export interface QuarantineCount {
  readonly tableId: number;
  readonly table: string;
  readonly rows: number;
  readonly values: number;
}

/** Number of quarantined rows and of rows that lost a value, by table. */
export async function countQuarantine(session: TargetReader, run: string): Promise<QuarantineCount[]> {
  const rows = await session.rows<{ table_id: number; table_name: string; rows: string; values: string }>(
    "select table_id, table_name, (count(*) filter (where what = 'row'))::text as rows, (count(*) filter (where " +
      `what = 'value'))::text as values from ${stateOf(session)}.quarantine where run = $1 ` +
      "group by table_id, table_name order by table_id",
    [run],
  );
  return rows.map((row) => ({
    tableId: row.table_id,
    table: row.table_name,
    rows: Number(row.rows),
    values: Number(row.values),
  }));
}

/** Number of all entries; 0 where an older version made the schema. */
export async function quarantineSize(session: TargetReader, run: string): Promise<number> {
  const [found] = await session.rows<{ found: boolean }>(
    `select to_regclass(${inState(session, "quarantine")}) is not null as found`,
  );
  return found?.found === true
    ? (await countQuarantine(session, run)).reduce((sum, { rows, values }) => sum + rows + values, 0)
    : 0;
}

export interface QuarantineEntry extends QuarantinedRow {
  readonly id: bigint;
  readonly tableId: number;
  readonly table: string;
  readonly quarantinedAt: string;
}

/** The entries after an id, oldest first. */
export async function listQuarantine(
  session: TargetReader,
  page: { readonly run: string; readonly table: string | null; readonly after: bigint; readonly limit: number },
): Promise<QuarantineEntry[]> {
  const rows = await session.rows<{
    id: string;
    table_id: number;
    table_name: string;
    key: string;
    what: "row" | "value";
    column_name: string | null;
    reason: string;
    row: string;
    quarantined_at: string;
  }>(stateSql(session, "target/quarantine-page"), [page.run, page.table, page.after, page.limit]);
  return rows.map((row) => ({
    id: BigInt(row.id),
    tableId: row.table_id,
    table: row.table_name,
    key: JSON.parse(row.key) as Tuple,
    what: row.what,
    columns: row.column_name === null ? [] : row.column_name.split(", "),
    reason: row.reason,
    row: JSON.parse(row.row) as Record<string, KeyValue>,
    quarantinedAt: row.quarantined_at,
  }));
}
