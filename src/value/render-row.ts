import type { KeyColumn } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import { balanced } from "./copy-text.ts";
import { kindOf } from "./kinds.ts";

/** SQLite expression: one row as a line of COPY text. Never NULL, since group_concat would skip the row. */
export function copyLine(fields: readonly string[]): string {
  const separated = fields.flatMap((field, index) => (index === 0 ? [field] : ["char(9)", field]));
  return balanced([...separated, "char(10)"].map((part) => (part.startsWith("char(") ? part : `(${part})`)), "||");
}

/** SQLite expression: one value as a COPY field. A refused value may come out as NULL: those rows are never sent. */
export function copyField(column: KeyColumn, qualifier: string): string {
  const value = comparable(column, qualifier);
  return `CASE WHEN ${value} IS NULL THEN '\\N' ELSE coalesce(${kindOf(column.conversion).encode(value)},'\\N') END`;
}

/** SQLite expression, 0 or 1: whether any value of the row may not pass. */
export function rowRefused(columns: readonly KeyColumn[], qualifier: string): string {
  return `(${balanced(columns.map((column) => `(${valueRefused(column, qualifier)})`), " OR ")})`;
}

export function valueRefused(column: KeyColumn, qualifier: string): string {
  return kindOf(column.conversion).refused(comparable(column, qualifier));
}

/** The value, its text compared byte by byte: a collation of the application's own is unknown here, and would stop everything. */
function comparable({ source, collation }: KeyColumn, qualifier: string): string {
  const value = `${qualifier}.${sqliteName(source)}`;
  return collation === "BINARY" ? value : `(${value} COLLATE BINARY)`;
}

/** SQLite expression: the row's size in bytes as stored, without reading its overflow pages. */
export function rowSize(columns: readonly KeyColumn[], qualifier: string): string {
  return balanced(columns.map((column) => `coalesce(octet_length(${qualifier}.${sqliteName(column.source)}),0)`), "+");
}
