const ZERO = 0x30;
const MINUS = 0x2d;
const BILLION = 1_000_000_000;
const DIGITS = Uint8Array.from(Buffer.from("0123456789abcdef"));
/** Both digits of each byte. */
const PAIRS = Uint16Array.from(
  { length: 256 },
  (_, byte) => ((DIGITS[byte >> 4] ?? 0) << 8) | (DIGITS[byte & 15] ?? 0),
);
const FIRST_BYTES = 64 << 10;
/** More than a number or timestamp takes. */
const BYTES_OF_NUMBER = 64;
/** Bytes up to which a loop is faster than a call. */
const COPIED_BY_LOOP = 200;

/** As what a value is hashed. */
export const CANONICAL = { null: 0, text: 1, integer: 2, large: 3, real: 4 } as const;

export type CanonicalKind = (typeof CANONICAL)[keyof typeof CANONICAL];

/** One value in canonical form: NULL, a number, or a text, which is written byte by byte. */
export class CanonicalValue {
  kind: CanonicalKind = CANONICAL.text;
  /** Of an integer that a double holds, or of a real. */
  number = 0;
  /** Of any other integer. */
  large = 0n;
  out = new Uint8Array(FIRST_BYTES);
  view = new DataView(this.out.buffer);
  /** Where the text ends. */
  at = 0;
  /** A value was longer than it may be in a page of so many rows. */
  hasTooLong = false;

  begin(): void {
    this.kind = CANONICAL.text;
    this.at = 0;
  }

  /** Makes room for so many bytes, and for a number behind them. */
  reserve(bytes: number): void {
    if (this.at + bytes + BYTES_OF_NUMBER <= this.out.length) return;
    const larger = new Uint8Array(2 * (this.at + bytes + BYTES_OF_NUMBER));
    larger.set(this.out.subarray(0, this.at));
    this.out = larger;
    this.view = new DataView(larger.buffer);
  }

  setNull(): true {
    this.kind = CANONICAL.null;
    return true;
  }

  /** An integer that a double holds. */
  setInteger(value: number): true {
    this.kind = CANONICAL.integer;
    this.number = value;
    return true;
  }

  setLarge(value: bigint): true {
    this.kind = CANONICAL.large;
    this.large = value;
    return true;
  }

  setReal(value: number): true {
    this.kind = CANONICAL.real;
    this.number = value;
    return true;
  }

  put(byte: number): void {
    this.out[this.at++] = byte;
  }

  /** Bytes as they are; room is made for them. */
  putBytes(bytes: Uint8Array, start: number, end: number): true {
    this.reserve(end - start);
    const { out } = this;
    let { at } = this;
    if (end - start > COPIED_BY_LOOP) {
      out.set(bytes.subarray(start, end), at);
      at += end - start;
    } else for (let from = start; from < end; from++) out[at++] = bytes[from] ?? 0;
    this.at = at;
    return true;
  }

  /** Bytes by two hexadecimal digits each; room is made for them. */
  putHexadecimal(bytes: Uint8Array, start: number, end: number): true {
    this.reserve(2 * (end - start));
    const { view } = this;
    let { at } = this;
    for (let from = start; from < end; from++, at += 2) view.setUint16(at, PAIRS[bytes[from] ?? 0] ?? 0);
    this.at = at;
    return true;
  }

  /** The digits of a whole number that a double holds. */
  putInteger(value: number): true {
    if (value < 0) this.put(MINUS);
    const rest = Math.abs(value);
    const high = Math.floor(rest / BILLION);
    if (high > 0) this.putPadded(high, 1);
    this.putPadded(rest - high * BILLION, high > 0 ? 9 : 1);
    return true;
  }

  /** A number of so many digits at least, with zeros before it. */
  putPadded(value: number, width: number): void {
    let digits = width;
    for (let limit = 10 ** width; value >= limit; limit *= 10) digits++;
    let rest = value;
    for (let place = this.at + digits - 1; place >= this.at; place--) {
      const tenth = Math.floor(rest / 10);
      this.out[place] = ZERO + rest - tenth * 10;
      rest = tenth;
    }
    this.at += digits;
  }

  putAscii(text: string): true {
    this.reserve(text.length);
    for (let index = 0; index < text.length; index++) this.out[this.at++] = text.charCodeAt(index);
    return true;
  }
}
