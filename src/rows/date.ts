import type { ValueKind } from "./kind.ts";
import { rawText } from "./text.ts";
import { isoDate } from "./timestamp.ts";

/** YYYY-MM-DD of a day that exists. Anything else PostgreSQL would read by its own lights. */
export const date: ValueKind = {
  encode: (c) => `${c}`,
  refused: (c) => `CASE typeof(${c}) WHEN 'null' THEN 0 WHEN 'text' THEN NOT ${isoDate(c)} ELSE 1 END`,
  fastPath: { shape: { kind: "date" } },
  matches: (raw, targetText) => rawText(raw) === targetText,
};
