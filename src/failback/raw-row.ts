import { rawExpression } from "../rows/bind-key.ts";
import { balanced } from "../rows/copy-text.ts";
import type { RawValue } from "../rows/raw-value.ts";
import type { SourceValue } from "../source/source.ts";
import { decodeText, type SourceEncoding } from "../source/source-text.ts";

/**
 * SQLite expressions that read values as they are: one letter for each storage class, all in one text, then the values.
 */
export function rawExpressions(values: readonly string[]): string[] {
  return [
    balanced(
      values.map((value) => `substr(typeof(${value}),1,1)`),
      "||",
    ),
    ...values.map(rawExpression),
  ];
}

/** What {@link rawExpressions} read into `row` at `offset`. */
export function rawValues(
  row: readonly SourceValue[],
  offset: number,
  count: number,
  encoding: SourceEncoding,
): RawValue[] {
  const letters = String(row[offset]);
  return Array.from({ length: count }, (_, index) =>
    rawValue(letters.charAt(index), row[offset + 1 + index] ?? null, encoding),
  );
}

function rawValue(letter: string, value: SourceValue, encoding: SourceEncoding): RawValue {
  switch (letter) {
    case "i":
      return { type: "integer", value: value as bigint };
    case "r":
      return { type: "real", value: Number(value) };
    case "t": {
      const bytes = new Uint8Array(value as ArrayBuffer);
      return {
        type: "text",
        bytes: encoding === "UTF-8" ? bytes : new TextEncoder().encode(decodeText(value, encoding)),
      };
    }
    case "b":
      return { type: "blob", bytes: new Uint8Array(value as ArrayBuffer) };
    default:
      return { type: "null" };
  }
}

/** To the storage class and the last bit. */
export function sameRaw(a: RawValue, b: RawValue): boolean {
  if (a.type === "null" || b.type === "null") return a.type === b.type;
  if (a.type === "text" || a.type === "blob") return a.type === b.type && Buffer.compare(a.bytes, b.bytes) === 0;
  return a.type === b.type && Object.is(a.value, b.value);
}
