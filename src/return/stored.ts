import type { KeyColumn } from "../model/mapping.ts";
import type { Returned } from "../value/inverse/inverse.ts";
import { realOfText } from "../value/inverse/numbers.ts";
import type { RawValue } from "../value/kind.ts";
import { kindOf } from "../value/kinds.ts";
import { rawText } from "../value/text.ts";
import { sameRaw } from "./raw-row.ts";

/** Texts that SQLite makes numbers of in a column of numbers. */
const NUMERAL = /^[ \t\n\v\f\r]*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?[ \t\n\v\f\r]*$/i;

/** What a column's affinity makes of a value: '007' in a column that is declared STRING, which SQLite takes for a number, is 7. */
export function asStored(
  { affinity, conversion }: Pick<KeyColumn, "conversion" | "affinity">,
  returned: Returned,
  arrived: string,
): Returned {
  if (returned.value.type !== "text" || affinity === "text" || affinity === "blob") return returned;
  const text = rawText(returned.value) ?? "";
  if (!NUMERAL.test(text)) return returned;
  const stored = numberOf(text);
  const { kind } = conversion;
  // As SQLite gives it back to who reads it as a text.
  const exact =
    kind === "text" || kind === "other"
      ? stored.type === "integer"
        ? String(stored.value) === text
        : realOfText(text) !== null
      : kindOf(conversion).matches(stored, arrived);
  return { ...returned, exact: returned.exact && exact };
}

/** Whether SQLite, having been given a value, may hold this one. */
export function isStoredAs(given: Returned["value"], raw: RawValue): boolean {
  if (sameRaw(given, raw)) return true;
  const [before, after] = [amountOf(given), amountOf(raw)];
  return before !== null && after !== null && before === after;
}

function amountOf(raw: RawValue): number | bigint | null {
  switch (raw.type) {
    case "integer":
      return raw.value;
    case "real":
      return Number.isSafeInteger(raw.value) || Math.abs(raw.value) < 2 ** 63 ? wholeOf(raw.value) : raw.value;
    case "text": {
      const text = rawText(raw) ?? "";
      return NUMERAL.test(text) ? amountOf(numberOf(text)) : null;
    }
    default:
      return null;
  }
}

function wholeOf(value: number): number | bigint {
  return Number.isInteger(value) ? BigInt(value) : value;
}

function numberOf(text: string): Extract<RawValue, { type: "integer" | "real" }> {
  const trimmed = text.trim();
  if (/^[-+]?\d+$/.test(trimmed)) {
    const value = BigInt(trimmed.replace(/^\+/, ""));
    if (value >= -(2n ** 63n) && value < 2n ** 63n) return { type: "integer", value };
  }
  return { type: "real", value: Number(trimmed) };
}
