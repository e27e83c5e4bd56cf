import type { TextFormatTest } from "../codec.ts";
import { type Clock, clockAt, dayAt, zoneAt } from "../iso-bytes.ts";
import { isDeclaredAsDate, isIsoDate } from "./date.ts";

const D = "[0-9]";
const CLOCK: Clock = { seconds: 0, micros: 0 };
const PLUS = 0x2b;
const MINUS = 0x2d;
const ZERO = 0x30;
const COLON = 0x3a;
const FIRST_DAY = Buffer.from("0001-01-01");
const LAST_DAY = Buffer.from("9999-12-31");
const SPACE = 0x20;
const CAPITAL_T = 0x54;

/** Date and time without a zone, to the microsecond at most. */
export const LOCAL_TIMESTAMP_FORMAT: TextFormatTest = {
  isPromisedBy: isDeclaredAsDate,
  lengths: [16, 26],
  sql: (c) =>
    `CASE WHEN ${year(c)}>='0001' THEN CASE length(${c}) WHEN 19 THEN ${isSecond(c)}
      WHEN 16 THEN datetime(${c},'+0 days')=${spaced(c)}||':00'
      ELSE CASE WHEN length(${c}) BETWEEN 21 AND 26 AND ${zoneOf(c)}=''
        THEN ${isSecond(`substr(${c},1,19)`)} END END END`,
  bytes: (bytes, start, end) => endOfLocal(bytes, start, end) === end,
  refinements: [],
};

/** Date and time with seconds and a zone. */
export const ZONED_TIMESTAMP_FORMAT: TextFormatTest = {
  isPromisedBy: isDeclaredAsDate,
  lengths: [20, 33],
  sql(c) {
    const zone = `ltrim(${zoneOf(c)},' ')`;
    const offsets = ["[-+][01][0-9]:[0-5][0-9]", "[-+][01][0-9]", "[-+][01][0-9][0-5][0-9]"];
    const isOffset = offsets.map((pattern) => `${zone} GLOB '${pattern}'`).join(" OR ");
    return `CASE WHEN length(${c})>19 AND ${year(c)}>='0001' AND substr(${c},12) NOT GLOB '*  *'
      AND length(rtrim(substr(${c},1,length(${c})-length(${zone})),' '))<=26
      AND (${zone}='Z' OR ((${isOffset}) AND substr(${zone},2,2)<'15'))
      THEN CASE WHEN ${leavesCalendar(c, zone)} THEN 0 ELSE ${isSecond(`substr(${c},1,19)`)} END END`;
  },
  bytes(bytes, start, end) {
    const zone = endOfLocal(bytes, start, end);
    const isZoned = zone >= start + 19 && zone < end && zone + zoneAt(bytes, zone, end, CLOCK) === end;
    return isZoned && !leavesCalendarAt(bytes, start, bytes[zone] === SPACE ? zone + 1 : zone, end);
  },
  refinements: [],
};

/**
 * SQLite expression: whether an offset may lead into the year before the first, or behind 9999, as it does for .NET's
 * DateTime.MinValue east of Greenwich. SQLite has such timestamps, and PostgreSQL writes them in another way.
 */
export function leavesCalendar(c: string, zone: string): string {
  return `(${c} GLOB '0001-01-01*' AND ${zone} GLOB '+*[1-9]*' OR ${c} GLOB '9999-12-31*' AND ${zone} GLOB '-*[1-9]*')`;
}

function leavesCalendarAt(bytes: Uint8Array, start: number, zone: number, end: number): boolean {
  const day = bytes[zone] === PLUS ? FIRST_DAY : bytes[zone] === MINUS ? LAST_DAY : null;
  if (day === null || bytes[start + 3] !== day[3]) return false;
  for (let index = 0; index < day.length; index++) if (bytes[start + index] !== day[index]) return false;
  for (let at = zone + 1; at < end; at++) if (bytes[at] !== ZERO && bytes[at] !== COLON) return true;
  return false;
}

/** Where day and time of day end; -1 if the bytes begin with none. */
function endOfLocal(bytes: Uint8Array, start: number, end: number): number {
  if (dayAt(bytes, start) === null) return -1;
  if (bytes[start + 10] !== SPACE && bytes[start + 10] !== CAPITAL_T) return -1;
  const length = clockAt(bytes, start + 11, CLOCK, end);
  return length === 0 ? -1 : start + 11 + length;
}

/** PostgreSQL has no year 0. Not compared as `c`: a column of dates has NUMERIC affinity, and '0001' would be 1. */
function year(c: string): string {
  return `substr(${c},1,4)`;
}

function isSecond(c: string): string {
  return `datetime(${c},'+0 days')=${spaced(c)}`;
}

function spaced(c: string): string {
  return `replace(${c},'T',' ')`;
}

/** The text behind the seconds and their decimals. */
function zoneOf(c: string): string {
  return `CASE WHEN substr(${c},20,2) GLOB '.[0-9]' THEN ltrim(substr(${c},21),'0123456789') ELSE substr(${c},20) END`;
}

/**
 * SQLite expression: `c` is a date of the calendar with an optional time, and an optional zone if the target has one,
 * which PostgreSQL reads in the same way. GLOB tests the format, date() the calendar: 30 February becomes March.
 */
export function isTimestampSql(c: string, target: { readonly zone: boolean }): string {
  const time = `substr(${c},11)`;
  const seconds = `substr(${c},20)`;
  const withSeconds = `(${time} GLOB '?${D}${D}:${D}${D}:${D}${D}*' AND substr(${c},18,2)<'60'
    AND (${isZone(seconds, target)} OR ${isFraction(seconds, target)}))`;
  const formats = [
    `length(${c})=10`,
    `(length(${c})>=16 AND ${time} GLOB '[ T]${D}${D}:${D}${D}*' AND substr(${c},12,2)<'24' AND substr(${c},15,2)<'60'
      AND (${isZone(`substr(${c},17)`, target)} OR ${withSeconds}))`,
  ];
  return `${isIsoDate(`substr(${c},1,10)`)} AND (${formats.join(" OR ")})`;
}

/** The rest of the text is nothing, Z, ±HH, ±HHMM or ±HH:MM; a space may stand before these. */
function isZone(text: string, { zone }: { readonly zone: boolean }): string {
  if (!zone) return `${text}=''`;
  const rest = `substr(${text},1+(${text} GLOB ' [-+Z]*'))`;
  return `(${rest} IN ('','Z') OR (${rest} GLOB '[-+]${D}${D}*' AND substr(${rest},2,2)<'15' AND (length(${rest})=3
    OR (${rest} GLOB '[-+]${D}${D}:[0-5]${D}' AND length(${rest})=6)
    OR (${rest} GLOB '[-+]${D}${D}[0-5]${D}' AND length(${rest})=5))))`;
}

/** The rest of the text is up to six decimals and a zone. */
function isFraction(rest: string, target: { readonly zone: boolean }): string {
  const lengths = [1, 2, 3, 4, 5, 6].map(
    (digits) => `(${rest} GLOB '.${D.repeat(digits)}*' AND substr(${rest},${digits + 2},1) NOT GLOB '${D}'
      AND ${isZone(`substr(${rest},${digits + 2})`, target)})`,
  );
  return `(${lengths.join(" OR ")})`;
}
