import { escapeCopyText } from "./copy-text.ts";
import type { ValueKind } from "./kind.ts";
import { isSameNormalForm } from "./normal-form.ts";
import { rawText } from "./text.ts";

/**
 * Types without a file of their own (enums, intervals, arrays …): text only, which PostgreSQL must
 * give back as it was, or in another way that is surely the same value.
 */
export const other = (type: string): ValueKind => ({
  encode: escapeCopyText,
  refused: (c) => `typeof(${c}) NOT IN ('text','null')`,
  fastPath: { shape: { kind: "text", most: null } },
  // A column of numbers makes one of a text that looks so, an enum's label say, when it comes back.
  matches(raw, targetText) {
    const sent = raw.type === "integer" ? String(raw.value) : rawText(raw);
    return sent !== null && isSameNormalForm(type, sent, targetText);
  },
});
