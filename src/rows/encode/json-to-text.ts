import { countCharacters, isNumberByte, latin1 } from "./text-bytes.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const BACKSLASH = 0x5c;
const CLOSE = 0x5d;
const CAPITAL_N = 0x4e;
const SMALL_N = 0x6e;
const SMALL_U = 0x75;

/** Reads values of a page's JSON and writes COPY text over it, which is never longer. The codecs know the types. */
export class JsonToText {
  readonly bytes: Uint8Array;
  /** Where the next value begins. */
  from = 0;
  #to = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  written(): Uint8Array {
    return this.bytes.subarray(0, this.#to);
  }

  skip(byte: number): boolean {
    if (this.bytes[this.from] !== byte) return false;
    this.from++;
    return true;
  }

  skipNull(): boolean {
    if (this.bytes[this.from] !== SMALL_N) return false;
    this.from += 4;
    this.put(BACKSLASH);
    this.put(CAPITAL_N);
    return true;
  }

  put(byte: number): void {
    this.bytes[this.#to++] = byte;
  }

  /** Writes a whole number and says how many digits it has; 0 if it is none. */
  putDigits(): number {
    const { bytes } = this;
    if (bytes[this.from] === MINUS) {
      this.put(MINUS);
      this.from++;
    }
    const start = this.from;
    let at = start;
    let to = this.#to;
    for (let byte = bytes[at] ?? 0; byte >= 0x30 && byte <= 0x39; byte = bytes[++at] ?? 0) bytes[to++] = byte;
    this.from = at;
    this.#to = to;
    return bytes[at] === COMMA || bytes[at] === CLOSE ? at - start : 0;
  }

  /**
   * A text of at most so many characters, of which an escaped one counts for two. COPY escapes what JSON escapes in the
   * same way, but for quotation marks and `\u`.
   */
  putText(maxLength: number | null): boolean {
    const { bytes } = this;
    if (bytes[this.from] !== QUOTE) return false;
    const start = this.#to;
    let at = this.from + 1;
    let to = start;
    for (;;) {
      let byte = bytes[at++] ?? QUOTE;
      if (byte === QUOTE) break;
      if (byte === BACKSLASH) {
        byte = bytes[at++] ?? QUOTE;
        if (byte === SMALL_U) {
          // Only control characters are written so. COPY takes them as they are, but for NUL.
          byte = Number.parseInt(latin1(bytes, at, at + 4), 16);
          if (!(byte > 0 && byte < 0x20)) return false;
          at += 4;
        } else if (byte !== QUOTE) bytes[to++] = BACKSLASH;
      }
      bytes[to++] = byte;
    }
    this.from = at;
    this.#to = to;
    return maxLength === null || countCharacters(bytes, start, to) <= maxLength;
  }

  /** The text of a real, or digits; false where the number needs more digits than `maxDigits`. */
  putNumber(maxDigits: number): boolean {
    const { bytes } = this;
    if (bytes[this.from] !== QUOTE) {
      const digits = this.putDigits();
      return digits >= 1 && digits <= maxDigits;
    }
    const start = this.#to;
    if (!this.putText(null) || this.#to === start) return false;
    for (let at = start; at < this.#to; at++) if (!isNumberByte(bytes[at] ?? 0)) return false;
    return true;
  }

  /** Where the text that comes next ends; -1 if it is no text, or one with escapes. */
  endOfText(): number {
    const { bytes } = this;
    if (bytes[this.from] !== QUOTE) return -1;
    let at = this.from + 1;
    for (let byte = bytes[at]; byte !== QUOTE; byte = bytes[++at])
      if (byte === undefined || byte === BACKSLASH) return -1;
    return at;
  }

  /** The text that ends there, as it is. */
  putTextUntil(end: number): true {
    const { bytes } = this;
    let to = this.#to;
    for (let at = this.from + 1; at < end; at++) bytes[to++] = bytes[at] ?? 0;
    this.#to = to;
    this.from = end + 1;
    return true;
  }
}
