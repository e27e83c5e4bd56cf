import { isDeepStrictEqual } from "node:util";
import { escapeCopyText } from "./copy-text.ts";
import { isDecimalOf } from "./decimal.ts";
import type { ValueKind } from "./kind.ts";
import { rawText } from "./text.ts";

/**
 * JSON as text, and bare numbers as the JSON that they are. `json` keeps the text as it is; `jsonb`
 * keeps the value: white space, the order of keys and all but the last of equal keys go.
 */
export function json(options: { readonly binary: boolean }): ValueKind {
  return {
    encode: (c) =>
      `CASE typeof(${c}) WHEN 'text' THEN ${escapeCopyText(c)} WHEN 'integer' THEN CAST(${c} AS TEXT) ELSE printf('%!.17g',${c}) END`,
    refused: (c) => `typeof(${c})='blob' OR coalesce(${c} IN (9e999,-9e999),0)`,
    fastPath: { shape: { kind: "text", most: null } },
    matches(raw, targetText) {
      if (raw.type === "integer") return targetText === raw.value.toString();
      if (raw.type === "real") return isDecimalOf(targetText, raw.value);
      const value = rawText(raw);
      if (value === null) return false;
      return options.binary ? sameJson(value, targetText) : value === targetText;
    },
  };
}

function sameJson(a: string, b: string): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(a, unsigned), JSON.parse(b, unsigned));
  } catch {
    return false;
  }
}

/** -0 is the number 0 to jsonb, which keeps no sign of it. */
function unsigned(_key: string, value: unknown): unknown {
  return value === 0 ? 0 : value;
}
