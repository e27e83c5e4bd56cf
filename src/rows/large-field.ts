import type { KeyColumn } from "../model/mapping.ts";

/** A COPY field whose value comes in pieces: raw bytes in, COPY text out. */
export interface LargeField {
  readonly lead: Uint8Array;
  chunk(bytes: Uint8Array): Uint8Array;
}

/** Whether a column's values can travel in pieces: where COPY text is the bytes themselves, escaped or as hexadecimal. */
export function travelsInChunks(column: KeyColumn): boolean {
  return column.conversion.kind === "bytes" || column.conversion.kind === "text";
}

/** Bytes that a value of so many takes in COPY text, at most if it is no text full of escapes. */
export function largeFieldBytes(column: KeyColumn, bytes: number): number {
  return column.conversion.kind === "bytes" ? 2 * bytes : bytes;
}

export function largeField(column: KeyColumn): LargeField {
  if (column.conversion.kind === "bytes") return { lead: Buffer.from("\\\\x"), chunk: hexadecimal };
  return { lead: new Uint8Array(), chunk: escaped };
}

const DIGITS = Buffer.from("0123456789abcdef");

/** Without a string in between, which would be garbage of twice the size. */
function hexadecimal(bytes: Uint8Array): Uint8Array {
  const text = new Uint8Array(2 * bytes.length);
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    text[2 * at] = DIGITS[byte >> 4] ?? 0;
    text[2 * at + 1] = DIGITS[byte & 15] ?? 0;
  }
  return text;
}

const BACKSLASH = 0x5c;
/** What stands after the backslash for tab, line feed, carriage return and the backslash itself. */
const ESCAPES = new Map([
  [0x09, 0x74],
  [0x0a, 0x6e],
  [0x0d, 0x72],
  [BACKSLASH, BACKSLASH],
]);

function escaped(bytes: Uint8Array): Uint8Array {
  let more = 0;
  for (const byte of bytes) if (ESCAPES.has(byte)) more++;
  if (more === 0) return bytes;
  const text = new Uint8Array(bytes.length + more);
  let at = 0;
  for (const byte of bytes) {
    const letter = ESCAPES.get(byte);
    if (letter !== undefined) text[at++] = BACKSLASH;
    text[at++] = letter ?? byte;
  }
  return text;
}
