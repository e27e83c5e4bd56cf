/** Storage classes of a value, as a record of the file has them. */
export const STORED = { null: 0, integer: 1, real: 2, text: 3, blob: 4 } as const;

export type StoredClass = (typeof STORED)[keyof typeof STORED];

const TWO_32 = 0x1_0000_0000;

/**
 * A value as it lies in the database file, for the verification alone. Integers and reals are big-endian, texts and
 * blobs are their bytes: https://www.sqlite.org/fileformat2.html#record_format
 */
export class RecordValue {
  class: StoredClass = STORED.null;
  bytes: Uint8Array = new Uint8Array(0);
  view = new DataView(this.bytes.buffer);
  start = 0;
  end = 0;
  /** Of an integer or a real. NaN for an integer that no double holds: see {@link digits}. */
  number = 0;

  /** The bytes that the following values lie in. */
  of(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** An integer that does not lie in the record: a rowid, or 0 and 1, which have no bytes. */
  setNumber(value: number): void {
    this.class = STORED.integer;
    this.number = value;
    this.start = 0;
    this.end = 0;
  }

  /** An integer of one to eight bytes. */
  setInteger(start: number, length: number): void {
    const { view } = this;
    this.class = STORED.integer;
    this.start = start;
    this.end = start + length;
    switch (length) {
      case 1:
        this.number = view.getInt8(start);
        return;
      case 2:
        this.number = view.getInt16(start);
        return;
      case 3:
        this.number = view.getInt8(start) * 0x1_0000 + view.getUint16(start + 1);
        return;
      case 4:
        this.number = view.getInt32(start);
        return;
      case 6:
        this.number = view.getInt16(start) * TWO_32 + view.getUint32(start + 2);
        return;
      default: {
        const value = view.getInt32(start) * TWO_32 + view.getUint32(start + 4);
        this.number = Number.isSafeInteger(value) ? value : Number.NaN;
      }
    }
  }

  /** Eight bytes. What is no number is NULL to SQLite. */
  setReal(start: number): void {
    this.number = this.view.getFloat64(start);
    this.class = Number.isNaN(this.number) ? STORED.null : STORED.real;
    this.start = start;
    this.end = start + 8;
  }

  /** A column of reals keeps whole numbers as integers, to save space, and reads them as reals. */
  makeReal(): void {
    this.number = Number.isNaN(this.number) ? Number(this.view.getBigInt64(this.start)) : this.number;
    this.class = STORED.real;
  }

  setBytes(kind: typeof STORED.text | typeof STORED.blob, start: number, length: number): void {
    this.class = kind;
    this.start = start;
    this.end = start + length;
  }

  /** Of an integer that no double holds. */
  get digits(): string {
    return this.view.getBigInt64(this.start).toString();
  }
}
