import { bare, type CanonicalForm, orTilde } from "./canonical-form.ts";
import type { CanonicalRow } from "./canonical-row.ts";
import type { ValueTokens } from "./value-tokens.ts";

const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

/** Whole numbers by their digits. SQLite writes a real with a point, so it is told apart. */
export const NUMBER_FORM: CanonicalForm = {
  sqlite: (c) => [
    {
      sql: `CASE WHEN ${bare(c)}<'' THEN ${c} WHEN typeof(${c})='null' THEN '' ELSE '!' END`,
      separator: "comma",
    },
  ],
  postgres: orTilde,
  writer: ([values]) => {
    const tokens = values as ValueTokens;
    return (row) => {
      tokens.next();
      return tokens.start === tokens.end ? row.putNull() : putDigits(row, tokens);
    };
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

function putDigits(row: CanonicalRow, { bytes, end, start }: ValueTokens): boolean {
  const { out } = row;
  let { at } = row;
  for (let from = start; from < end; from++) {
    const byte = bytes[from] ?? 0;
    if ((byte < ZERO || byte > NINE) && (byte !== MINUS || from > start)) return false;
    out[at++] = byte;
  }
  row.at = at;
  return true;
}
