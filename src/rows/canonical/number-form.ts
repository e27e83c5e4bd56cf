import { type CanonicalForm, orTilde } from "./canonical-form.ts";
import type { CanonicalRow } from "./canonical-row.ts";
import { type RecordValue, STORED } from "./record-value.ts";
import type { ValueTokens } from "./value-tokens.ts";

const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

/** Whole numbers by their digits. SQLite writes a real with a point, so it is told apart. */
export const NUMBER_FORM: CanonicalForm = {
  sqlite: (c) => [
    {
      sql: `CASE WHEN ${c}<'' THEN ${c} WHEN typeof(${c})='null' THEN '' ELSE '!' END`,
      separator: "comma",
    },
  ],
  postgres: orTilde,
  writer: ([values]) => {
    const tokens = values as ValueTokens;
    return (row) => putDigits(row, tokens);
  },
  stored: (row, value) => {
    if (value.class === STORED.integer) return putStoredInteger(row, value);
    return value.class === STORED.null && row.putNull();
  },
  isAlike: (raw, targetText) => raw.type === "integer" && raw.value.toString() === targetText,
};

/** 0 and 1, as numbers on both sides. */
export const BOOLEAN_FORM: CanonicalForm = {
  ...NUMBER_FORM,
  postgres: (c, options) => orTilde(`${c}::integer`, options),
  isAlike: (raw, targetText) =>
    raw.type === "integer" && raw.value === (targetText === "t" || targetText === "true" ? 1n : 0n),
};

export function putStoredInteger(row: CanonicalRow, value: RecordValue): true {
  return Number.isNaN(value.number) ? row.putAscii(value.digits) : row.putInteger(value.number);
}

/** In one loop with the search for the token's end. */
function putDigits(row: CanonicalRow, tokens: ValueTokens): boolean {
  const { bytes } = tokens;
  const { out } = row;
  const start = tokens.end + 1;
  let { at } = row;
  let from = start;
  if (bytes[from] === MINUS) out[at++] = bytes[from++] ?? 0;
  for (let byte = bytes[from] ?? COMMA; byte >= ZERO && byte <= NINE; byte = bytes[++from] ?? COMMA) out[at++] = byte;
  tokens.start = start;
  tokens.end = from;
  if ((bytes[from] ?? COMMA) !== COMMA) {
    // No digits: what follows is passed over.
    tokens.end = start - 1;
    tokens.next();
    return false;
  }
  if (from === start) return row.putNull();
  row.at = at;
  return true;
}
