/** Dates without separators: `20240131123000` as MediaWiki writes them, or `20240131`. */
export type CompactDate = "seconds" | "days";

const LENGTHS: Readonly<Record<CompactDate, number>> = { seconds: 14, days: 8 };

/** Whether a number is such a date, from 1800 to 2199. As milliseconds, such numbers are dates after the year 2573. */
export function compactDateOf(value: bigint): CompactDate | null {
  const digits = value.toString();
  const format = (["seconds", "days"] as const).find((candidate) => LENGTHS[candidate] === digits.length);
  if (format === undefined) return null;
  const [year, month, day, hour, minute, second] = [
    digits.slice(0, 4),
    ...[4, 6, 8, 10, 12].map((start) => digits.slice(start, start + 2)),
  ].map(Number);
  const isDate =
    (year ?? 0) >= 1800 && (year ?? 0) < 2200 && isIn(month, 1, 12) && isIn(day, 1, 31) && isIn(hour, 0, 23);
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
  const clock = `${part(9, 2)} || ':' || ${part(11, 2)} || ':' || ${part(13, 2)}`;
  const iso = format === "days" ? day : `${day} || ' ' || ${clock}`;
  const isDate = `length(${text}) = ${LENGTHS[format]} AND ${text} NOT GLOB '*[^0-9]*'`;
  return `CASE WHEN ${isDate} THEN ${iso} WHEN typeof(${c}) IN ('integer', 'real') THEN ${text} ELSE ${c} END`;
}
