import type { EpochUnit } from "../../model/mapping.ts";
import { recordInteger, SERIAL } from "../../source/btree/record.ts";
import { timestampForm } from "../canonical/timestamp-form.ts";
import type { BinaryEncoder, Codec, Comparison, ConversionOf, Encoder, Merging } from "../codec.ts";
import type { BinaryRows } from "../encode/binary-rows.ts";
import type { JsonToBinary } from "../encode/json-to-binary.ts";
import type { JsonToText } from "../encode/json-to-text.ts";
import { clockAt, dayAt, zoneAt } from "../iso-bytes.ts";
import { rawText } from "../raw-value.ts";
import { isTimestampSql } from "./timestamp-formats.ts";
import { microseconds, microsecondsOfDigits, timestampInverse } from "./timestamp-inverse.ts";

/**
 * ISO 8601 texts, and integers where the plan says what they count. Text without a zone is UTC, as SQLite's own date
 * functions take it. Rejected: any other text (PostgreSQL would read '1/10/1997' in its own way), more than six
 * decimals (PostgreSQL would round), and a zone where the target has none (PostgreSQL would drop it).
 */
export function timestampCodec(conversion: ConversionOf<"timestamp">): Codec {
  return {
    description: `a timestamp ${conversion.zone ? "with" : "without"} time zone`,
    isNumber: false,
    textFormats: ["isoDates", "localTimestamps", "zonedTimestamps"],
    encoder: encoder(conversion),
    comparison: comparison(conversion),
    inverse: timestampInverse(conversion),
    merging: MERGING,
  };
}

/** Texts spell one timestamp in several ways: with a T or a space, with fewer decimals. */
const MERGING: Merging = {
  isPossible: ({ texts }) => texts > 0,
  sameText: (c, copied) =>
    `CASE typeof(${c}) WHEN 'text' THEN datetime(${compactAsIso(c)}) || rtrim(CASE WHEN substr(${c}, 20, 1) = '.' ` +
    `THEN substr(${c}, 20, length(substr(${c}, 21)) - length(ltrim(substr(${c}, 21), '0123456789')) + 1) ` +
    `ELSE '' END, '.0') ELSE ${copied} END`,
};

type Options = ConversionOf<"timestamp">;

const UNITS = {
  seconds: { perSecond: 1, digits: 0 },
  milliseconds: { perSecond: 1_000, digits: 3 },
  microseconds: { perSecond: 1_000_000, digits: 6 },
} as const;

/** SQLite expression: 20240131123000, as MediaWiki writes it, and PostgreSQL reads it. */
function isCompactSql(c: string): string {
  return `length(${c})=14 AND ${c} NOT GLOB '*[^0-9]*'`;
}

/** SQLite expression: such digits as ISO 8601; other texts as they are. */
function compactAsIso(c: string): string {
  return `CASE WHEN ${isCompactSql(c)} THEN ${isoOfDigits(c)} ELSE ${c} END`;
}

function isoOfDigits(c: string): string {
  const parts = [5, 7].map((from) => `'-'||substr(${c},${from},2)`).concat(`' '||substr(${c},9,2)`);
  const rest = [11, 13].map((from) => `':'||substr(${c},${from},2)`);
  return `substr(${c},1,4)||${[...parts, ...rest].join("||")}`;
}

/** SQLite expression, 0 or 1: digits that are no timestamp of the calendar. */
function isNoCompact(c: string): string {
  const iso = `(${isoOfDigits(c)})`;
  return `CASE WHEN ${isCompactSql(c)} AND ${c}>='0001' THEN coalesce(datetime(${iso},'+0 days')<>${iso},1) ELSE 1 END`;
}

function encoder({ epoch, isCompact, zone }: Options): Encoder {
  const { digits, perSecond } = UNITS[epoch ?? "seconds"];
  const fraction = (c: string) => (digits === 0 ? "" : `||printf('.%0${digits}d',${remainder(c, perSecond)})`);
  const calendar = (c: string) => `strftime('%Y-%m-%d %H:%M:%S',${inSeconds(c, perSecond)},'unixepoch')`;
  const digitsOf = (c: string) => `CAST(${c} AS TEXT)`;
  const ofInteger = (c: string) =>
    epoch === null
      ? isCompact === true
        ? isoOfDigits(digitsOf(c))
        : "NULL"
      : `${calendar(c)}${fraction(c)}${zone ? "||'+00'" : ""}`;
  const inJson = (c: string) =>
    perSecond === 1_000
      ? `datetime(${c}/1000.0,'unixepoch','subsec')`
      : `datetime(${inSeconds(c, perSecond)},'unixepoch')${fraction(c)}`;
  const rejectedText = (c: string) =>
    `CASE WHEN substr(${c},1,4)>='0001' AND datetime(${c},'+0 days')=${c} THEN 0
      WHEN ${isCompactSql(c)} THEN ${isNoCompact(c)} WHEN ${c} IN ('infinity','-infinity') THEN 0
      ELSE NOT (${isTimestampSql(c, { zone })}) END`;
  const rejectedInteger = (c: string) =>
    epoch === null
      ? isCompact === true
        ? isNoCompact(digitsOf(c))
        : "1"
      : `coalesce(${calendar(c)} NOT BETWEEN '0001' AND '9999-99',1)`;
  return {
    // Nothing in these texts needs an escape.
    copyText: (c) => `CASE typeof(${c}) WHEN 'text' THEN ${compactAsIso(c)} ELSE ${ofInteger(c)} END`,
    rejected: (c) =>
      `CASE typeof(${c}) WHEN 'null' THEN 0 WHEN 'text' THEN ${rejectedText(c)}
        WHEN 'integer' THEN ${rejectedInteger(c)} ELSE 1 END`,
    json: {
      toText: (json) => timestampTextOfJson(json, { zone }),
      ...(epoch === null
        ? {}
        : { value: (c: string) => `CASE typeof(${c}) WHEN 'integer' THEN ${inJson(c)} ELSE ${c} END` }),
    },
    binary: binaryEncoder({ epoch, zone }),
  };
}

