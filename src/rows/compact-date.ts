/**
 * Dates without signs between their parts, by the last part: `20240131123000` as MediaWiki has them, `20240131` as
 * others do.
 */
export type CompactDate = "days" | "hours" | "minutes" | "seconds" | "milliseconds";

export const COMPACT_DATES: readonly CompactDate[] = ["seconds", "days", "minutes", "milliseconds", "hours"];

const LENGTHS: Readonly<Record<CompactDate, number>> = {
  days: 8,
  hours: 10,
  minutes: 12,
  seconds: 14,
  milliseconds: 17,
};

/** As a person reads it. */
export const COMPACT_EXAMPLES: Readonly<Record<CompactDate, string>> = {
  days: "eight digits, as in 20240131",
  hours: "ten digits, as in 2024013112",
  minutes: "twelve digits, as in 202401311230",
  seconds: "fourteen digits, as in 20240131123000",
  milliseconds: "seventeen digits, as in 20240131123000123",
};

/**
 * Which of these dates a number is, of a year that people keep records of; null if it is none. Ten digits may be
 * seconds since 1970 from 2027 on: there only the years about now count.
 */
export function compactDateOf(value: bigint): CompactDate | null {
  const digits = value.toString();
  const format = COMPACT_DATES.find((candidate) => LENGTHS[candidate] === digits.length);
  if (format === undefined) return null;
  const [year, month, day, hour, minute, second] = [
    digits.slice(0, 4),
    ...[4, 6, 8, 10, 12].map((start) => digits.slice(start, start + 2)),
  ].map(Number);
  const [first, last] = format === "hours" ? [1970, 2050] : [1800, 2200];
  const isDate = isIn(year, first, last - 1) && isIn(month, 1, 12) && isIn(day, 1, 31) && isIn(hour, 0, 23);
  return isDate && isIn(minute, 0, 59) && isIn(second, 0, 59) ? format : null;
}

function isIn(value: number | undefined, min: number, max: number): boolean {
  return value !== undefined && value >= min && value <= max;
}

/** SQLite expression: the ISO text of such a number, text or blob. Other numbers as texts, other values unchanged. */
export function renderCompactDate(c: string, format: CompactDate): string {
  const text = `CAST(${c} AS TEXT)`;
  const part = (start: number, length: number) => `substr(${text}, ${start}, ${length})`;
  const day = `${part(1, 4)} || '-' || ${part(5, 2)} || '-' || ${part(7, 2)}`;
  const clocks: Readonly<Record<CompactDate, readonly string[]>> = {
    days: [],
    hours: [part(9, 2), "'00'"],
    minutes: [part(9, 2), part(11, 2)],
    seconds: [part(9, 2), part(11, 2), part(13, 2)],
    milliseconds: [part(9, 2), part(11, 2), `${part(13, 2)} || '.' || ${part(15, 3)}`],
  };
  const clock = clocks[format].join(" || ':' || ");
  return (
    `CASE WHEN length(${text}) = ${LENGTHS[format]} AND ${text} NOT GLOB '*[^0-9]*' THEN ` +
    `${clock === "" ? day : `${day} || ' ' || ${clock}`} WHEN typeof(${c}) IN ('integer', 'real') THEN ${text} ` +
    `ELSE ${c} END`
  );
}
