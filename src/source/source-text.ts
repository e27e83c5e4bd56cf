import type { SourceSchema } from "../model/source-schema.ts";
import type { SourceValue } from "../model/source-value.ts";
import type { SourceReader } from "./source.ts";

export type SourceEncoding = SourceSchema["encoding"];

/** The text encoding of the database, in which CAST(text AS BLOB) returns text. */
export async function readEncoding(tx: SourceReader): Promise<SourceEncoding> {
  const [row] = await tx.rows("PRAGMA encoding");
  return String(row?.[0] ?? "UTF-8") as SourceEncoding;
}

/** Decodes text that was read as a blob. libsql aborts the process if it reads invalid UTF-8 as text. */
export function decodeText(value: SourceValue | undefined, encoding: SourceEncoding): string {
  if (!(value instanceof ArrayBuffer)) return String(value ?? "");
  return new TextDecoder(encoding === "UTF-8" ? "utf-8" : encoding === "UTF-16le" ? "utf-16le" : "utf-16be", {
    ignoreBOM: true,
  }).decode(value);
}
