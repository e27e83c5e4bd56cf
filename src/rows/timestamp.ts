import type { EpochUnit } from "../model/mapping.ts";
import type { ValueKind } from "./kind.ts";
import { rawText } from "./text.ts";

/**
 * ISO 8601 text, and integers where the plan says what they count. Text without a zone
 * is UTC, as SQLite's own date functions take it. Refused: what is no such date (PostgreSQL would
 * read '1/10/1997' by its own lights), more than six decimals (it would round), and a
 * zone where the target has none (it would drop it).
 */
export function timestamp(options: { readonly zone: boolean; readonly epoch: EpochUnit | null }): ValueKind {
  const unit = options.epoch === null ? null : UNITS[options.epoch];
  const wholeSeconds = (c: string) =>
    unit === null || unit.perSecond === 1
      ? c
      : `((${c}-((${c}%${unit.perSecond})+${unit.perSecond})%${unit.perSecond})/${unit.perSecond})`;
  const fraction = (c: string) =>
    unit === null || unit.perSecond === 1
      ? ""
      : `||printf('.%0${unit.digits}d',((${c}%${unit.perSecond})+${unit.perSecond})%${unit.perSecond})`;
  const calendar = (c: string) => `strftime('%Y-%m-%d %H:%M:%S',${wholeSeconds(c)},'unixepoch')`;
  const epoch = (c: string) =>
    unit === null ? "NULL" : `${calendar(c)}${fraction(c)}${options.zone ? "||'+00'" : ""}`;
  const rejectedText = (c: string) =>
    `CASE WHEN substr(${c},1,4)>='0001' AND datetime(${c},'+0 days')=${c} THEN 0 ELSE NOT (${isoTimestamp(c, options.zone)}) END`;
  return {
    fastPath: {
      shape: { kind: "timestamp", zone: options.zone },
      ...(unit === null
        ? {}
        : {
            json: (c: string) =>
              `CASE typeof(${c}) WHEN 'integer' THEN ${unit.perSecond === 1_000 ? `datetime(${c}/1000.0,'unixepoch','subsec')` : `datetime(${wholeSeconds(c)},'unixepoch')${fraction(c)}`} ELSE ${c} END`,
          }),
    },
    // What passes has nothing in it that COPY would want escaped.
    encode: (c) => `CASE typeof(${c}) WHEN 'text' THEN ${c} ELSE ${epoch(c)} END`,
    refused: (c) =>
      `CASE typeof(${c}) WHEN 'null' THEN 0 WHEN 'text' THEN ${rejectedText(c)} WHEN 'integer' THEN ${unit === null ? "1" : `coalesce(${calendar(c)} NOT BETWEEN '0001' AND '9999-99',1)`} ELSE 1 END`,
    matches(raw, targetText) {
      const text = rawText(raw);
      // The common form needs no reading: as PostgreSQL writes it, in UTC.
      if (text !== null && (targetText === text || targetText === `${text}+00`)) return true;
      const got = microseconds(targetText);
      if (got === null) return false;
      if (raw.type === "integer" && options.epoch !== null)
        return got === raw.value * (1_000_000n / BigInt(UNITS[options.epoch].perSecond));
      return text !== null && got === microseconds(text);
    },
  };
}

const UNITS = {
  seconds: { perSecond: 1, digits: 0 },
  milliseconds: { perSecond: 1_000, digits: 3 },
  microseconds: { perSecond: 1_000_000, digits: 6 },
} as const;

const D = "[0-9]";

/**
 * SQLite expression: `c` is a real calendar date with an optional time and zone, as
 * PostgreSQL reads it too. GLOB looks at the form, date() at the calendar: 30 February normalises to March.
 */
function isoTimestamp(c: string, zone: boolean): string {
  const time = `substr(${c},11)`;
  const seconds = `substr(${c},20)`;
  const formats = [
    `length(${c})=10`,
    `(length(${c})>=16 AND ${time} GLOB '[ T]${D}${D}:${D}${D}*' AND substr(${c},12,2)<'24' AND substr(${c},15,2)<'60' AND (${[
      zoned(`substr(${c},17)`, zone),
      `(${time} GLOB '?${D}${D}:${D}${D}:${D}${D}*' AND substr(${c},18,2)<'60' AND (${zoned(seconds, zone)} OR ${fractioned(seconds, zone)}))`,
    ].join(" OR ")}))`,
  ];
  return `${isoDate(`substr(${c},1,10)`)} AND (${formats.join(" OR ")})`;
}

/**
 * SQLite expression: `c` is YYYY-MM-DD and that day exists, year 1 or later. A column declared DATE has NUMERIC affinity,
 * so that `c >= '0001'` would compare with the number 1: hence substr.
 */
export function isoDate(c: string): string {
  return `(${c} GLOB '${D}${D}${D}${D}-${D}${D}-${D}${D}' AND substr(${c},1,4)>='0001' AND coalesce(date(${c},'+0 days')=${c},0))`;
}

/** The rest of the text is a zone that PostgreSQL reads the same way: nothing, Z, ±HH, ±HHMM, ±HH:MM. */
function zoned(rest: string, zone: boolean): string {
  if (!zone) return `${rest}=''`;
  return `(${rest} IN ('','Z') OR (${rest} GLOB '[-+]${D}${D}*' AND substr(${rest},2,2)<'15' AND (length(${rest})=3 OR (${rest} GLOB '[-+]${D}${D}:[0-5]${D}' AND length(${rest})=6) OR (${rest} GLOB '[-+]${D}${D}[0-5]${D}' AND length(${rest})=5))))`;
}

function fractioned(rest: string, zone: boolean): string {
  const lengths = [1, 2, 3, 4, 5, 6].map(
    (digits) =>
      `(${rest} GLOB '.${D.repeat(digits)}*' AND substr(${rest},${digits + 2},1) NOT GLOB '${D}' AND ${zoned(`substr(${rest},${digits + 2})`, zone)})`,
  );
  return `(${lengths.join(" OR ")})`;
}

/** An offset may lead into the year before the first, which PostgreSQL calls 0001 BC. */
const ISO =
  /^(\d{4,6})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?)?(Z|[-+]\d\d(?::?\d\d)?(?::\d\d)?)?( BC)?$/;

/** Microseconds since 1970 of an ISO timestamp; without a zone it is UTC. Null if it is none. */
export function microseconds(value: string): bigint | null {
  const match = ISO.exec(value);
  if (match === null) return null;
  const [, year, month, day, hour = "00", minute = "00", second = "00", fraction = "", zone = "Z", era] = match;
  const date = new Date(0);
  date.setUTCFullYear(era === undefined ? Number(year) : 1 - Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second));
  if (date.getUTCDate() !== Number(day)) return null;
  return BigInt(date.getTime()) * 1000n + BigInt(fraction.padEnd(6, "0")) - BigInt(zoneSeconds(zone)) * 1_000_000n;
}

function zoneSeconds(zone: string): number {
  if (zone === "Z") return 0;
  const digits = zone.slice(1).replaceAll(":", "").padEnd(6, "0");
  const seconds = Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2, 4)) * 60 + Number(digits.slice(4, 6));
  return zone.startsWith("-") ? -seconds : seconds;
}
