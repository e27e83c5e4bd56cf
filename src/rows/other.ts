import { escapeCopyText } from "./copy-text.ts";
import type { ValueKind } from "./kind.ts";
import { rawText } from "./text.ts";

/**
 * Types without a file of their own (enums, intervals, arrays …): text only, which PostgreSQL must
 * give back as it was. Where it writes the value another way, verification says so.
 */
export const other: ValueKind = {
  encode: escapeCopyText,
  refused: (c) => `typeof(${c}) NOT IN ('text','null')`,
  fastPath: { shape: { kind: "text", most: null } },
  // A column of numbers makes one of a text that looks so, an enum's label say, when it comes back.
  matches: (raw, targetText) => (raw.type === "integer" ? String(raw.value) : rawText(raw)) === targetText,
};
