import { type RecordValue, STORED } from "../../rows/canonical/record-value.ts";
import { TreeNumber } from "./tree-number.ts";

/** Bytes of a value, by the number that a record's head has for it: NULL, six integers, a real, 0 and 1. */
const BYTES_OF = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];
const KIND = { null: 0, real: 7, zero: 8, one: 9, reserved: 10, bytes: 12 } as const;

/** Takes a record apart: https://www.sqlite.org/fileformat2.html#record_format */
export class RecordFields {
  /** Fields that the record has; one from before ADD COLUMN has fewer than its table. */
  count = 0;
  readonly #kinds: Int32Array;
  readonly #starts: Int32Array;
  readonly #number = new TreeNumber();

  constructor(columns: number) {
    this.#kinds = new Int32Array(columns);
    this.#starts = new Int32Array(columns);
  }

  /** False for what is no record of a table with so many columns. */
  read(bytes: Uint8Array, start: number, length: number): boolean {
    const kinds = this.#kinds;
    const starts = this.#starts;
    const number = this.#number;
    number.read(bytes, start);
    const body = start + number.value;
    if (!(body <= start + length)) return false;
    let at = number.end;
    let value = body;
    let count = 0;
    for (; at < body && count < kinds.length; count++) {
      let kind = bytes[at] ?? 0;
      if (kind < 0x80) at++;
      else {
        number.read(bytes, at);
        kind = number.value;
        at = number.end;
      }
      kinds[count] = kind;
      starts[count] = value;
      if (kind >= KIND.bytes) value += (kind - KIND.bytes) >>> 1;
      else if (kind < KIND.reserved) value += BYTES_OF[kind] ?? 0;
      else return false;
    }
    this.count = count;
    // The last value ends where the record does.
    return at === body && value === start + length;
  }

  /** One of the fields that the record has. */
  take(field: number, into: RecordValue): void {
    const kind = this.#kinds[field] ?? 0;
    const start = this.#starts[field] ?? 0;
    if (kind >= KIND.bytes) {
      into.setBytes((kind & 1) === 1 ? STORED.text : STORED.blob, start, (kind - KIND.bytes) >>> 1);
    } else if (kind === KIND.null) into.class = STORED.null;
    else if (kind === KIND.real) into.setReal(start);
    else if (kind >= KIND.zero) into.setNumber(kind - KIND.zero);
    else into.setInteger(start, BYTES_OF[kind] ?? 0);
  }
}
