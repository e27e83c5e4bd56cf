import type { SourceSchema } from "../model/schema.ts";
import type { SourceValue } from "../model/source-value.ts";
import type { SourceReader } from "./source.ts";

export type Encoding = SourceSchema["encoding"];

/** The database's text encoding: what CAST(text AS BLOB) gives. */
export async function readEncoding(tx: SourceReader): Promise<Encoding> {
  const [row] = await tx.rows("PRAGMA encoding");
  return String(row?.[0] ?? "UTF-8") as Encoding;
}

/** Text that was read as a blob. libsql aborts the process on invalid UTF-8 that is read as text. */
export function decodeText(value: SourceValue | undefined, encoding: Encoding): string {
  if (!(value instanceof ArrayBuffer)) return String(value ?? "");
  return new TextDecoder(encoding === "UTF-8" ? "utf-8" : encoding === "UTF-16le" ? "utf-16le" : "utf-16be", {
    ignoreBOM: true,
  }).decode(value);
}
