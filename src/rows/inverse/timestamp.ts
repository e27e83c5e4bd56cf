import type { EpochUnit } from "../../model/mapping.ts";
import { decoded } from "../text.ts";
import { microseconds } from "../timestamp.ts";
import { type Format, type Inverse, IRREGULAR, integerValue, type Returned, textValue } from "./inverse.ts";
import { decimals } from "./time.ts";

const STAMP = /^\d{4}-\d\d-\d\d(?:([ T])\d\d:\d\d(?::\d\d(?:\.(\d{1,6}))?|())(Z|[-+]\d\d(?::?\d\d)?)?)?$/;
const FORMAT = /^([ T])(m|\d)(.*)$/;

/**
 * `epoch`, `day`, or a text's separator, decimals (m: no seconds) and zone: `T3Z`. A value that is finer than its form gets the
 * decimals that it needs; an epoch has none to give.
 */
export function timestamp(options: { readonly epoch: EpochUnit | null; readonly zone: boolean }): Inverse {
  return {
    formatOf(raw) {
      if (raw.type === "integer") return "epoch";
      const match = raw.type === "text" ? STAMP.exec(decoded(raw.bytes) ?? "") : null;
      if (match === null) return IRREGULAR;
      const [, separator, fraction, minutes, zone = ""] = match;
      if (separator === undefined) return "day";
      return `${separator}${minutes === undefined ? (fraction?.length ?? 0) : "m"}${zone}`;
    },
    // As SQLite's own datetime() writes it. Who reads numbers in this column would not read a text, nor the other way round.
    formats: (_affinity, seen) => (seen.includes("epoch") ? [] : [" 0"]),
    write(targetText, format) {
      const timestamp = microseconds(targetText);
      if (timestamp === null || format === IRREGULAR) return null;
      return format === "epoch" ? inUnit(timestamp, options.epoch) : inText(timestamp, format);
    },
  };
}

function inUnit(timestamp: bigint, unit: EpochUnit | null): Returned | null {
  if (unit === null) return null;
  const divisor = unit === "seconds" ? 1_000_000n : unit === "milliseconds" ? 1_000n : 1n;
  const rest = ((timestamp % divisor) + divisor) % divisor;
  const sourceValue = integerValue((timestamp - rest) / divisor);
  return sourceValue === null ? null : { ...sourceValue, exact: rest === 0n };
}

function inText(timestamp: bigint, format: Format): Returned | null {
  const [, separator = " ", precision = "0", zone = ""] = FORMAT.exec(format) ?? [];
  const local = timestamp + BigInt(offsetSeconds(zone)) * 1_000_000n;
  const micros = ((local % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const stamp = new Date(Number((local - micros) / 1_000n));
  const year = stamp.getUTCFullYear();
  if (Number.isNaN(year) || year < 1 || year > 9999) return null;
  const [day = "", clock = ""] = stamp.toISOString().slice(0, 19).split("T");
  const fraction = String(micros).padStart(6, "0");
  if (format === "day" && clock === "00:00:00" && micros === 0n) return textValue(day);
  if (precision === "m" && clock.endsWith(":00") && micros === 0n)
    return textValue(`${day}${separator}${clock.slice(0, 5)}${zone}`);
  return textValue(`${day}${separator}${clock}${decimals(fraction, precision === "m" ? 0 : Number(precision))}${zone}`);
}

function offsetSeconds(zone: string): number {
  const match = /^([-+])(\d\d):?(\d\d)?$/.exec(zone);
  if (match === null) return 0;
  const seconds = Number(match[2]) * 3600 + Number(match[3] ?? 0) * 60;
  return match[1] === "-" ? -seconds : seconds;
}
