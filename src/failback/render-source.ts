import type { KeyColumn } from "../model/mapping.ts";
import { isKnownCollation } from "../model/source-schema.ts";
import { sqliteName } from "../quote.ts";
import { balanced } from "../rows/copy-text.ts";
import { valueRejected } from "../rows/render-row.ts";
import type { FailbackTable } from "./failback-table.ts";
import { rawExpressions } from "./raw-row.ts";

/** The name by which a row is changed again: its rowid where it has one. */
export function rowidOf({ table }: FailbackTable): string | null {
  return table.rowidName;
}

/**
 * What is read of a row: its rowid, whether values may not pass, and raw all columns of the table and what rules'
 * expressions make.
 */
function rowExpressions(table: FailbackTable): string[] {
  const rowid = rowidOf(table);
  const refused = table.columns.map(({ nullForBad, column, expression }, index) =>
    nullForBad
      ? valueRejected(
          expression === null ? column : ({ ...column, source: `_changeover_${index}` } satisfies KeyColumn),
          "t",
        )
      : null,
  );
  const made = table.columns.flatMap(({ expression }, index) => (expression === null ? [] : [`t.${evaluated(index)}`]));
  return [
    rowid === null ? "NULL" : `t.${sqliteName(rowid)}`,
    refused.every((condition) => condition === null)
      ? "NULL"
      : balanced(
          refused.map((condition) => `CASE WHEN ${condition ?? "0"} THEN '1' ELSE '0' END`),
          "||",
        ),
    ...rawExpressions([...table.table.columns.map(({ name }) => `t.${sqliteName(name)}`), ...made]),
  ];
}

/** The table as `t`; where rules put an expression in a column's place, with that as a column next to it. */
function relation(table: FailbackTable): string {
  const name = sqliteName(table.table.name);
  if (table.columns.every(({ expression }) => expression === null)) return `${name} AS t`;
  const rowid = rowidOf(table);
  const expressions = table.columns.flatMap(({ expression }, index) =>
    expression === null ? [] : [`(${expression}\n) AS ${evaluated(index)}`],
  );
  return (
    "(SELECT " +
    [
      ...(rowid === null ? [] : [`${sqliteName(rowid)} AS ${sqliteName(rowid)}`]),
      ...table.table.columns.map(({ name: column }) => sqliteName(column)),
      ...expressions,
    ].join(", ") +
    ` FROM ${name}) AS t`
  );
}

function evaluated(index: number): string {
  return sqliteName(`_changeover_${index}`);
}

/** Rows under some keys: each key is numbered, and may stand in several forms. */
export function renderFind(table: FailbackTable, keys: readonly string[]): string {
  const names = table.keys.map((_, position) => `a${position}`);
  const equal = table.keys.map(({ source, position }, index) => {
    const collation = position === null ? "BINARY" : (table.mapping.columns[position]?.collation ?? "BINARY");
    // An index with a collation of the application's own cannot be opened here; without one the table is read.
    return `t.${sqliteName(source)}${isKnownCollation(collation) ? "" : " COLLATE BINARY"} = k.${names[index]}`;
  });
  return (
    `WITH k(i, ${names.join(", ")}) AS (VALUES ${keys.join(", ")}) SELECT k.i, ` +
    `${rowExpressions(table).join(", ")} FROM k CROSS JOIN ${relation(table)} WHERE ` +
    `${equal.join(" AND ")}`
  );
}

/** The newest rows, by rowid where there is one. */
export function renderNewest(table: FailbackTable, limit: number): string {
  return newest(table, "", limit);
}

/** Those of them that have a value in one of these columns. */
export function renderNewestWith(table: FailbackTable, columns: readonly string[], limit: number): string {
  const filled = columns.map((column) => `t.${sqliteName(column)} IS NOT NULL`);
  return newest(table, ` WHERE ${balanced(filled, " OR ")}`, limit);
}

function newest(table: FailbackTable, where: string, limit: number): string {
  const rowid = rowidOf(table);
  const order = rowid === null ? "" : ` ORDER BY t.${sqliteName(rowid)} DESC`;
  return `SELECT 0, ${rowExpressions(table).join(", ")} FROM ${relation(table)}${where}${order} LIMIT ${limit}`;
}
