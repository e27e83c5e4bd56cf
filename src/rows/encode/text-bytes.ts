const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const SMALL_E = 0x65;
const SMALL_N = 0x6e;

/** Where the decimal digits that begin at a place end. */
export function endOfDigits(bytes: Uint8Array, start: number): number {
  let at = start;
  for (let byte = bytes[at] ?? 0; byte >= 0x30 && byte <= 0x39; byte = bytes[++at] ?? 0);
  return at;
}

/** The value of a hexadecimal digit. Below 0 if it is none, and so is whatever is computed with it. */
export function hexadecimal(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** Digits, + - . e, and the letters of Inf. */
export function isNumberByte(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    byte === PLUS ||
    byte === MINUS ||
    byte === POINT ||
    byte === SMALL_E ||
    byte === 0x49 ||
    byte === SMALL_N ||
    byte === 0x66
  );
}

/** The byte for a letter behind a backslash; other letters stand for themselves. */
export function unescaped(byte: number): number {
  switch (byte) {
    case SMALL_N:
      return 0x0a;
    case 0x74:
      return 0x09;
    case 0x72:
      return 0x0d;
    case 0x62:
      return 0x08;
    case 0x66:
      return 0x0c;
    default:
      return byte;
  }
}

/** How many characters of UTF-8 begin in the bytes. */
export function countCharacters(bytes: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at++) if (((bytes[at] ?? 0) & 0xc0) !== 0x80) count++;
  return count;
}

/** The text of a few bytes. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}

/** Digits that a double surely holds. */
export const DIGITS_OF_DOUBLE = 15;