/** SQLite's % has the sign of the dividend. */
function remainder(c: string, perSecond: number): string {
  return `((${c}%${perSecond})+${perSecond})%${perSecond}`;
}

function inSeconds(c: string, perSecond: number): string {
  return perSecond === 1 ? c : `((${c}-(${remainder(c, perSecond)}))/${perSecond})`;
}

const QUOTE = 0x22;
const SPACE = 0x20;
const CAPITAL_T = 0x54;
/** Seconds from 1970 to 2000, from where PostgreSQL counts, and the ends of the years 1 and 9999. */
const EPOCH = 946_684_800;
const FIRST_SECOND = -62_135_596_800;
const LAST_SECOND = 253_402_300_799;
const SECONDS_OF_DAY = 86_400;

function binaryEncoder(target: Pick<Options, "epoch" | "zone">): BinaryEncoder {
  return {
    fromRecord(affinity) {
      const unit = affinity === "real" ? null : target.epoch;
      return (rows, type, start, length) => {
        if (type !== SERIAL.text) return unit !== null && putEpoch(rows, unit, type, start);
        const end = start + length;
        const days = daysOfTimestamp(rows, start, end, target);
        if (Number.isNaN(days)) return false;
        rows.putMicros(days * SECONDS_OF_DAY + rows.clock.seconds, rows.clock.micros);
        return true;
      };
    },
    fromJson: (json) => timestampOfJson(json, target),
  };
}

/** Days since 2000 of the timestamp that fills the bytes, its time in `clock`; NaN if there is none. */
function daysOfTimestamp(
  { clock, out }: Pick<BinaryRows, "clock" | "out">,
  start: number,
  end: number,
  { zone }: Pick<Options, "zone">,
): number {
  const days = end - start < 10 ? null : dayAt(out, start);
  if (days === null) return Number.NaN;
  let at = start + 10;
  clock.seconds = clock.micros = 0;
  if (at < end && (out[at] === SPACE || out[at] === CAPITAL_T)) {
    const length = clockAt(out, at + 1, clock, end);
    if (length === 0) return Number.NaN;
    at += 1 + length;
    if (zone) at += zoneAt(out, at, end, clock);
  }
  return at === end ? days : Number.NaN;
}

function putEpoch(rows: BinaryRows, epoch: EpochUnit, type: number, start: number): boolean {
  const value = recordInteger(rows.out, rows.view, type, start);
  const { perSecond } = UNITS[epoch];
  const seconds = Math.floor(value / perSecond);
  if (!(seconds >= FIRST_SECOND && seconds <= LAST_SECOND)) return false;
  rows.putMicros(seconds - EPOCH, (value - seconds * perSecond) * (1_000_000 / perSecond));
  return true;
}

function timestampOfJson(rows: JsonToBinary, { zone }: Pick<Options, "zone">): boolean {
  const { clock, json } = rows;
  let at = rows.from + 1;
  const days = json[at - 1] === QUOTE ? dayAt(json, at) : null;
  if (days === null) return false;
  at += 10;
  clock.seconds = clock.micros = 0;
  if (json[at] === SPACE || json[at] === CAPITAL_T) {
    const length = clockAt(json, at + 1, clock);
    if (length === 0) return false;
    at += 1 + length;
    if (zone && json[at] !== QUOTE) at += zoneAt(json, at, json.indexOf(QUOTE, at), clock);
  }
  if (json[at] !== QUOTE) return false;
  rows.putMicros(days * SECONDS_OF_DAY + clock.seconds, clock.micros);
  rows.from = at + 1;
  return true;
}

const TEXT_CLOCK = { seconds: 0, micros: 0 };

function timestampTextOfJson(json: JsonToText, target: Pick<Options, "zone">): boolean {
  const end = json.endOfText();
  const days = daysOfTimestamp({ clock: TEXT_CLOCK, out: json.bytes }, json.from + 1, end, target);
  return !Number.isNaN(days) && json.putTextUntil(end);
}

const MICROS_PER_UNIT = { seconds: 1_000_000n, milliseconds: 1_000n, microseconds: 1n } as const;

function comparison({ epoch, isCompact, zone }: Options): Comparison {
  return {
    matches(raw, targetText) {
      const text = rawText(raw);
      // Most texts need no reading: they are what PostgreSQL writes in UTC.
      if (text !== null && (targetText === text || targetText === `${text}+00`)) return true;
      const target = microseconds(targetText);
      if (target === null) return false;
      if (raw.type === "integer" && epoch !== null) return target === raw.value * MICROS_PER_UNIT[epoch];
      if (raw.type === "integer") return isCompact === true && target === microsecondsOfDigits(raw.value.toString());
      return text !== null && target === (microseconds(text) ?? microsecondsOfDigits(text));
    },
    canonical: timestampForm({ epoch, zone }),
  };
}
