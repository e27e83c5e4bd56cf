import { isWithin, looksNumeric, NUMBERS } from "../../src/plan/translate/storage-classes.ts";
import type { ValueTraits } from "../../src/plan/translate/typed-sql.ts";
import { type SqliteValue, textOf } from "./both-sides.ts";

/** How PostgreSQL writes a value so that it can be compared. */
export function shownSql(sql: string, { family }: ValueTraits): string {
  if (family === "bytea") return `encode(${sql}, 'hex')`;
  return family === "boolean" ? `(${sql})::integer::text` : `(${sql})::text`;
}

/** Digits that count: sums and averages of doubles are rounded in another order. */
const DIGITS = 12;

export function canonicalOfPostgres(text: string | null, traits: ValueTraits): string {
  if (text === null) return "null";
  switch (traits.family) {
    case "integer":
    case "boolean":
      return /^-?\d+$/.test(text) ? `number ${BigInt(text)}` : `no integer: ${text}`;
    case "double":
    case "numeric":
      return number(text);
    case "bytea":
      return `bytes ${text}`;
    case "timestamp":
    case "timestamptz":
      return timestamp(text.replace(/[+-]\d\d$/, ""));
    default:
      return textual(text, traits);
  }
}

export function canonicalOfSqlite(value: SqliteValue, traits: ValueTraits): string {
  if (value === null) return "null";
  if (traits.family === "bytea" && !(value instanceof Uint8Array))
    return `bytes ${Buffer.from(textOf(value)).toString("hex")}`;
  if (value instanceof Uint8Array) {
    const hex = Buffer.from(value).toString("hex");
    return traits.family === "text" ? textual(hex, traits) : `bytes ${hex}`;
  }
  if (traits.family.startsWith("timestamp")) return timestamp(String(value));
  if (typeof value === "bigint") return number(String(value));
  if (typeof value === "number") return Number.isInteger(value) ? number(String(BigInt(value))) : number(String(value));
  return textual(value, traits);
}

function textual(text: string, traits: ValueTraits): string {
  return mayBeNumber(traits) && looksNumeric(text) ? number(text) : `text ${text}`;
}

/** Numbers that PostgreSQL holds as texts. */
function mayBeNumber({ classes }: ValueTraits): boolean {
  return !isWithin(classes, ~NUMBERS);
}

function number(text: string): string {
  const integer = /^-?\d+$/.test(text) ? BigInt(text) : null;
  if (integer !== null) return `number ${integer}`;
  const value = Number(text);
  if (Number.isInteger(value)) return `number ${BigInt(value)}`;
  const whole = Math.round(value);
  if (Math.abs(value - whole) <= Math.abs(value) * 10 ** -DIGITS) return `number ${BigInt(whole)}`;
  // Times pi, since halves of short decimals stand just where rounding goes either way.
  return `number of ${(value * Math.PI).toPrecision(DIGITS)} / pi`;
}

function timestamp(text: string): string {
  if (/^\d+$/.test(text)) return `at ${new Date(Number(text) * 1000).toISOString().replace("T", " ").slice(0, 19)}`;
  const at = text
    .replace("T", " ")
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");
  return `at ${at.length === 10 ? `${at} 00:00:00` : at}`;
}
