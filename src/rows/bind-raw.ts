import type { TableMapping } from "../model/mapping.ts";
import type { SourceValue } from "../model/source-value.ts";
import type { RawValue } from "./raw-value.ts";

/** A raw value as a SQLite expression, without affinity so that the column's own decides, and its arguments. */
export function bindRaw(
  raw: RawValue,
  { encoding }: Pick<TableMapping, "encoding">,
): { readonly expression: string; readonly args: readonly SourceValue[] } {
  switch (raw.type) {
    case "null":
      return { expression: "NULL", args: [] };
    case "integer":
      return { expression: "?", args: [raw.value] };
    case "real":
      // libsql refuses to bind infinities.
      return Number.isFinite(raw.value)
        ? { expression: "?", args: [raw.value] }
        : { expression: raw.value > 0 ? "9e999" : "-9e999", args: [] };
    case "text":
      // As bytes: invalid UTF-8 and NUL are the application's, too.
      return { expression: "+CAST(? AS TEXT)", args: [buffer(inEncoding(raw.bytes, encoding))] };
    case "blob":
      return { expression: "?", args: [buffer(raw.bytes)] };
  }
}

function inEncoding(bytes: Uint8Array, encoding: TableMapping["encoding"]): Uint8Array {
  if (encoding === undefined) return bytes;
  const utf16 = Buffer.from(new TextDecoder().decode(bytes), "utf16le");
  return encoding === "UTF-16le" ? utf16 : utf16.swap16();
}

function buffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
