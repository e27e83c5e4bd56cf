import type { KeyColumn, TableMapping } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import { balanced } from "./copy-text.ts";
import type { FastPathFormat } from "./kind.ts";
import { kindOf } from "./kinds.ts";

/** SQLite expression: one row as a line of COPY text. Never NULL, since group_concat would skip the row. */
export function copyLine(fields: readonly string[]): string {
  const parts = [...fields.flatMap((field, index) => (index === 0 ? [field] : ["char(9)", field])), "char(10)"];
  if (parts.length <= FEW)
    return balanced(
      parts.map((part) => (part.startsWith("char(") ? part : `(${part})`)),
      "||",
    );
  // Each || copies what it joins: with 300 columns that is most of the work. Not concat_ws(), which leaves out empty texts.
  const groups = Array.from({ length: Math.ceil(parts.length / MOST_ARGUMENTS) }, (_, group) =>
    parts.slice(group * MOST_ARGUMENTS, (group + 1) * MOST_ARGUMENTS),
  );
  return groups.map((group) => `concat(${group.join(",")})`).join("||");
}

const FEW = 40;
/** SQLite's functions take a hundred arguments at most. */
const MOST_ARGUMENTS = 90;

/** SQLite expression: one value as a COPY field. A refused value may come out as NULL: those rows are never sent. */
export function copyField(column: KeyColumn, qualifier: string): string {
  const value = comparable(column, qualifier);
  // Not IS NULL: SQLite takes its word for a column that is NOT NULL, and some of those hold NULL from before they were.
  const isNull = `typeof(${value})='null'`;
  const absent = column.onBadValue === "null" ? `${isNull} OR (${valueRejected(column, qualifier)})` : isNull;
  return `CASE WHEN ${absent} THEN '\\N' ELSE coalesce(${kindOf(column.conversion).encode(value)},'\\N') END`;
}

/** How a column's values travel by way of JSON; null where some cannot, or rules say what becomes of them. */
export function fastPathFormat(column: KeyColumn): FastPathFormat | null {
  return column.onBadValue !== undefined || "expression" in column
    ? null
    : (kindOf(column.conversion).fastPath ?? null);
}

/** SQLite expression: what stands for a value in JSON. */
export function fastPathValue(column: KeyColumn, qualifier: string): string {
  const value = comparable(column, qualifier);
  return fastPathFormat(column)?.json?.(value) ?? value;
}

/** SQLite expression: a value of a key as a COPY field, for looking a row up. One that may not pass is NULL there and finds nothing. */
export function keyField(mapping: Pick<TableMapping, "quarantine">, column: KeyColumn, qualifier: string): string {
  return copyField(mapping.quarantine === true ? { ...column, onBadValue: "null" } : column, qualifier);
}

/** SQLite expression, 0 or 1: whether any value of the row may not pass, and no rule says what then. */
export function rowRejected(columns: readonly KeyColumn[], qualifier: string): string {
  return anyRejected(
    columns.filter(({ onBadValue }) => onBadValue === undefined),
    qualifier,
  );
}

/** SQLite expression, 0 or 1: whether the row is to be quarantined, by rule. */
export function rowQuarantined(columns: readonly KeyColumn[], qualifier: string): string {
  return anyRejected(
    columns.filter(({ onBadValue }) => onBadValue === "quarantine"),
    qualifier,
  );
}

function anyRejected(columns: readonly KeyColumn[], qualifier: string): string {
  return columns.length === 0
    ? "0"
    : `(${balanced(
        columns.map((column) => `(${valueRejected(column, qualifier)})`),
        " OR ",
      )})`;
}

export function valueRejected(column: KeyColumn, qualifier: string): string {
  return kindOf(column.conversion).refused(comparable(column, qualifier));
}

/** The value, its text compared byte by byte: a collation of the application's own is unknown here, and would stop everything. */
function comparable({ source, collation }: KeyColumn, qualifier: string): string {
  const value = `${qualifier}.${sqliteName(source)}`;
  return collation === "BINARY" ? value : `(${value} COLLATE BINARY)`;
}

/** SQLite expression: the row's size in bytes as stored, without reading its overflow pages. */
export function rowSize(columns: readonly KeyColumn[], qualifier: string): string {
  return balanced(
    columns.map((column) => `coalesce(octet_length(${qualifier}.${sqliteName(column.source)}),0)`),
    "+",
  );
}
