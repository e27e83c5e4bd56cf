import type { ValueKind } from "./kind.ts";

/** Blobs, and texts as their bytes. */
export const bytes: ValueKind = {
  encode: (c) => `'\\\\x'||hex(CAST(${c} AS BLOB))`,
  refused: (c) => `typeof(${c}) IN ('integer','real')`,
  matches(raw, arrived) {
    if (raw.type !== "blob" && raw.type !== "text") return false;
    const bytes = raw.type === "text" ? (raw.stored ?? raw.bytes) : raw.bytes;
    return arrived === `\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex")}`;
  },
};
