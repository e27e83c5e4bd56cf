import type { EpochUnit } from "../../model/mapping.ts";
import { type CanonicalForm, NO_TEXT, writtenOf } from "./canonical-form.ts";
import type { CanonicalValue } from "./canonical-value.ts";
import { type RecordValue, STORED } from "./record-value.ts";
import { type OtherThanTexts, shortTextForm, type TextPlace } from "./text-form.ts";

const SPACE = 0x20;
const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const CAPITAL_T = 0x54;
const CAPITAL_Z = 0x5a;
const TILDE = 0x7e;

const DECIMALS_OF = { seconds: 0, milliseconds: 3, microseconds: 6 } as const;
const MINUTES_OF_DAY = 1_440;
const SECONDS_OF_DAY = 86_400;
/** Days from the first of March of the year 0, from where years end with their leap day. */
const EPOCH_DAY = 719_468;

/**
 * A timestamp as PostgreSQL writes it in UTC, from ISO 8601 in any of its formats, or from an integer that counts from
 * 1970.
 */
export function timestampForm({
  epoch,
  zone,
}: {
  readonly epoch: EpochUnit | null;
  readonly zone: boolean;
}): CanonicalForm {
  const form = shortTextForm(
    (into, text) =>
      text.bytes[text.start] === TILDE
        ? epoch !== null && putEpoch(into, digitsOf(text), { decimals: DECIMALS_OF[epoch], zone })
        : putText(into, text, zone),
    epoch === null ? undefined : countOf(epoch, zone),
  );
  return {
    ...form,
    isAlike: (raw, targetText) =>
      raw.type === "integer"
        ? epoch !== null && writtenOf(form.writer, Buffer.from(`~${raw.value}`)) === targetText
        : form.isAlike(raw, targetText),
  };
}

/** Integers that count from 1970. */
function countOf(epoch: EpochUnit, zone: boolean): OtherThanTexts {
  const options = { decimals: DECIMALS_OF[epoch], zone };
  return {
    sqlite: (c) => `CASE WHEN ${c}=(${c}|0) AND typeof(${c})='integer' THEN '~'||${c} ELSE ${NO_TEXT} END`,
    stored: (into, value: RecordValue) =>
      value.class === STORED.integer &&
      putEpoch(into, Number.isNaN(value.number) ? value.digits : value.number, options),
  };
}

function digitsOf({ bytes, end, start }: TextPlace): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start + 1, end - start - 1).toString("latin1");
}

/** Two digits at a place; NaN if there are none. */
function two(bytes: Uint8Array, at: number): number {
  const [tens, ones] = [(bytes[at] ?? 0) - ZERO, (bytes[at + 1] ?? 0) - ZERO];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

function putText(into: CanonicalValue, { bytes, end, start }: TextPlace, hasZone: boolean): boolean {
  const length = end - start;
  const isDay = length === 10;
  if (length < 10 || bytes[start + 4] !== MINUS || bytes[start + 7] !== MINUS) return false;
  if (!isDay && (length < 16 || bytes[start + 13] !== COLON)) return false;
  if (!isDay && bytes[start + 10] !== SPACE && bytes[start + 10] !== CAPITAL_T) return false;
  const hasSeconds = bytes[start + 16] === COLON && length >= 19;
  const endOfClock = isDay ? end : start + (hasSeconds ? 19 : 16);
  let endOfDecimals = endOfClock;
  if (hasSeconds && bytes[endOfClock] === POINT) endOfDecimals = endOfDigits(bytes, endOfClock + 1, end);
  if (endOfDecimals === endOfClock + 1 || endOfDecimals > endOfClock + 7) return false;
  const offset = offsetMinutes(bytes, endOfDecimals, end);
  if (Number.isNaN(offset) || (!hasZone && endOfDecimals < end)) return false;
  if (offset === 0) {
    into.putBytes(bytes, start, endOfClock);
    if (isDay) into.putAscii(" 00:00");
    else into.out[into.at - (endOfClock - start) + 10] = SPACE;
    if (!hasSeconds) into.putAscii(":00");
  } else if (!putShifted(into, bytes, { start, isDay, hasSeconds, offset })) return false;
  putFraction(into, bytes, endOfClock, endOfDecimals);
  return !hasZone || into.putAscii("+00");
}

interface Shift {
  readonly start: number;
  readonly isDay: boolean;
  readonly hasSeconds: boolean;
  readonly offset: number;
}

/** Day and time of another offset in UTC. */
function putShifted(into: CanonicalValue, bytes: Uint8Array, { hasSeconds, isDay, offset, start }: Shift): boolean {
  const [year, month, day] = [
    100 * two(bytes, start) + two(bytes, start + 2),
    two(bytes, start + 5),
    two(bytes, start + 8),
  ];
  const [hour, minute] = isDay ? [0, 0] : [two(bytes, start + 11), two(bytes, start + 14)];
  const second = hasSeconds ? two(bytes, start + 17) : 0;
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month))) return false;
  if (!(hour < 24 && minute < 60 && second < 60)) return false;
  const minutes = daysSinceEpoch(year, month, day) * MINUTES_OF_DAY + hour * 60 + minute - offset;
  return putMoment(into, minutes * 60 + second);
}

