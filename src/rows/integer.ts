import type { ValueKind } from "./kind.ts";
import { rawText } from "./text.ts";

/**
 * Integers, and reals that are whole: 3.0 arrives as 3. Out of a smaller type's range, PostgreSQL refuses. Texts do not pass, but match:
 * in a column of texts SQLite makes one of a number that comes back. The other types of number do the same.
 */
export const integer: ValueKind = {
  encode: (c) => `CAST(CAST(${c} AS INTEGER) AS TEXT)`,
  refused: (c) =>
    `CASE typeof(${c}) WHEN 'integer' THEN 0 WHEN 'null' THEN 0 WHEN 'real' THEN NOT (abs(${c})<=9007199254740992 AND CAST(${c} AS INTEGER)=${c}) ELSE 1 END`,
  fastPath: { shape: { kind: "integer" } },
  matches(raw, targetText) {
    if (raw.type === "integer") return targetText === raw.value.toString();
    if (raw.type === "text") return rawText(raw) === targetText;
    return raw.type === "real" && Number.isInteger(raw.value) && BigInt(raw.value) === BigInt(targetText);
  },
};
