import type { KeyValue, Tuple } from "../model/key.ts";
import type { KeyColumn } from "../model/mapping.ts";
import type { SourceValue } from "../model/source-value.ts";
import { sqliteName } from "../quote.ts";

/** SQLite expressions that read a key's columns as raw values: for each, its storage class and its bytes. */
export function keyExpressions(columns: readonly Pick<KeyColumn, "source">[], qualifier: string): string[] {
  return columns.flatMap((column) => {
    const value = `${qualifier}.${sqliteName(column.source)}`;
    return [`typeof(${value})`, rawExpression(value)];
  });
}

/** Text as a blob: libsql aborts the process on invalid UTF-8 and cuts text at a NUL. */
export function rawExpression(value: string): string {
  return `CASE typeof(${value}) WHEN 'text' THEN CAST(${value} AS BLOB) ELSE ${value} END`;
}

/** The tuple that {@link keyExpressions} read into `row` at `offset`. */
export function tupleOf(row: readonly SourceValue[], offset: number, width: number): Tuple {
  return Array.from({ length: width }, (_, index) =>
    keyValue(String(row[offset + 2 * index]), row[offset + 2 * index + 1] ?? null),
  );
}

function keyValue(type: string, value: SourceValue): KeyValue {
  if (value === null) return { type: "null" };
  if (type === "integer") return { type, value: String(value) };
  if (type === "real")
    return { type, value: Number.isFinite(value) ? Number(value) : (value as number) > 0 ? "Infinity" : "-Infinity" };
  const hex = Buffer.from(value as ArrayBuffer).toString("hex");
  return type === "text" ? { type, hex } : { type: "blob", hex };
}

export interface BoundKey {
  /** SQLite expressions, without affinity so that the column's own decides. */
  readonly expressions: readonly string[];
  readonly args: readonly SourceValue[];
}

/** A tuple as expressions and arguments that compare as the values themselves would. */
export function bindKey(tuple: Tuple): BoundKey {
  const bound = tuple.map(bindValue);
  return {
    expressions: bound.map(([expression]) => expression),
    args: bound.flatMap(([, value]) => (value === undefined ? [] : [value])),
  };
}

function bindValue(value: KeyValue): [expression: string, value?: SourceValue] {
  switch (value.type) {
    case "null":
      return ["NULL"];
    case "integer":
      return ["?", BigInt(value.value)];
    case "real":
      // libsql refuses to bind infinities.
      return typeof value.value === "number" ? ["?", value.value] : [value.value === "Infinity" ? "9e999" : "-9e999"];
    case "text":
      // CAST takes bound bytes for UTF-8, also where the file is UTF-16; || takes them for the file's own text.
      return ["(? || x'')", arrayBuffer(value.hex)];
    case "blob":
      return ["?", arrayBuffer(value.hex)];
  }
}

function arrayBuffer(hex: string): ArrayBuffer {
  return new Uint8Array(Buffer.from(hex, "hex")).buffer;
}

/** A key's value as SQL that anyone can run, without arguments. */
export function keyLiteral(value: KeyValue): string {
  switch (value.type) {
    case "null":
      return "NULL";
    case "integer":
      return value.value;
    case "real":
      return typeof value.value === "number" ? String(value.value) : value.value === "Infinity" ? "9e999" : "-9e999";
    case "text":
      return `CAST(x'${value.hex}' AS TEXT)`;
    case "blob":
      return `x'${value.hex}'`;
  }
}
