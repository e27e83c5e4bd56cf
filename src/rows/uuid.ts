import type { ValueKind } from "./kind.ts";
import { rawText } from "./text.ts";

/** UUIDs as text in any case, with or without hyphens, or as 16 bytes. Other text PostgreSQL refuses. */
export const uuid: ValueKind = {
  encode: (c) => `CASE typeof(${c}) WHEN 'blob' THEN hex(${c}) ELSE ${c} END`,
  refused: (c) =>
    `CASE typeof(${c}) WHEN 'null' THEN 0 WHEN 'blob' THEN length(${c})<>16 WHEN 'text' THEN length(${c}) NOT IN (32,36) OR ${c} GLOB '*[^-0-9a-fA-F]*' ELSE 1 END`,
  fastPath: { shape: { kind: "uuid" }, json: (c) => `CASE typeof(${c}) WHEN 'blob' THEN hex(${c}) ELSE ${c} END` },
  matches(raw, targetText) {
    const plain = targetText.replaceAll("-", "");
    if (raw.type === "blob") return plain === Buffer.from(raw.bytes).toString("hex");
    return rawText(raw)?.replaceAll("-", "").toLowerCase() === plain;
  },
};
