const MINUS = 0x2d;
const PLUS = 0x2b;
const SPACE = 0x20;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const CAPITAL_Z = 0x5a;

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** 2000-01-01, from which PostgreSQL counts, in days of the calendar below. */
const EPOCH = 730_426;

/** The number of two digits; -1 if they are none. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - ZERO;
  const ones = (bytes[at + 1] ?? 0) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/** Days since 2000-01-01 of YYYY-MM-DD; null if there is no such day, from the year 1 on. */
export function dayAt(bytes: Uint8Array, at: number): number | null {
  const century = twoDigits(bytes, at);
  const years = twoDigits(bytes, at + 2);
  const month = twoDigits(bytes, at + 5);
  const day = twoDigits(bytes, at + 8);
  if (
    bytes[at + 4] !== MINUS ||
    bytes[at + 7] !== MINUS ||
    century < 0 ||
    years < 0 ||
    month < 1 ||
    month > 12 ||
    day < 1
  )
    return null;
  const year = century * 100 + years;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (year === 0 || day > (month === 2 && isLeap ? 29 : (DAYS[month - 1] ?? 0))) return null;
  // Years that begin in March, so that a leap day is the last one of its year; five months have 153 days.
  const from = month > 2 ? year : year - 1;
  return (
    from * 365 +
    Math.floor(from / 4) -
    Math.floor(from / 100) +
    Math.floor(from / 400) +
    Math.floor((153 * ((month + 9) % 12) + 2) / 5) +
    day -
    EPOCH
  );
}

export interface Clock {
  seconds: number;
  micros: number;
}

/** Reads HH:MM, HH:MM:SS or HH:MM:SS.ffffff into `clock`. Returns its length; 0 if there is none before `stop`. */
export function clockAt(bytes: Uint8Array, at: number, clock: Clock, stop = bytes.length): number {
  if (at + 5 > stop) return 0;
  const hours = twoDigits(bytes, at);
  const minutes = twoDigits(bytes, at + 3);
  if (bytes[at + 2] !== COLON || hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return 0;
  clock.seconds = hours * 3_600 + minutes * 60;
  clock.micros = 0;
  if (at + 5 === stop || bytes[at + 5] !== COLON) return 5;
  const seconds = twoDigits(bytes, at + 6);
  if (seconds < 0 || seconds > 59) return 0;
  clock.seconds += seconds;
  if (at + 8 > stop) return 0;
  if (at + 8 === stop || bytes[at + 8] !== POINT) return 8;
  const start = at + 9;
  let end = start;
  let micros = 0;
  for (let byte = bytes[end] ?? 0; end < stop && byte >= ZERO && byte <= NINE; byte = bytes[++end] ?? 0)
    micros = micros * 10 + byte - ZERO;
  // More would be rounded.
  if (end === start || end - start > 6) return 0;
  for (let digits = end - start; digits < 6; digits++) micros *= 10;
  clock.micros = micros;
  return end - at;
}

/**
 * Reads Z, ±HH, ±HHMM or ±HH:MM, up to 14 hours, and subtracts it. One space may stand before it, as Sequelize writes.
 * Returns its length; 0 if there is none.
 */
export function zoneAt(bytes: Uint8Array, at: number, stop: number, clock: Clock): number {
  if (bytes[at] !== SPACE) return offsetAt(bytes, at, stop, clock);
  const length = offsetAt(bytes, at + 1, stop, clock);
  return length === 0 ? 0 : length + 1;
}

function offsetAt(bytes: Uint8Array, at: number, stop: number, clock: Clock): number {
  if (at >= stop) return 0;
  if (bytes[at] === CAPITAL_Z) return 1;
  if (bytes[at] !== PLUS && bytes[at] !== MINUS) return 0;
  const isHours = at + 3 === stop;
  const hasColon = bytes[at + 3] === COLON;
  const hours = twoDigits(bytes, at + 1);
  const minutes = isHours ? 0 : twoDigits(bytes, hasColon ? at + 4 : at + 3);
  if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59) return 0;
  clock.seconds -= (bytes[at] === PLUS ? 60 : -60) * (hours * 60 + minutes);
  return isHours ? 3 : hasColon ? 6 : 5;
}
