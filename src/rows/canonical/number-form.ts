import type { CanonicalForm } from "./canonical-form.ts";
import type { CanonicalValue } from "./canonical-value.ts";
import { type RecordValue, STORED } from "./record-value.ts";
import type { ValueTokens } from "./value-tokens.ts";

const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
/** So many digits make a number that a double holds. */
const SAFE_DIGITS = 15;

/** Whole numbers. SQLite writes a real with a point, so it is told apart. */
export const NUMBER_FORM: CanonicalForm = {
  sqlite: (c) => [
    {
      sql: `CASE WHEN ${c}<'' THEN ${c} WHEN typeof(${c})='null' THEN '' ELSE '!' END`,
      separator: "comma",
    },
  ],
  postgres: (c) => ({ kind: "integer", sql: c }),
  writer: ([values]) => {
    const tokens = values as ValueTokens;
    return (into) => takeDigits(into, tokens);
  },
  stored: (into, value) => {
    if (value.class !== STORED.integer) return value.class === STORED.null && into.setNull();
    return Number.isNaN(value.number) ? into.setLarge(BigInt(value.digits)) : into.setInteger(value.number);
  },
  isAlike: (raw, targetText) => raw.type === "integer" && raw.value.toString() === targetText,
};

/** 0 and 1, as numbers on both sides. */
export const BOOLEAN_FORM: CanonicalForm = {
  ...NUMBER_FORM,
  postgres: (c) => ({ kind: "integer", sql: `${c}::integer` }),
  isAlike: (raw, targetText) =>
    raw.type === "integer" && raw.value === (targetText === "t" || targetText === "true" ? 1n : 0n),
};

/** An integer of a record, by its digits. */
export function putStoredInteger(into: CanonicalValue, value: RecordValue): true {
  return Number.isNaN(value.number) ? into.putAscii(value.digits) : into.putInteger(value.number);
}

/** In one loop with the search for the token's end. */
function takeDigits(into: CanonicalValue, tokens: ValueTokens): boolean {
  const { bytes } = tokens;
  const start = tokens.end + 1;
  const isNegative = bytes[start] === MINUS;
  const first = isNegative ? start + 1 : start;
  let at = first;
  let value = 0;
  for (let byte = bytes[at] ?? COMMA; byte >= ZERO && byte <= NINE; byte = bytes[++at] ?? COMMA)
    value = value * 10 + byte - ZERO;
  tokens.start = start;
  tokens.end = at;
  if ((bytes[at] ?? COMMA) !== COMMA) {
    // No digits: what follows is passed over.
    tokens.end = start - 1;
    tokens.next();
    return false;
  }
  if (at === start) return into.setNull();
  if (at - first <= SAFE_DIGITS) return into.setInteger(isNegative ? -value : value);
  const digits = BigInt(Buffer.from(bytes.buffer, bytes.byteOffset + start, at - start).toString("latin1"));
  const number = Number(digits);
  return Number.isSafeInteger(number) ? into.setInteger(number) : into.setLarge(digits);
}
