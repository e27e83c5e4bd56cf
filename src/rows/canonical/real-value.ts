import type { ValuePart } from "./canonical-form.ts";
import type { ValueTokens } from "./value-tokens.ts";

const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

/** 2^62. A real from 2^-10 has no bit below 2^-62, so whole part and rest are integers of 64 bits, exactly. */
const UNIT = "4611686018427387904.0";
const UNITS = 2 ** 62;
const LEAST = "0.0009765625";
/** Of 15 digits: what has more is an integer of SQLite's. */
const MOST = "999999999999999";
const MAX_DIGITS = 15;

/**
 * What SQLite gives of a real or an integer: the whole part and the rest as integers, which takes it no longer than 17
 * digits, and makes reading them a matter of 30 ns. What is smaller or larger comes in 17 digits.
 */
export function realParts(c: string): readonly ValuePart[] {
  return [
    {
      sql:
        `CASE WHEN ${c} BETWEEN ${LEAST} AND ${MOST} THEN ${c}|0 WHEN ${c} BETWEEN -${MOST} AND -${LEAST} THEN ` +
        `${c}|0 WHEN typeof(${c})='null' THEN '' WHEN ${c}=0 THEN CASE WHEN atan2(${c},-1.0)<0 THEN '-0.0' ELSE ` +
        `0 END WHEN ${c}<'' THEN CASE typeof(${c}) WHEN 'integer' THEN ${c} ELSE printf('%!.17g',${c}) END ELSE ` +
        "'!' END",
      separator: "comma",
    },
    { sql: `(${c}-(${c}|0))*${UNIT}|0`, separator: "comma" },
  ];
}

/** A number as SQLite gave it, or why there is none. An `integer` is as its digits say, the value may be rounded. */
export type RealRead = "real" | "integer" | "null" | "unknown";

/** Reads reals from their parts. */
export class RealReader {
  value = 0;
  /** Of an integer the digits. */
  readonly whole: ValueTokens;
  readonly #rest: ValueTokens;

  constructor(parts: readonly ValueTokens[]) {
    [this.whole, this.#rest] = parts as [ValueTokens, ValueTokens];
  }

  next(): RealRead {
    const { whole } = this;
    const { bytes } = whole;
    const start = whole.end + 1;
    const isNegative = bytes[start] === MINUS;
    let at = isNegative ? start + 1 : start;
    const first = at;
    let value = 0;
    for (let byte = bytes[at] ?? COMMA; byte >= ZERO && byte <= NINE; byte = bytes[++at] ?? COMMA)
      value = value * 10 + byte - ZERO;
    whole.start = start;
    whole.end = at;
    if ((bytes[at] ?? COMMA) !== COMMA) {
      whole.end = start - 1;
      whole.next();
      this.#rest.next();
      return this.#byText();
    }
    // Of NULL there is no rest.
    if (at === start) return "null";
    const rest = restOf(this.#rest);
    const isInteger = rest === 0 || at - first > MAX_DIGITS;
    this.value = (isNegative ? -value : value) + (isInteger ? 0 : rest / UNITS);
    return isInteger ? "integer" : "real";
  }

  /** In 17 digits. */
  #byText(): RealRead {
    const { bytes, end, start } = this.whole;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
    this.value = Number(text.replace("Inf", "Infinity"));
    return Number.isNaN(this.value) ? "unknown" : "real";
  }
}

/** So many digits at most before the last ten: each part and their sum are exact. */
const HIGH_DIGITS = 9;
const LOW_DIGITS = 10;
const POWERS = Array.from({ length: LOW_DIGITS + 1 }, (_, power) => 10 ** power);

/** The next token, of at most nineteen digits. */
function restOf(tokens: ValueTokens): number {
  const { bytes } = tokens;
  const start = tokens.end + 1;
  const isNegative = bytes[start] === MINUS;
  let at = isNegative ? start + 1 : start;
  const split = at + HIGH_DIGITS;
  let high = 0;
  let byte = bytes[at] ?? COMMA;
  for (; at < split && byte !== COMMA; byte = bytes[++at] ?? COMMA) high = high * 10 + byte - ZERO;
  let low = 0;
  for (; byte !== COMMA; byte = bytes[++at] ?? COMMA) low = low * 10 + byte - ZERO;
  tokens.start = start;
  tokens.end = at;
  const value = at <= split ? high : high * (POWERS[at - split] ?? 0) + low;
  return isNegative ? -value : value;
}
