import { sqliteName } from "../quote.ts";
import { bindRaw } from "../rows/bind-raw.ts";
import type { RawValue } from "../rows/raw-value.ts";
import type { SourceValue } from "../source/source.ts";
import type { FailbackTable } from "./failback-table.ts";
import { type CurrentSourceRow, keyOf } from "./find-source-rows.ts";
import { rowidOf } from "./render-source.ts";

/** A row to be written: what it replaces, if anything, and its values by column. */
export interface RowToWrite {
  readonly sourceRow: CurrentSourceRow | null;
  readonly values: ReadonlyMap<string, RawValue>;
}

export interface BoundStatement {
  readonly sql: string;
  readonly args: readonly SourceValue[];
}

// OR ABORT: a conflict clause that a table declares would delete other rows, or leave ours out.

/** Inserts rows that have the same columns. */
export function insertRows(table: FailbackTable, rows: readonly ReadonlyMap<string, RawValue>[]): BoundStatement {
  const columns = [...(rows[0]?.keys() ?? [])];
  const tuples = rows.map((row) =>
    tuple(
      table,
      columns.map((column) => row.get(column) ?? { type: "null" }),
    ),
  );
  return {
    sql:
      `INSERT OR ABORT INTO ${sqliteName(table.table.name)}(${columns.map(sqliteName).join(", ")}) ` +
      `VALUES ${tuples.map(({ sql }) => sql).join(", ")}`,
    args: tuples.flatMap(({ args }) => args),
  };
}

/** All of a row, as it shall be: what stood there and is not written comes again, columns that do not travel too. */
export function wholeRow(table: FailbackTable, { sourceRow, values }: RowToWrite): ReadonlyMap<string, RawValue> {
  const whole = new Map<string, RawValue>();
  if (sourceRow !== null) {
    const rowid = rowidOf(table);
    if (rowid !== null && table.table.rowidAlias === null)
      whole.set(rowid, { type: "integer", value: sourceRow.rowid ?? 0n });
    for (const [index, { name, generated }] of table.table.columns.entries())
      if (generated === null) whole.set(name, sourceRow.raw[index] ?? { type: "null" });
  }
  for (const [column, value] of values) whole.set(column, value);
  return whole;
}

/** Updates rows of the same columns, found by their rowid; the table must have one. */
export function updateRows(table: FailbackTable, rows: readonly RowToWrite[]): BoundStatement {
  const columns = [...(rows[0]?.values.keys() ?? [])];
  const name = sqliteName(table.table.name);
  const tuples = rows.map(({ sourceRow, values }) =>
    tuple(table, [
      { type: "integer", value: sourceRow?.rowid ?? 0n },
      ...columns.map((column) => values.get(column) ?? { type: "null" as const }),
    ]),
  );
  return {
    sql:
      `UPDATE OR ABORT ${name} SET ` +
      `${columns.map((column, index) => `${sqliteName(column)} = _changeover_k.column${index + 2}`).join(", ")} ` +
      `FROM (VALUES ${tuples.map(({ sql }) => sql).join(", ")}) AS _changeover_k WHERE ` +
      `${name}.${sqliteName(rowidOf(table) ?? "")} = _changeover_k.column1`,
    args: tuples.flatMap(({ args }) => args),
  };
}

export function updateRow(
  table: FailbackTable,
  { sourceRow, values }: { readonly sourceRow: CurrentSourceRow; readonly values: RowToWrite["values"] },
): BoundStatement {
  const bound = [...values].map(([column, value]) => ({ column, ...bindRaw(value, table.mapping) }));
  const where = whereRow(table, sourceRow);
  return {
    sql:
      `UPDATE OR ABORT ${sqliteName(table.table.name)} SET ` +
      `${bound.map(({ column, expression }) => `${sqliteName(column)} = ${expression}`).join(", ")} ` +
      `WHERE ${where.sql}`,
    args: [...bound.flatMap(({ args }) => args), ...where.args],
  };
}

export function deleteRow(table: FailbackTable, sourceRow: CurrentSourceRow): BoundStatement {
  const where = whereRow(table, sourceRow);
  return { sql: `DELETE FROM ${sqliteName(table.table.name)} WHERE ${where.sql}`, args: where.args };
}

function whereRow(table: FailbackTable, sourceRow: CurrentSourceRow): BoundStatement {
  const rowid = rowidOf(table);
  if (rowid !== null && sourceRow.rowid !== null) return { sql: `${sqliteName(rowid)} = ?`, args: [sourceRow.rowid] };
  const bound = keyOf(table, sourceRow).map((raw) => bindRaw(raw, table.mapping));
  const equal = bound.map(({ expression }, position) => {
    const column = sqliteName(table.keys[position]?.source ?? "");
    return `${column} = ${expression} AND ${column} COLLATE BINARY = ${expression}`;
  });
  return { sql: equal.join(" AND "), args: bound.flatMap(({ args }) => [...args, ...args]) };
}

function tuple(table: FailbackTable, values: readonly RawValue[]): BoundStatement {
  const bound = values.map((value) => bindRaw(value, table.mapping));
  return { sql: `(${bound.map(({ expression }) => expression).join(", ")})`, args: bound.flatMap(({ args }) => args) };
}
