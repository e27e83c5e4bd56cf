import type { KeyColumn, TableMapping } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import type { JsonPath } from "./codec.ts";
import { balanced } from "./copy-text.ts";
import { codecOf } from "./types/codecs.ts";

/** SQLite expression: one row as a line of COPY text. Never NULL, since group_concat would skip the row. */
export function copyLine(fields: readonly string[]): string {
  const parts = [...fields.flatMap((field, index) => (index === 0 ? [field] : ["char(9)", field])), "char(10)"];
  if (parts.length <= FEW)
    return balanced(
      parts.map((part) => (part.startsWith("char(") ? part : `(${part})`)),
      "||",
    );
  // Each || copies what it joins: most of the work with 300 columns. Not concat_ws(), which leaves out empty texts.
  const groups = Array.from({ length: Math.ceil(parts.length / MAX_ARGUMENTS) }, (_, group) =>
    parts.slice(group * MAX_ARGUMENTS, (group + 1) * MAX_ARGUMENTS),
  );
  return groups.map((group) => `concat(${group.join(",")})`).join("||");
}

const FEW = 40;
/** SQLite's functions take a hundred arguments at most. */
const MAX_ARGUMENTS = 90;

/** SQLite expression: one value as a COPY field. A rejected value may become NULL: such rows are never sent. */
export function copyField(column: KeyColumn, qualifier: string): string {
  const value = comparable(column, qualifier);
  // Not IS NULL: SQLite trusts a NOT NULL column, and some hold NULL from before the constraint.
  const isNull = `typeof(${value})='null'`;
  const absent = column.onBadValue === "null" ? `${isNull} OR (${valueRejected(column, qualifier)})` : isNull;
  const text = codecOf(column.conversion).encoder.copyText(value);
  return `CASE WHEN ${absent} THEN '\\N' ELSE coalesce(${text},'\\N') END`;
}

/** How a column's values take the fast path; null where some cannot, or rules change them. */
export function jsonPath(column: KeyColumn): JsonPath | null {
  return column.onBadValue !== undefined || "expression" in column ? null : codecOf(column.conversion).encoder.json;
}

/** SQLite expression: what stands for a value in JSON. */
export function jsonValue(column: KeyColumn, qualifier: string): string {
  const value = comparable(column, qualifier);
  return jsonPath(column)?.value?.(value) ?? value;
}

/** SQLite expression: a value of a key as a COPY field, to look a row up. A rejected one is NULL and finds nothing. */
export function keyField(mapping: Pick<TableMapping, "quarantine">, column: KeyColumn, qualifier: string): string {
  return copyField(mapping.quarantine === true ? { ...column, onBadValue: "null" } : column, qualifier);
}

/** SQLite expression, 0 or 1: whether a value of the row is rejected, and no rule covers it. */
export function rowRejected(columns: readonly KeyColumn[], qualifier: string): string {
  return anyRejected(
    columns.filter(({ onBadValue }) => onBadValue === undefined),
    qualifier,
  );
}

/** SQLite expression, 0 or 1: whether a rule quarantines the row. */
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

/** SQLite expression, 0 or 1: whether the value has no equal in the target's type. */
export function valueRejected(column: KeyColumn, qualifier: string): string {
  return codecOf(column.conversion).encoder.rejected(comparable(column, qualifier));
}

/** The value, compared byte by byte: a collation that only the application defines would fail here. */
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
