import type { SourceValue } from "../db/source.ts";
import { sqliteName } from "../quote.ts";
import { bindRaw } from "../value/bind-raw.ts";
import type { RawValue } from "../value/kind.ts";
import { keyOf, type StandingRow } from "./find-rows.ts";
import { rowidOf } from "./render-source.ts";
import type { ReturnTable } from "./return-table.ts";

/** A row to be written: what it replaces, if anything, and its values by column. */
export interface RowToWrite {
  readonly standing: StandingRow | null;
  readonly values: ReadonlyMap<string, RawValue>;
}

export interface Statement {
  readonly sql: string;
  readonly args: readonly SourceValue[];
}

// OR ABORT: a conflict clause that a table declares would delete other rows, or leave ours out.

/** Inserts rows that have the same columns. */
export function insertRows(table: ReturnTable, rows: readonly ReadonlyMap<string, RawValue>[]): Statement {
  const columns = [...(rows[0]?.keys() ?? [])];
  const tuples = rows.map((row) =>
    tuple(
      table,
      columns.map((column) => row.get(column) ?? { type: "null" }),
    ),
  );
  return {
    sql: `INSERT OR ABORT INTO ${sqliteName(table.table.name)}(${columns.map(sqliteName).join(", ")}) VALUES ${tuples.map(({ sql }) => sql).join(", ")}`,
    args: tuples.flatMap(({ args }) => args),
  };
}

/** All of a row, as it shall be: what stood there and is not written comes again, columns that do not travel too. */
export function wholeRow(table: ReturnTable, { standing, values }: RowToWrite): ReadonlyMap<string, RawValue> {
  const whole = new Map<string, RawValue>();
  if (standing !== null) {
    const rowid = rowidOf(table);
    if (rowid !== null && table.table.rowidAlias === null)
      whole.set(rowid, { type: "integer", value: standing.rowid ?? 0n });
    for (const [index, { name, generated }] of table.table.columns.entries())
      if (generated === null) whole.set(name, standing.raw[index] ?? { type: "null" });
  }
  for (const [column, value] of values) whole.set(column, value);
  return whole;
}

/** Updates rows of the same columns, found by their rowid; the table must have one. */
export function updateRows(table: ReturnTable, rows: readonly RowToWrite[]): Statement {
  const columns = [...(rows[0]?.values.keys() ?? [])];
  const name = sqliteName(table.table.name);
  const tuples = rows.map(({ standing, values }) =>
    tuple(table, [
      { type: "integer", value: standing?.rowid ?? 0n },
      ...columns.map((column) => values.get(column) ?? { type: "null" as const }),
    ]),
  );
  return {
    sql: `UPDATE OR ABORT ${name} SET ${columns.map((column, index) => `${sqliteName(column)} = _changeover_k.column${index + 2}`).join(", ")} FROM (VALUES ${tuples.map(({ sql }) => sql).join(", ")}) AS _changeover_k WHERE ${name}.${sqliteName(rowidOf(table) ?? "")} = _changeover_k.column1`,
    args: tuples.flatMap(({ args }) => args),
  };
}

export function updateRow(
  table: ReturnTable,
  { standing, values }: { readonly standing: StandingRow; readonly values: RowToWrite["values"] },
): Statement {
  const bound = [...values].map(([column, value]) => ({ column, ...bindRaw(value, table.mapping) }));
  const where = whereRow(table, standing);
  return {
    sql: `UPDATE OR ABORT ${sqliteName(table.table.name)} SET ${bound.map(({ column, expression }) => `${sqliteName(column)} = ${expression}`).join(", ")} WHERE ${where.sql}`,
    args: [...bound.flatMap(({ args }) => args), ...where.args],
  };
}

export function deleteRow(table: ReturnTable, standing: StandingRow): Statement {
  const where = whereRow(table, standing);
  return { sql: `DELETE FROM ${sqliteName(table.table.name)} WHERE ${where.sql}`, args: where.args };
}

function whereRow(table: ReturnTable, standing: StandingRow): Statement {
  const rowid = rowidOf(table);
  if (rowid !== null && standing.rowid !== null) return { sql: `${sqliteName(rowid)} = ?`, args: [standing.rowid] };
  const bound = keyOf(table, standing).map((raw) => bindRaw(raw, table.mapping));
  const equal = bound.map(({ expression }, position) => {
    const column = sqliteName(table.keys[position]?.source ?? "");
    return `${column} = ${expression} AND ${column} COLLATE BINARY = ${expression}`;
  });
  return { sql: equal.join(" AND "), args: bound.flatMap(({ args }) => [...args, ...args]) };
}

function tuple(table: ReturnTable, values: readonly RawValue[]): Statement {
  const bound = values.map((value) => bindRaw(value, table.mapping));
  return { sql: `(${bound.map(({ expression }) => expression).join(", ")})`, args: bound.flatMap(({ args }) => args) };
}