function endOfDigits(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at] ?? 0) >= ZERO && (bytes[at] ?? 0) < COLON) at++;
  return at;
}

/** Of no zone, Z, ±HH, ±HHMM or ±HH:MM; NaN if it is none of these. */
function offsetMinutes(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length === 0 || (length === 1 && bytes[start] === CAPITAL_Z)) return 0;
  const sign = bytes[start] === PLUS ? 1 : bytes[start] === MINUS ? -1 : Number.NaN;
  const hours = two(bytes, start + 1);
  const hasColon = length === 6 && bytes[start + 3] === COLON;
  if (length !== 3 && length !== 5 && !hasColon) return Number.NaN;
  const minutes = length === 3 ? 0 : two(bytes, hasColon ? start + 4 : start + 3);
  return hours < 15 && minutes < 60 ? sign * (60 * hours + minutes) : Number.NaN;
}

/** Point and decimals, without zeros at their end. */
function putFraction(into: CanonicalValue, bytes: Uint8Array, point: number, end: number): void {
  let last = end;
  while (last > point && bytes[last - 1] === ZERO) last--;
  if (last > point + 1) into.putBytes(bytes, point, last);
}

function putEpoch(
  into: CanonicalValue,
  digits: number | string,
  { decimals, zone }: { readonly decimals: number; readonly zone: boolean },
): boolean {
  const perSecond = 10 ** decimals;
  const count = Number(digits);
  // Microseconds of other centuries are no safe integers.
  const seconds = Number.isSafeInteger(count)
    ? Math.floor(count / perSecond)
    : Number(floorOf(BigInt(digits), BigInt(perSecond)));
  if (!putMoment(into, seconds)) return false;
  const rest = Number.isSafeInteger(count)
    ? count - seconds * perSecond
    : Number(BigInt(digits) - BigInt(seconds) * BigInt(perSecond));
  if (rest > 0) {
    into.put(POINT);
    into.putPadded(rest, decimals);
    while (into.out[into.at - 1] === ZERO) into.at--;
  }
  return !zone || into.putAscii("+00");
}

function floorOf(dividend: bigint, divisor: bigint): bigint {
  const rest = ((dividend % divisor) + divisor) % divisor;
  return (dividend - rest) / divisor;
}

/** Seconds since 1970 as day and time, from the year 1 to 9999. */
function putMoment(into: CanonicalValue, seconds: number): boolean {
  const days = Math.floor(seconds / SECONDS_OF_DAY);
  const ofDay = seconds - days * SECONDS_OF_DAY;
  // Years of 400 have as many days each, and begin in March.
  const shifted = days + EPOCH_DAY;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  if (!(year >= 1 && year <= 9_999)) return false;
  into.reserve(0);
  into.putPadded(year, 4);
  into.put(MINUS);
  into.putPadded(month, 2);
  into.put(MINUS);
  into.putPadded(dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1, 2);
  into.put(SPACE);
  into.putPadded(Math.floor(ofDay / 3_600), 2);
  into.put(COLON);
  into.putPadded(Math.floor(ofDay / 60) % 60, 2);
  into.put(COLON);
  into.putPadded(ofDay % 60, 2);
  return true;
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days from 1970 to a day of the calendar. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const shiftedYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(shiftedYear / 400);
  const yearOfEra = shiftedYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - EPOCH_DAY;
}
