import { exactReal } from "./copy-text.ts";
import type { RawValue, ValueKind } from "./kind.ts";
import { rawText } from "./text.ts";

/** Doubles, infinities included, and integers that a double holds exactly. */
export const double: ValueKind = {
  encode: exactReal,
  refused: (c) =>
    `CASE typeof(${c}) WHEN 'real' THEN 0 WHEN 'null' THEN 0 WHEN 'integer' THEN ${c} NOT BETWEEN -9007199254740992 AND 9007199254740992 ELSE 1 END`,
  fastPath: {
    shape: { kind: "double" },
    json: (c) => `CASE typeof(${c}) WHEN 'real' THEN ${exactReal(c)} WHEN 'text' THEN '' ELSE ${c} END`,
  },
  matches(raw, targetText) {
    // Object.is: -0.0 is a value of its own.
    if (raw.type === "real") return Object.is(Number(targetText), raw.value);
    if (raw.type === "text") return isNumber(raw) && Object.is(Number(rawText(raw)), Number(targetText));
    return raw.type === "integer" && BigInt(Number(targetText)) === raw.value;
  },
};

function isNumber(raw: RawValue): boolean {
  return /\d/.test(rawText(raw) ?? "");
}
