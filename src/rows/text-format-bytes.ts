import type { TextFormat } from "./text-formats.ts";
import { dayAt, twoDigits } from "./timestamp-bytes.ts";

/** Forms that {@link hasBytesForm} knows. JSON is left to SQLite. */
export type ByteFormat = Exclude<TextFormat, "json">;

/**
 * Whether the bytes of a text have a form: what {@link hasForm} asks SQLite, answered here in a twentieth of the time (SQLite takes dates
 * apart and puts them together again, and addresses as JSON). Every text gets the same answer from both.
 */
export function hasBytesFormat(format: ByteFormat, bytes: Uint8Array, start: number, end: number): boolean {
  switch (format) {
    case "isoDates":
      return end - start === 10 && dayAt(bytes, start) !== null;
    case "localTimestamps":
      return isLocalTimestamp(bytes, start, end);
    case "zonedTimestamps":
      return isZonedTimestamp(bytes, start, end);
    case "isoTimes":
      return isTime(bytes, start, end);
    case "uuids":
      return isUuid(bytes, start, end);
    case "inets":
      return isIpv4(bytes, start, end) || isIpv6(bytes, start, end);
  }
}

const MINUS = 0x2d;
const PLUS = 0x2b;
const DOT = 0x2e;
const COLON = 0x3a;
const SPACE = 0x20;
const CAPITAL_T = 0x54;
const CAPITAL_Z = 0x5a;
const ZERO = 0x30;

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** Hours and minutes. */
function isMinute(bytes: Uint8Array, at: number): boolean {
  const [hours, minutes] = [twoDigits(bytes, at), twoDigits(bytes, at + 3)];
  return hours >= 0 && hours < 24 && bytes[at + 2] === COLON && minutes >= 0 && minutes < 60;
}

function isSecond(bytes: Uint8Array, at: number): boolean {
  const seconds = twoDigits(bytes, at + 6);
  return isMinute(bytes, at) && bytes[at + 5] === COLON && seconds >= 0 && seconds < 60;
}

/** A day, a space or T, hours and minutes. */
function isTimestamp(bytes: Uint8Array, at: number): boolean {
  return (
    dayAt(bytes, at) !== null && (bytes[at + 10] === SPACE || bytes[at + 10] === CAPITAL_T) && isMinute(bytes, at + 11)
  );
}

function isFraction(bytes: Uint8Array, start: number, end: number): boolean {
  return bytes[start] === DOT && start + 1 < end && endOfDigits(bytes, start + 1, end) === end;
}

function endOfDigits(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isDigit(bytes[at])) at++;
  return at;
}

function isLocalTimestamp(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if (length === 16) return isTimestamp(bytes, start);
  if (!(length === 19 || (length >= 21 && length <= 26)) || !isTimestamp(bytes, start) || !isSecond(bytes, start + 11))
    return false;
  return length === 19 || isFraction(bytes, start + 19, end);
}

function isZonedTimestamp(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start <= 19 || !isTimestamp(bytes, start) || !isSecond(bytes, start + 11)) return false;
  const hasFraction = bytes[start + 19] === DOT && start + 20 < end && isDigit(bytes[start + 20]);
  const zone = hasFraction ? endOfDigits(bytes, start + 20, end) : start + 19;
  return zone - start <= 26 && isZone(bytes, zone, end) && !leavesCalendar(bytes, start, zone, end);
}

/** Whether an offset may lead into the year before the first, or behind 9999: .NET's DateTime.MinValue east of Greenwich. */
function leavesCalendar(bytes: Uint8Array, start: number, zone: number, end: number): boolean {
  const sign = bytes[zone];
  const [last, day] = sign === PLUS ? [0x31, FIRST_DAY] : [0x39, LAST_DAY];
  if (sign === CAPITAL_Z || bytes[start + 3] !== last) return false;
  for (let index = 0; index < 10; index++) if (bytes[start + index] !== day[index]) return false;
  for (let at = zone + 1; at < end; at++) if (bytes[at] !== ZERO && bytes[at] !== COLON) return true;
  return false;
}

const FIRST_DAY = Buffer.from("0001-01-01");
const LAST_DAY = Buffer.from("9999-12-31");

/** Z, or an offset of at most 14 hours and 59 minutes: ±hh, ±hhmm, ±hh:mm. */
function isZone(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if (length === 1) return bytes[start] === CAPITAL_Z;
  if (length < 3) return false;
  const hours = twoDigits(bytes, start + 1);
  if ((bytes[start] !== PLUS && bytes[start] !== MINUS) || hours < 0 || hours > 14) return false;
  if (length === 3) return true;
  const minutes =
    length === 5
      ? twoDigits(bytes, start + 3)
      : length === 6 && bytes[start + 3] === COLON
        ? twoDigits(bytes, start + 4)
        : -1;
  return minutes >= 0 && minutes < 60;
}

function isTime(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if (length === 5) return isMinute(bytes, start);
  if (!(length === 8 || (length >= 10 && length <= 15)) || !isSecond(bytes, start)) return false;
  return length === 8 || isFraction(bytes, start + 8, end);
}

function isUuid(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== 36) return false;
  for (let index = 0; index < 36; index++) {
    const byte = bytes[start + index];
    if (index === 8 || index === 13 || index === 18 || index === 23 ? byte !== MINUS : !isHexadecimal(byte))
      return false;
  }
  return true;
}

function isHexadecimal(byte: number | undefined): boolean {
  return (
    byte !== undefined &&
    ((byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66) || (byte >= 0x41 && byte <= 0x46))
  );
}

/** Four numbers of one to three digits below 256. */
function isIpv4(bytes: Uint8Array, start: number, end: number): boolean {
  let [groups, digits, value] = [1, 0, 0];
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === DOT) {
      if (digits === 0) return false;
      [groups, digits, value] = [groups + 1, 0, 0];
    } else {
      if (!isDigit(byte)) return false;
      value = value * 10 + byte - ZERO;
      if (++digits > 3 || value > 255) return false;
    }
  }
  return groups === 4 && digits > 0;
}

/** Whether one of the numbers between dots has a leading zero. */
function hasLeadingZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end - 1; at++)
    if (bytes[at] === ZERO && (at === start || bytes[at - 1] === DOT) && isDigit(bytes[at + 1])) return true;
  return false;
}

/** Eight groups of at most four hexadecimal digits, or fewer and `::`; an IPv4 address may stand for the last two. */
function isIpv6(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > 45) return false;
  let [colons, digits, lastColon] = [0, 0, -1];
  let isShortened = false;
  let at = start;
  for (; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === COLON) {
      if (digits === 0 && at > start) {
        // Two at once; never three, and only once.
        if (isShortened) return false;
        isShortened = true;
      }
      [colons, digits, lastColon] = [colons + 1, 0, at];
    } else if (byte === DOT) break;
    else {
      if (!isHexadecimal(byte)) return false;
      if (at === start + 1 && bytes[start] === COLON) return false;
      digits++;
    }
    if (digits > 4) return false;
  }
  if (colons < 2) return false;
  if (at < end) {
    if (!isIpv4(bytes, lastColon + 1, end) || hasLeadingZero(bytes, lastColon + 1, end)) return false;
    // It stands for two groups.
    colons++;
  } else if (digits === 0 && bytes[end - 2] !== COLON) return false;
  return isShortened ? colons <= 7 : colons === 7;
}
