import { CANONICAL, type CanonicalValue } from "../rows/canonical/canonical-value.ts";
import { type Halves, hashBytes, NumberHash } from "./lookup3.ts";

/** Hashes of a page's rows. */
export interface RowHashes {
  readonly rows: number;
  /** Of all of them, each a signed number of 64 bits. */
  readonly sum: bigint;
  /** 53 bits of each, as many as a number holds: they tell one row from the others. */
  readonly keys: Float64Array;
}

/**
 * Adds up the hashes of rows, as PostgreSQL computes them by `renderRowHash`. Each value has a hash of its own, seeded
 * by its column. A row's hash is that of a constant, seeded by all of these: no value can pass from one row to another,
 * or from one column to the next.
 */
export class RowHasher {
  readonly #columns: readonly ColumnHash[];
  readonly #keys: Float64Array;
  readonly #isByPlace: boolean;
  readonly #hash: Halves = { high: 0, low: 0 };
  #high = 0;
  #low = 0;
  #rows = 0;
  #highs = 0;
  #lows = 0;

  /** `isByPlace`: each row is hashed with its place, from 1. */
  constructor(options: { readonly maxRows: number; readonly columns: number; readonly isByPlace: boolean }) {
    this.#columns = columnHashes(options.columns);
    this.#keys = new Float64Array(options.maxRows);
    this.#isByPlace = options.isByPlace;
  }

  beginRow(): void {
    this.#high = 0;
    this.#low = 0;
  }

  addValue(column: number, value: CanonicalValue): void {
    const hash = this.#hash;
    (this.#columns[column] as ColumnHash).of(value, hash);
    this.#high ^= hash.high;
    this.#low ^= hash.low;
  }

  /** A text that lies somewhere else. */
  addText(column: number, bytes: DataView, start: number, end: number): void {
    const hash = this.#hash;
    hashBytes(bytes, start, end - start, seedOf(column), hash);
    this.#high ^= hash.high;
    this.#low ^= hash.low;
  }

  endRow(): void {
    const hash = this.#hash;
    hash.high = this.#high;
    hash.low = this.#low;
    new NumberHash(4, hash).ofFour(this.#isByPlace ? this.#rows + 1 : 1, hash);
    this.#keys[this.#rows++] = (hash.high & KEY_HIGH) * 0x1_0000_0000 + (hash.low >>> 0);
    this.#highs += hash.high;
    this.#lows += hash.low >>> 0;
  }

  get hashes(): RowHashes {
    // Below 2^53 for two million rows, of which no page has as many.
    const sum = BigInt(this.#highs) * 0x1_0000_0000n + BigInt(this.#lows);
    return { rows: this.#rows, sum, keys: this.#keys.subarray(0, this.#rows) };
  }
}

/** Those 53 bits of a hash that PostgreSQL gave. */
export function keyOfHash(hash: bigint): number {
  return Number(BigInt.asUintN(53, hash));
}

/** Of the values of a column, by its place among the canonical ones. */
export function seedOf(column: number): number {
  return column + 1;
}

/** What stands for NULL, and for a real that is zero, whose sign no hash of PostgreSQL's tells. */
export function standIns(column: number): { readonly ofNull: bigint; readonly ofZero: bigint } {
  const { ofNull, ofZero } = columnHashes(column + 1)[column] as ColumnHash;
  const signed = ({ high, low }: Halves) => (BigInt(high) << 32n) | BigInt(low >>> 0);
  return { ofNull: signed(ofNull), ofZero: signed(ofZero) };
}

const KEY_HIGH = 0x1f_ffff;
const TWO_32 = 0x1_0000_0000;
const DOUBLE = new DataView(new ArrayBuffer(8));

class ColumnHash {
  readonly ofNull: Readonly<Halves>;
  readonly ofZero: Readonly<Halves>;
  readonly #seed: number;
  readonly #four: NumberHash;
  readonly #eight: NumberHash;

  constructor(column: number) {
    const seed = { high: 0, low: seedOf(column) };
    this.#seed = seed.low;
    this.#four = new NumberHash(4, seed);
    this.#eight = new NumberHash(8, seed);
    this.ofNull = standIn("NULL", seed.low);
    this.ofZero = standIn("zero", seed.low);
  }

  of(value: CanonicalValue, into: Halves): void {
    switch (value.kind) {
      case CANONICAL.text:
        hashBytes(value.view, 0, value.at, this.#seed, into);
        return;
      case CANONICAL.integer:
        this.#integer(value.number, into);
        return;
      case CANONICAL.real:
        this.#real(value.number, into);
        return;
      case CANONICAL.large:
        this.#large(value.large, into);
        return;
      default:
        into.high = this.ofNull.high;
        into.low = this.ofNull.low;
    }
  }

  /** Both of PostgreSQL's: one folds the halves of an integer, the other knows its first 53 bits. */
  #integer(value: number, into: Halves): void {
    const high = Math.floor(value / TWO_32);
    const low = value - high * TWO_32;
    this.#folded(high | 0, low | 0, value < 0, into);
    const { high: highOfFold, low: lowOfFold } = into;
    this.#double(value, into);
    into.high ^= highOfFold;
    into.low ^= lowOfFold;
  }

  #large(value: bigint, into: Halves): void {
    this.#folded(Number(BigInt.asIntN(32, value >> 32n)), Number(BigInt.asIntN(32, value)), value < 0n, into);
    const { high: highOfFold, low: lowOfFold } = into;
    this.#double(Number(value), into);
    into.high ^= highOfFold;
    into.low ^= lowOfFold;
  }

  /** `hashint8extended` */
  #folded(high: number, low: number, isNegative: boolean, into: Halves): void {
    this.#four.ofFour(low ^ (isNegative ? ~high : high), into);
  }

  /** `hashfloat8extended`, which gives the seed itself of zero. */
  #double(value: number, into: Halves): void {
    if (value === 0) {
      into.high = 0;
      into.low = this.#seed;
      return;
    }
    DOUBLE.setFloat64(0, value, true);
    this.#eight.ofEight(DOUBLE.getInt32(0, true), DOUBLE.getInt32(4, true), into);
  }

  #real(value: number, into: Halves): void {
    if (value !== 0) {
      this.#double(value, into);
      return;
    }
    into.high = this.ofZero.high;
    // By the length of its text: 0 or -0.
    into.low = this.ofZero.low ^ (Object.is(value, -0) ? 2 : 1);
  }
}

/** Under a seed that no column has: else a text of that word would pass for NULL. */
const NO_COLUMN = 0x8000_0000;

function standIn(word: string, seed: number): Halves {
  const bytes = new TextEncoder().encode(word);
  const into = { high: 0, low: 0 };
  hashBytes(new DataView(bytes.buffer), 0, bytes.length, seed + NO_COLUMN, into);
  return into;
}

const COLUMNS: ColumnHash[] = [];

/** Of so many columns at least; they are the same for all tables. */
function columnHashes(count: number): readonly ColumnHash[] {
  while (COLUMNS.length < count) COLUMNS.push(new ColumnHash(COLUMNS.length));
  return COLUMNS;
}
