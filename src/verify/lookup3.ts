/** A number of 64 bits in two halves, each of which may be signed or not. */
export interface Halves {
  high: number;
  low: number;
}

/**
 * Bob Jenkins' lookup3, as PostgreSQL's functions `hash…extended` have it. PostgreSQL spreads the rows of partitions by
 * it and so cannot change it (`hash_bytes_extended` in src/common/hashfn.c). 50 ns for 110 bytes. The seed is a
 * positive number of 32 bits.
 */
export function hashBytes(bytes: DataView, start: number, length: number, seed: number, into: Halves): void {
  let a = (0x9e3779b9 + length + 3923095) | 0;
  let b = a;
  let c = a;
  let at = start;
  let left = length;
  if (seed !== 0) {
    b = (b + seed) | 0;
    // The same as in the loop: a function of three results would take twice the time.
    a = (a - c) | 0;
    a ^= (c << 4) | (c >>> 28);
    c = (c + b) | 0;
    b = (b - a) | 0;
    b ^= (a << 6) | (a >>> 26);
    a = (a + c) | 0;
    c = (c - b) | 0;
    c ^= (b << 8) | (b >>> 24);
    b = (b + a) | 0;
    a = (a - c) | 0;
    a ^= (c << 16) | (c >>> 16);
    c = (c + b) | 0;
    b = (b - a) | 0;
    b ^= (a << 19) | (a >>> 13);
    a = (a + c) | 0;
    c = (c - b) | 0;
    c ^= (b << 4) | (b >>> 28);
    b = (b + a) | 0;
  }
  for (; left >= 12; left -= 12, at += 12) {
    a = (a + bytes.getInt32(at, true)) | 0;
    b = (b + bytes.getInt32(at + 4, true)) | 0;
    c = (c + bytes.getInt32(at + 8, true)) | 0;
    a = (a - c) | 0;
    a ^= (c << 4) | (c >>> 28);
    c = (c + b) | 0;
    b = (b - a) | 0;
    b ^= (a << 6) | (a >>> 26);
    a = (a + c) | 0;
    c = (c - b) | 0;
    c ^= (b << 8) | (b >>> 24);
    b = (b + a) | 0;
    a = (a - c) | 0;
    a ^= (c << 16) | (c >>> 16);
    c = (c + b) | 0;
    b = (b - a) | 0;
    b ^= (a << 19) | (a >>> 13);
    a = (a + c) | 0;
    c = (c - b) | 0;
    c ^= (b << 4) | (b >>> 28);
    b = (b + a) | 0;
  }
  // The lowest byte of c is the length's.
  for (let index = left - 1; index >= 8; index--) c = (c + (bytes.getUint8(at + index) << ((index - 7) * 8))) | 0;
  for (let index = Math.min(left, 8) - 1; index >= 4; index--)
    b = (b + (bytes.getUint8(at + index) << ((index - 4) * 8))) | 0;
  for (let index = Math.min(left, 4) - 1; index >= 0; index--)
    a = (a + (bytes.getUint8(at + index) << (index * 8))) | 0;
  finish(a, b, c, into);
}

/** The same of four or eight bytes under one seed: all that depends on the seed is worked out once. */
export class NumberHash {
  readonly #a: number;
  readonly #b: number;
  readonly #c: number;

  /** `seed`: two halves of 32 bits; none of it is like none at all. */
  constructor(bytes: 4 | 8, seed: Readonly<Halves>) {
    let a = (0x9e3779b9 + bytes + 3923095) | 0;
    let b = a;
    let c = a;
    if (seed.high !== 0 || seed.low !== 0) {
      a = (a + seed.high) | 0;
      b = (b + seed.low) | 0;
      a = ((a - c) | 0) ^ ((c << 4) | (c >>> 28));
      c = (c + b) | 0;
      b = ((b - a) | 0) ^ ((a << 6) | (a >>> 26));
      a = (a + c) | 0;
      c = ((c - b) | 0) ^ ((b << 8) | (b >>> 24));
      b = (b + a) | 0;
      a = ((a - c) | 0) ^ ((c << 16) | (c >>> 16));
      c = (c + b) | 0;
      b = ((b - a) | 0) ^ ((a << 19) | (a >>> 13));
      a = (a + c) | 0;
      c = ((c - b) | 0) ^ ((b << 4) | (b >>> 28));
      b = (b + a) | 0;
    }
    this.#a = a;
    this.#b = b;
    this.#c = c;
  }

  ofFour(value: number, into: Halves): void {
    finish((this.#a + value) | 0, this.#b, this.#c, into);
  }

  /** `first`: the four bytes that come first in memory. */
  ofEight(first: number, second: number, into: Halves): void {
    finish((this.#a + first) | 0, (this.#b + second) | 0, this.#c, into);
  }
}

function finish(first: number, second: number, third: number, into: Halves): void {
  let a = first;
  let b = second;
  let c = third;
  c ^= b;
  c = (c - ((b << 14) | (b >>> 18))) | 0;
  a ^= c;
  a = (a - ((c << 11) | (c >>> 21))) | 0;
  b ^= a;
  b = (b - ((a << 25) | (a >>> 7))) | 0;
  c ^= b;
  c = (c - ((b << 16) | (b >>> 16))) | 0;
  a ^= c;
  a = (a - ((c << 4) | (c >>> 28))) | 0;
  b ^= a;
  b = (b - ((a << 14) | (a >>> 18))) | 0;
  c ^= b;
  c = (c - ((b << 24) | (b >>> 8))) | 0;
  into.high = b;
  into.low = c;
}
