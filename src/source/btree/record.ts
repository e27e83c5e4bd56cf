import { readVarint, type Varint } from "./varint.ts";

/** Serial types of SQLite's record format: https://www.sqlite.org/fileformat2.html#record_format */
export const SERIAL = {
  null: 0,
  int8: 1,
  int16: 2,
  int24: 3,
  int32: 4,
  int48: 5,
  int64: 6,
  real: 7,
  zero: 8,
  one: 9,
  blob: 12,
  text: 13,
} as const;

const LENGTHS = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];

/** Finds the type and position of each value in a record. One object serves all records of a table. */
export class RecordReader {
  /** Serial types; every text is 13 and every blob 12 here, whatever its length. */
  readonly types: Uint8Array;
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
  /**
   * Number of values in the record. A record from before ALTER TABLE ADD COLUMN has fewer than the table has columns.
   */
  count = 0;
  readonly #varint: Varint = { value: 0, length: 0 };

  /** `width`: number of columns of the table. */
  constructor(width: number) {
    this.types = new Uint8Array(width);
    this.starts = new Int32Array(width);
    this.lengths = new Int32Array(width);
  }

  /** False if the bytes are not a record of this table. */
  read(bytes: Uint8Array, start: number, length: number): boolean {
    const { lengths, starts, types } = this;
    const width = types.length;
    const varint = this.#varint;
    readVarint(bytes, start, varint);
    const header = start + varint.value;
    const end = start + length;
    if (!(header <= end)) return false;
    let at = start + varint.length;
    let place = header;
    let count = 0;
    while (at < header) {
      if (count === width) return false;
      let type = bytes[at] ?? 0;
      if (type < 0x80) at++;
      else {
        readVarint(bytes, at, varint);
        type = varint.value;
        at += varint.length;
      }
      let size = 0;
      if (type >= 12) {
        size = (type - 12) >>> 1;
        types[count] = 12 + (type & 1);
      } else {
        // This test also rejects NaN.
        if (!(type <= 9)) return false;
        size = LENGTHS[type] ?? 0;
        types[count] = type;
      }
      starts[count] = place;
      lengths[count] = size;
      place += size;
      count++;
    }
    this.count = count;
    return at === header && place <= end;
  }
}

const TWO_32 = 0x1_0000_0000;

/** The integer at `start`; NaN if a double cannot hold it, or if the serial type is not an integer. */
export function recordInteger(bytes: Uint8Array, view: DataView, type: number, start: number): number {
  switch (type) {
    case SERIAL.zero:
      return 0;
    case SERIAL.one:
      return 1;
    case SERIAL.int8:
      return ((bytes[start] ?? 0) << 24) >> 24;
    case SERIAL.int16:
      return (((bytes[start] ?? 0) << 24) >> 16) | (bytes[start + 1] ?? 0);
    case SERIAL.int24:
      return (((bytes[start] ?? 0) << 24) >> 8) | ((bytes[start + 1] ?? 0) << 8) | (bytes[start + 2] ?? 0);
    case SERIAL.int32:
      return view.getInt32(start);
    case SERIAL.int48:
      return view.getInt16(start) * TWO_32 + view.getUint32(start + 2);
    case SERIAL.int64: {
      const value = view.getInt32(start) * TWO_32 + view.getUint32(start + 4);
      return Number.isSafeInteger(value) ? value : Number.NaN;
    }
    default:
      return Number.NaN;
  }
}
