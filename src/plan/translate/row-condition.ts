import type { SourceColumn } from "../../model/source-schema.ts";
import { sqliteName } from "../../quote.ts";
import { hasFormat, type TextFormat } from "../../rows/text-formats.ts";

/** A column of the rows `t`, its texts compared byte by byte. */
export function cell(column: SourceColumn): string {
  const c = `t.${sqliteName(column.name)}`;
  return column.collation === "BINARY" ? c : `(${c} COLLATE BINARY)`;
}

/** Rows whose value is of one of these storage classes. */
export function isOf(column: SourceColumn, ...classes: readonly ("integer" | "real" | "text" | "blob")[]): string {
  return `typeof(t.${sqliteName(column.name)}) IN (${classes.map((name) => `'${name}'`).join(", ")})`;
}

/** Rows whose value is a text without any of these forms. */
export function hasNoFormat(column: SourceColumn, ...formats: readonly TextFormat[]): string {
  const c = cell(column);
  return (
    `${isOf(column, "text")} AND NOT ` +
    `(${formats.map((format) => `coalesce(${hasFormat(format, c)}, 0)`).join(" OR ")})`
  );
}
