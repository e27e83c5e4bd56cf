import type { ColumnProfile } from "../../model/profile.ts";
import type { Affinity } from "../../model/source-schema.ts";

/** Storage classes next to NULL that SQLite may have in one place: a set of bits. */
export type StorageClasses = number;

export const INTEGER = 1;
export const REAL = 2;
export const TEXT = 4;
export const BLOB = 8;
export const NUMBERS = INTEGER | REAL;

export function isWithin(classes: StorageClasses, allowed: StorageClasses): boolean {
  return (classes & ~allowed) === 0;
}

/** The affinity of an expression. An untyped column has BLOB; what is no column and no CAST has none. */
export type ExpressionAffinity = Affinity | "none" | "unclear";

export function isNumericAffinity(affinity: ExpressionAffinity): boolean {
  return affinity === "integer" || affinity === "real" || affinity === "numeric";
}

/** The affinity by which SQLite converts both sides of a comparison (`sqlite3CompareAffinity`). */
export function comparisonAffinity(left: ExpressionAffinity, right: ExpressionAffinity): ExpressionAffinity {
  if (left === "unclear" || right === "unclear") return "unclear";
  if (left === "none") return right;
  if (right === "none") return left;
  return isNumericAffinity(left) || isNumericAffinity(right) ? "numeric" : "blob";
}

/** Whether SQLite makes a number of a text where it applies NUMERIC affinity. */
export function looksNumeric(text: string): boolean {
  return /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text);
}

/** Least and greatest value that a number may have, rounded; null where that is not known. */
export type NumberRange = readonly [least: number, most: number] | null;

/** Below 2^63 by more than a double of that size is off. */
const MAX_INTEGER = 9.223_372_036_854e18;
const MAX_DOUBLE = 1.7e308;

export function fitsInteger(range: NumberRange): boolean {
  return range !== null && range[0] >= -MAX_INTEGER && range[1] <= MAX_INTEGER;
}

/** PostgreSQL calculates with small constants, lengths and truth values in 32 bits. */
export function fitsNarrow(range: NumberRange): boolean {
  return range !== null && range[0] >= -2_147_483_648 && range[1] <= 2_147_483_647;
}

/** Whether a double holds each integer of the range. */
export function fitsDouble(range: NumberRange): boolean {
  return range !== null && range[0] >= -Number.MAX_SAFE_INTEGER && range[1] <= Number.MAX_SAFE_INTEGER;
}

/** Neither infinite nor beyond what a double holds: SQLite has infinity there, PostgreSQL an error. */
export function isFiniteRange(range: NumberRange): boolean {
  return range === null || (range[0] >= -MAX_DOUBLE && range[1] <= MAX_DOUBLE);
}

export function calculatedRange(operator: string, left: NumberRange, right: NumberRange): NumberRange {
  if (left === null || right === null) return null;
  const pairs = left.flatMap((a) => right.map((b): [number, number] => [a, b]));
  const values = pairs.map(([a, b]) => {
    switch (operator) {
      case "+":
        return a + b;
      case "-":
        return a - b;
      case "*":
        return a * b || 0;
      default:
        return a / b;
    }
  });
  return [Math.min(...values), Math.max(...values)];
}

const ALL_BITS: NumberRange = [-(2 ** 63), 2 ** 63];

/** Of the bits that two integers have together: no more places than the longer one. */
export function bitsRange(ranges: readonly NumberRange[]): NumberRange {
  const united = unitedRange(ranges);
  if (united === null) return ALL_BITS;
  const places = 2 ** (Math.floor(Math.log2(Math.max(-united[0], united[1], 1))) + 1);
  return united[0] >= 0 ? [0, places] : [-places, places];
}

/** What is shifted out is lost in both databases, and the rest may be anything. */
export function shiftedRange(operator: "<<" | ">>", range: NumberRange, places: number): NumberRange {
  if (operator === ">>") return unitedRange([range, [-1, 0]]);
  const wanted = calculatedRange("*", range, [2 ** places, 2 ** places]);
  return fitsInteger(wanted) ? wanted : ALL_BITS;
}

export function unitedRange(ranges: readonly NumberRange[]): NumberRange {
  const known = ranges.filter((range) => range !== null);
  if (known.length < ranges.length || known.length === 0) return null;
  return [Math.min(...known.map(([least]) => least)), Math.max(...known.map(([, most]) => most))];
}

/** What was seen in a column. */
export function seenClasses({ integers, reals, texts, blobs }: ColumnProfile): StorageClasses {
  return (integers > 0 ? INTEGER : 0) | (reals > 0 ? REAL : 0) | (texts > 0 ? TEXT : 0) | (blobs > 0 ? BLOB : 0);
}

/** Of the numbers in a column, 0 where it has none yet. */
export function seenRange({ integers, reals, infinities, ...seen }: ColumnProfile): NumberRange {
  const bounds = [
    ...(integers > 0 ? [Number(seen.minInteger), Number(seen.maxInteger)] : []),
    ...(reals > 0 ? [seen.minReal ?? 0, seen.maxReal ?? 0] : []),
    ...(infinities > 0 ? [-Infinity, Infinity] : []),
  ];
  return bounds.length === 0 ? [0, 0] : [Math.min(...bounds), Math.max(...bounds)];
}
