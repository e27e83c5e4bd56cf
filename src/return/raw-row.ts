import { type Encoding, decodeText } from "../db/source-text.ts";
import type { SourceValue } from "../db/source.ts";
import { rawExpression } from "../value/bind-key.ts";
import type { RawValue } from "../value/kind.ts";

/** SQLite expressions that read a value as it is: its storage class, and its bytes. */
export function rawExpressions(value: string): string[] {
  return [`typeof(${value})`, rawExpression(value)];
}

/** What {@link rawExpressions} read into `row` at `offset`. */
export function rawAt(row: readonly SourceValue[], offset: number, encoding: Encoding): RawValue {
  const type = row[offset];
  const value = row[offset + 1] ?? null;
  switch (type) {
    case "integer":
      return { type, value: value as bigint };
    case "real":
      return { type, value: Number(value) };
    case "text": {
      const bytes = new Uint8Array(value as ArrayBuffer);
      return { type, bytes: encoding === "UTF-8" ? bytes : new TextEncoder().encode(decodeText(value, encoding)) };
    }
    case "blob":
      return { type, bytes: new Uint8Array(value as ArrayBuffer) };
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
