import type { EpochUnit } from "../../model/mapping.ts";
import type { ConversionOf } from "../codec.ts";
import {
  type CutLoss,
  type Format,
  type FormatHabit,
  type Inverse,
  IRREGULAR,
  integerValue,
  textValue,
  type WrittenValue,
} from "../inverse.ts";
import { rawText } from "../raw-value.ts";
import { decimals } from "./time.ts";

const TEXT = /^\d{4}-\d\d-\d\d(?:([ T])\d\d:\d\d(?::\d\d(?:\.(\d{1,6}))?|())( ?(?:Z|[-+]\d\d(?::?\d\d)?))?)?$/;
const FORMAT = /^([ T])(m|\d)(.*)$/;
const LOSS: CutLoss = { kind: "rounded", announced: true };

/**
 * `epoch`, `day`, or a text's separator, decimals (m: no seconds) and zone: `T3Z`. A value finer than its format gets
 * the decimals that it needs; an epoch has none.
 */
export function timestampInverse({ epoch, isCompact, zone }: ConversionOf<"timestamp">): Inverse {
  return {
    formatOf(raw) {
      if (raw.type === "integer") return isCompact === true ? COMPACT_INTEGER : "epoch";
      const text = rawText(raw) ?? "";
      if (DIGITS.test(text)) return COMPACT;
      if (INFINITY.test(text)) return ENDLESS;
      const match = TEXT.exec(text);
      if (match === null) return IRREGULAR;
      const [, separator, fraction, minutes, offset = ""] = match;
      if (separator === undefined) return "day";
      return `${separator}${minutes === undefined ? (fraction?.length ?? 0) : "m"}${offset}`;
    },
    // As SQLite's datetime() writes it. An application that reads numbers here would not read a text, nor vice versa.
    formats: (_affinity, seen) => (seen.includes("epoch") ? [] : [" 0"]),
    write(targetText, format) {
      if (INFINITY.test(targetText)) return format === ENDLESS ? textValue(targetText) : null;
      const micros = microseconds(targetText);
      if (micros === null || format === IRREGULAR || format === ENDLESS) return null;
      if (format === COMPACT || format === COMPACT_INTEGER) return inDigits(micros, format);
      return format === "epoch" ? inUnit(micros, epoch) : inText(micros, format);
    },
    habit: habit(epoch, zone),
    loss: LOSS,
  };
}

const COMPACT: Format = "compact";
const COMPACT_INTEGER: Format = "compact integer";
/** A text that only stands for PostgreSQL's infinity. */
const ENDLESS: Format = "infinity";
const DIGITS = /^\d{14}$/;
const INFINITY = /^-?infinity$/;

/** Digits without signs hold no parts of a second. */
function inDigits(micros: bigint, format: Format): WrittenValue | null {
  const rest = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const written = inText(micros - rest, " 0");
  if (written === null) return null;
  const digits = (rawText(written.value) ?? "").replaceAll(/\D/g, "");
  const value = format === COMPACT ? textValue(digits) : integerValue(BigInt(digits));
  return value === null ? null : { ...value, exact: rest === 0n };
}

/** Of 20240131123000; null for other texts. */
export function microsecondsOfDigits(text: string): bigint | null {
  return DIGITS.test(text)
    ? microseconds(text.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, "$1-$2-$3 $4:$5:$6"))
    : null;
}

/** An epoch goes with its unit, since in another unit it would be another time. Without a zone, a text has none. */
function habit(epoch: EpochUnit | null, zone: boolean): FormatHabit {
  const own = `epoch ${epoch ?? ""}`;
  return {
    group: `timestamp ${zone}`,
    related: `timestamp ${!zone}`,
    toGroup: (format) => (format === "epoch" ? own : format),
    ofGroup(format) {
      if (format.startsWith("epoch ")) return format === own ? "epoch" : null;
      return zone ? format : format.replace(/^([ T])(m|\d).*$/, "$1$2");
    },
  };
}

function inUnit(micros: bigint, unit: EpochUnit | null): WrittenValue | null {
  if (unit === null) return null;
  const divisor = unit === "seconds" ? 1_000_000n : unit === "milliseconds" ? 1_000n : 1n;
  const rest = ((micros % divisor) + divisor) % divisor;
  const written = integerValue((micros - rest) / divisor);
  return written === null ? null : { ...written, exact: rest === 0n };
}

function inText(micros: bigint, format: Format): WrittenValue | null {
  const [, separator = " ", precision = "0", zone = ""] = FORMAT.exec(format) ?? [];
  const local = micros + BigInt(offsetSeconds(zone)) * 1_000_000n;
  const rest = ((local % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const date = new Date(Number((local - rest) / 1_000n));
  const year = date.getUTCFullYear();
  if (Number.isNaN(year) || year < 1 || year > 9999) return null;
  const [day = "", clock = ""] = date.toISOString().slice(0, 19).split("T");
  const fraction = String(rest).padStart(6, "0");
  if (format === "day" && clock === "00:00:00" && rest === 0n) return textValue(day);
  if (precision === "m" && clock.endsWith(":00") && rest === 0n)
    return textValue(`${day}${separator}${clock.slice(0, 5)}${zone}`);
  return textValue(`${day}${separator}${clock}${decimals(fraction, precision === "m" ? 0 : Number(precision))}${zone}`);
}

/** An offset may lead into the year before the first, which PostgreSQL calls 0001 BC. */
const ISO = new RegExp(
  `^(\\d{4,6})-(\\d\\d)-(\\d\\d)(?:[ T](\\d\\d):(\\d\\d)(?::(\\d\\d)(?:\\.(\\d{1,6}))?)?)?` +
    "(?: ?(Z|[-+]\\d\\d(?::?\\d\\d)?(?::\\d\\d)?))?( BC)?$",
);

/** Microseconds since 1970 of an ISO timestamp; without a zone it is UTC. Null for other texts. */
export function microseconds(value: string): bigint | null {
  const match = ISO.exec(value);
  if (match === null) return null;
  const [, year, month, day, hour = "00", minute = "00", second = "00", fraction = "", zone = "Z", era] = match;
  const date = new Date(0);
  date.setUTCFullYear(era === undefined ? Number(year) : 1 - Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second));
  if (date.getUTCDate() !== Number(day)) return null;
  return BigInt(date.getTime()) * 1000n + BigInt(fraction.padEnd(6, "0")) - BigInt(offsetSeconds(zone)) * 1_000_000n;
}

/** Of ±HH, ±HHMM, ±HH:MM or ±HH:MM:SS; 0 for Z and no zone. */
function offsetSeconds(text: string): number {
  const zone = text.trimStart();
  if (zone === "" || zone === "Z") return 0;
  const digits = zone.slice(1).replaceAll(":", "").padEnd(6, "0");
  const seconds = Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2, 4)) * 60 + Number(digits.slice(4, 6));
  return zone.startsWith("-") ? -seconds : seconds;
}
