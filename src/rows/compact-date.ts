/** Dates without signs between their parts: `20240131123000` as MediaWiki has them, `20240131` as others do. */
export type CompactDate = "seconds" | "days";

const LENGTHS: Readonly<Record<CompactDate, number>> = { seconds: 14, days: 8 };

/** Whether a number is such a date, of a year that people keep records of: fourteen digits count milliseconds only from the year 2573 on. */
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

function isIn(value: number | undefined, least: number, most: number): boolean {
  return value !== undefined && value >= least && value <= most;
}

/** SQLite expression that makes an ISO text of such numbers, texts and blobs; other values as they are, but for numbers, which it makes texts. */
export function renderCompactDate(c: string, format: CompactDate): string {
  const text = `CAST(${c} AS TEXT)`;
  const part = (start: number, length: number) => `substr(${text}, ${start}, ${length})`;
  const day = `${part(1, 4)} || '-' || ${part(5, 2)} || '-' || ${part(7, 2)}`;
  const clock = `${part(9, 2)} || ':' || ${part(11, 2)} || ':' || ${part(13, 2)}`;
  return `CASE WHEN length(${text}) = ${LENGTHS[format]} AND ${text} NOT GLOB '*[^0-9]*' THEN ${format === "days" ? day : `${day} || ' ' || ${clock}`} WHEN typeof(${c}) IN ('integer', 'real') THEN ${text} ELSE ${c} END`;
}
