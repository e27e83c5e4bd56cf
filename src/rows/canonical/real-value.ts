import { bare, type ValuePart } from "./canonical-form.ts";
import type { ValueTokens } from "./value-tokens.ts";

const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

/** 2^62. A real from 2^-10 has no bit below 2^-62, so whole part and rest are integers of 64 bits, exactly. */
const UNIT = "4611686018427387904.0";
const UNITS = 2 ** 62;
const LEAST = "0.0009765625";
/** Of 15 digits: what has more is an integer of SQLite's. */
const MOST = "999999999999999";
const MOST_DIGITS = 15;

/**
 * What SQLite gives of a real or an integer: the whole part and the rest as integers, which takes it no longer than 17
 * digits, and makes reading them a matter of 30 ns. What is smaller or larger comes in 17 digits.
 */
export function realParts(c: string): readonly ValuePart[] {
  const value = bare(c);
  return [
    {
      sql: `CASE WHEN ${value} BETWEEN ${LEAST} AND ${MOST} THEN ${c}|0 WHEN ${value} BETWEEN -${MOST} AND -${LEAST} THEN ${c}|0 WHEN typeof(${c})='null' THEN '' WHEN ${value}=0 THEN CASE WHEN atan2(${c},-1.0)<0 THEN '-0.0' ELSE 0 END WHEN ${value}<'' THEN CASE typeof(${c}) WHEN 'integer' THEN ${c} ELSE printf('%!.17g',${c}) END ELSE '!' END`,
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
    whole.next();
    // Of NULL there is no rest.
    if (whole.start === whole.end) return "null";
    this.#rest.next();
    const { bytes, end, start } = whole;
    const isNegative = bytes[start] === MINUS;
    const first = isNegative ? start + 1 : start;
    let value = 0;
    for (let at = first; at < end; at++) {
      const byte = bytes[at] ?? 0;
      if (byte < ZERO || byte > NINE) return this.#byText();
      value = value * 10 + byte - ZERO;
    }
    const rest = end - first > MOST_DIGITS ? 0 : restOf(this.#rest);
    this.value = (isNegative ? -value : value) + rest / UNITS;
    return rest === 0 ? "integer" : "real";
  }

  /** In 17 digits. */
  #byText(): RealRead {
    const { bytes, end, start } = this.whole;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
    this.value = Number(text.replace("Inf", "Infinity"));
    return Number.isNaN(this.value) ? "unknown" : "real";
  }
}

/** Digits behind the last ten: of at most nine, so both parts and their sum are exact. */
const LOW_DIGITS = 10;
const LOW = 10 ** LOW_DIGITS;

function restOf({ bytes, end, start }: ValueTokens): number {
  const isNegative = bytes[start] === MINUS;
  let at = isNegative ? start + 1 : start;
  let high = 0;
  for (const split = end - LOW_DIGITS; at < split; at++) high = high * 10 + (bytes[at] ?? 0) - ZERO;
  let low = 0;
  for (; at < end; at++) low = low * 10 + (bytes[at] ?? 0) - ZERO;
  return isNegative ? -(high * LOW + low) : high * LOW + low;
}
