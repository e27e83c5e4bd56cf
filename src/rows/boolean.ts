import type { RawValue, ValueKind } from "./kind.ts";
import { rawText } from "./text.ts";

/** 0 and 1, nothing else: what SQLite's applications take 2 or 'true' for is theirs to say. */
export const boolean: ValueKind = {
  encode: (c) => `CASE ${c} WHEN 1 THEN 't' ELSE 'f' END`,
  refused: (c) => `CASE typeof(${c}) WHEN 'null' THEN 0 WHEN 'integer' THEN ${c} NOT IN (0,1) ELSE 1 END`,
  fastPath: { shape: { kind: "boolean" } },
  matches(raw, targetText) {
    const digit = digitOf(raw);
    return (digit === "1" && targetText === "true") || (digit === "0" && targetText === "false");
  },
};

/** As it comes back into a column whose affinity makes a real or a text of it. */
function digitOf(raw: RawValue): string | null {
  return raw.type === "integer" || raw.type === "real"
    ? String(raw.value)
    : (rawText(raw)?.replace(/\.0$/, "") ?? null);
}
