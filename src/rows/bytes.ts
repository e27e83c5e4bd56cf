import type { ValueKind } from "./kind.ts";

/** Blobs, and texts as their bytes. */
export const bytes: ValueKind = {
  encode: (c) => `'\\\\x'||hex(CAST(${c} AS BLOB))`,
  refused: (c) => `typeof(${c}) IN ('integer','real')`,
  fastPath: {
    shape: { kind: "text", most: null },
    json: (c) => `CASE typeof(${c}) WHEN 'blob' THEN '\\x'||hex(${c}) WHEN 'null' THEN NULL ELSE 0 END`,
  },
  matches(raw, targetText) {
    if (raw.type !== "blob" && raw.type !== "text") return false;
    const bytes = raw.type === "text" ? (raw.stored ?? raw.bytes) : raw.bytes;
    return targetText === `\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex")}`;
  },
};
