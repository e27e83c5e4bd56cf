import type { SourceSchema } from "../model/source-schema.ts";
import type { SourceValue } from "../source/source.ts";

export type Encoding = SourceSchema["encoding"];

/** Reads text that came out as a blob, in the database's encoding. Null if it was NULL. */
export function decoder(encoding: Encoding): (value: SourceValue | undefined) => string | null {
  const decode = new TextDecoder(encoding === "UTF-8" ? "utf-8" : encoding === "UTF-16le" ? "utf-16le" : "utf-16be", {
    ignoreBOM: true,
  });
  return (value) => {
    if (value === null || value === undefined) return null;
    return value instanceof ArrayBuffer ? decode.decode(value) : String(value);
  };
}

/** Whether a name lost bytes in decoding: SQLite could not be asked for it again. */
export function isGarbled(name: string): boolean {
  return name.includes("\ufffd") || name.includes("\0");
}
