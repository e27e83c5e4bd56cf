import type { KeyColumn } from "../model/mapping.ts";
import type { Affinity } from "../model/schema.ts";
import type { Returned } from "../rows/inverse/inverse.ts";
import { realOfText } from "../rows/inverse/numbers.ts";
import type { RawValue } from "../rows/kind.ts";
import { kindOf } from "../rows/kinds.ts";
import { rawText } from "../rows/text.ts";

/** A value to be written, and what the column's affinity makes of it. */
export interface Stored extends Returned {
  readonly stored: Returned["value"];
}

type Numeral = Extract<RawValue, { type: "integer" | "real" }>;

/** Texts that SQLite makes numbers of in a column of numbers. */
const NUMERAL = /^[ \t\n\v\f\r]*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?[ \t\n\v\f\r]*$/i;

/** What SQLite keeps of a value: '007' in a column that is declared STRING, which SQLite takes for numbers, is 7. */
export function asStored(
  { affinity, conversion }: Pick<KeyColumn, "conversion" | "affinity">,
  sourceValue: Returned,
  targetText: string,
): Stored {
  const stored = byAffinity(affinity, sourceValue.value);
  if (stored === sourceValue.value) return { ...sourceValue, stored };
  const { kind } = conversion;
  const isSame =
    kind === "text" || kind === "other" ? isText(stored, targetText) : kindOf(conversion).matches(stored, targetText);
  return { ...sourceValue, exact: sourceValue.exact && isSame, stored };
}

function byAffinity(affinity: Affinity, value: Returned["value"]): Returned["value"] {
  if (affinity === "text" || affinity === "blob") return value;
  const number = numberOf(value);
  if (number === null) return value;
  if (affinity === "real")
    return number.type === "real" && value.type === "real" ? value : { type: "real", value: Number(number.value) };
  // A real that is a whole number is kept as an integer, where it fits.
  if (number.type === "real" && Number.isInteger(number.value) && Math.abs(number.value) < 2 ** 63)
    return { type: "integer", value: BigInt(number.value) };
  return number.value === (value.type === "integer" || value.type === "real" ? value.value : null) ? value : number;
}

function numberOf(value: Returned["value"]): Numeral | null {
  if (value.type === "integer" || value.type === "real") return value;
  const text = value.type === "text" ? (rawText(value) ?? "") : "";
  if (!NUMERAL.test(text)) return null;
  const digits = text.trim().replace(/^\+/, "");
  if (/^-?\d+$/.test(digits)) {
    const whole = BigInt(digits);
    if (whole >= -(2n ** 63n) && whole < 2n ** 63n) return { type: "integer", value: whole };
  }
  return { type: "real", value: Number(digits) };
}

/** Whether who reads a number as a text gets this one. */
function isText(stored: Returned["value"], text: string): boolean {
  return stored.type === "integer"
    ? String(stored.value) === text
    : stored.type === "real" && Object.is(realOfText(text), stored.value);
}

/** Equal as SQLite compares numbers; of other values, to the last byte. */
export function isStoredAs({ stored }: Stored, raw: RawValue): boolean {
  if (raw.type === "null") return false;
  if (stored.type === "integer" || stored.type === "real") {
    if (raw.type !== "integer" && raw.type !== "real") return false;
    // biome-ignore lint/suspicious/noDoubleEquals: an integer and a real are compared by what they are.
    return stored.value == raw.value;
  }
  return raw.type === stored.type && Buffer.compare(raw.bytes, stored.bytes) === 0;
}
