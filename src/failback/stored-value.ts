import type { KeyColumn } from "../model/mapping.ts";
import type { Affinity } from "../model/source-schema.ts";
import type { WrittenValue } from "../rows/inverse.ts";
import { type PresentValue, type RawValue, rawText } from "../rows/raw-value.ts";
import { codecOf } from "../rows/types/codecs.ts";

/** A value to be written, and what the column's affinity makes of it. */
export interface StoredValue extends WrittenValue {
  readonly stored: PresentValue;
}

type Numeral = Extract<RawValue, { type: "integer" | "real" }>;

/** A text of which SQLite makes a number in a column of numbers. */
const NUMERAL = /^[ \t\n\v\f\r]*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?[ \t\n\v\f\r]*$/i;

/** What SQLite stores: '007' in a column declared STRING, which SQLite takes for numbers, is 7. */
export function asStored(
  { affinity, conversion }: Pick<KeyColumn, "conversion" | "affinity">,
  written: WrittenValue,
  targetText: string,
): StoredValue {
  const stored = byAffinity(affinity, written.value);
  if (stored === written.value) return { ...written, stored };
  const { comparison, inverse } = codecOf(conversion);
  const isSame = inverse.survivesAffinity?.(stored, targetText) ?? comparison.matches(stored, targetText);
  return { ...written, exact: written.exact && isSame, stored };
}

function byAffinity(affinity: Affinity, value: PresentValue): PresentValue {
  if (affinity === "text" || affinity === "blob") return value;
  const number = numberOf(value);
  if (number === null) return value;
  if (affinity === "real")
    return number.type === "real" && value.type === "real" ? value : { type: "real", value: Number(number.value) };
  // SQLite stores a real that is a whole number as an integer, where it fits.
  if (number.type === "real" && Number.isInteger(number.value) && Math.abs(number.value) < 2 ** 63)
    return { type: "integer", value: BigInt(number.value) };
  return number.value === (value.type === "integer" || value.type === "real" ? value.value : null) ? value : number;
}

function numberOf(value: PresentValue): Numeral | null {
  if (value.type === "integer" || value.type === "real") return value;
  const text = value.type === "text" ? (rawText(value) ?? "") : "";
  if (!NUMERAL.test(text)) return null;
  const digits = text.trim().replace(/^\+/, "");
  if (/^-?\d+$/.test(digits)) {
    const integer = BigInt(digits);
    if (integer >= -(2n ** 63n) && integer < 2n ** 63n) return { type: "integer", value: integer };
  }
  return { type: "real", value: Number(digits) };
}

/** Equal as SQLite compares numbers; of other values, to the last byte. */
export function isStoredAs({ stored }: StoredValue, raw: RawValue): boolean {
  if (raw.type === "null") return false;
  if (stored.type === "integer" || stored.type === "real") {
    if (raw.type !== "integer" && raw.type !== "real") return false;
    // biome-ignore lint/suspicious/noDoubleEquals: an integer and a real are compared by what they are.
    return stored.value == raw.value;
  }
  return raw.type === stored.type && Buffer.compare(raw.bytes, stored.bytes) === 0;
}
