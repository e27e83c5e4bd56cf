import type { Clock } from "../iso-bytes.ts";

const TWO_32 = 0x1_0000_0000;
const NEGATIVE = 0x4000;
/** Shorter values are copied byte by byte: a call costs more. */
export const SHORT_BYTES = 32;

/** Digits of a decimal: those before the point from `start` to `point`, those behind it from `from` to `end`. */
export interface DecimalDigits {
  readonly digits: Uint8Array;
  readonly start: number;
  readonly point: number;
  readonly from: number;
  readonly end: number;
  readonly isNegative: boolean;
}

/**
 * Where rows of a binary COPY are written, in PostgreSQL's own formats:
 * https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.4
 */
export class BinaryRows {
  /** Also holds the records, where rows are made of records. */
  readonly out: Uint8Array;
  readonly view: DataView;
  /** Where the next byte goes. */
  at: number;
  /** Scratch for times of day. */
  readonly clock: Clock = { seconds: 0, micros: 0 };

  constructor(out: Uint8Array, at: number) {
    this.out = out;
    this.view = new DataView(out.buffer, out.byteOffset, out.byteLength);
    this.at = at;
  }

  put16(value: number): void {
    this.view.setInt16(this.at, value);
    this.at += 2;
  }

  put32(value: number): void {
    this.view.setInt32(this.at, value);
    this.at += 4;
  }

  putBytes(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.out.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** A field of bytes that are in {@link out} already. */
  putCopy(start: number, length: number): void {
    this.put32(length);
    this.copy(start, length);
  }

  /** Bytes of {@link out}, without a length. */
  copy(start: number, length: number): void {
    const { at, out } = this;
    if (length > SHORT_BYTES) out.copyWithin(at, start, start + length);
    else for (let index = 0; index < length; index++) out[at + index] = out[start + index] ?? 0;
    this.at = at + length;
  }

  /** A field of eight bytes: `high` × 2³² + `low`. */
  put64(high: number, low: number): void {
    this.view.setInt32(this.at, 8);
    this.view.setInt32(this.at + 4, high);
    this.view.setUint32(this.at + 8, low);
    this.at += 12;
  }

  /** A field of an integer that a double holds; false if it is out of its range. */
  putInteger(value: number, bytes: 2 | 4 | 8): boolean {
    if (bytes === 8) {
      const high = Math.floor(value / TWO_32);
      this.put64(high, value - high * TWO_32);
      return true;
    }
    // The slow path names the value that is out of range.
    const limit = bytes === 4 ? 0x8000_0000 : 0x8000;
    if (value < -limit || value >= limit) return false;
    this.put32(bytes);
    if (bytes === 4) this.put32(value);
    else this.put16(value);
    return true;
  }

  putDouble(value: number): void {
    this.put32(8);
    this.view.setFloat64(this.at, value);
    this.at += 8;
  }

  /** Seconds as microseconds are more than a double holds: hence by halves. */
  putMicros(seconds: number, more: number): void {
    const upper = Math.floor(seconds / 0x1_0000);
    const millions = upper * 1_000_000;
    const above = Math.floor(millions / 0x1_0000);
    const below = (millions - above * 0x1_0000) * 0x1_0000 + (seconds - upper * 0x1_0000) * 1_000_000 + more;
    const carry = Math.floor(below / TWO_32);
    this.put64(above + carry, below - carry * TWO_32);
  }

  /** Groups of four decimal digits, and where the point is. */
  putDecimal({ digits, start, point, from, end, isNegative }: DecimalDigits): void {
    const before = Math.ceil((point - start) / 4);
    const after = Math.ceil((end - from) / 4);
    this.put32(8 + 2 * (before + after));
    this.put16(before + after);
    this.put16(before - 1);
    this.put16(isNegative ? NEGATIVE : 0);
    this.put16(end - from);
    this.#groups(digits, { from: point - before * 4, groups: before, start, end: point });
    this.#groups(digits, { from, groups: after, start: from, end });
  }

  /** Four digits at a time; those outside are zeros. */
  #groups(
    digits: Uint8Array,
    {
      from,
      groups,
      start,
      end,
    }: { readonly from: number; readonly groups: number; readonly start: number; readonly end: number },
  ): void {
    for (let group = 0, digit = from; group < groups; group++) {
      let value = 0;
      for (let count = 0; count < 4; count++, digit++)
        value = value * 10 + (digit < start || digit >= end ? 0 : (digits[digit] ?? 0) - 0x30);
      this.put16(value);
    }
  }
}
