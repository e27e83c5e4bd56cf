import { isUtf8 } from "node:buffer";
import type { Affinity } from "../model/source-schema.ts";
import type { PageRows } from "../source/btree/page-rows.ts";
import { RecordReader, recordInteger, SERIAL } from "../source/btree/record.ts";
import type { RecordColumn } from "../source/btree/table-layout.ts";
import type { SourceValue } from "../source/source.ts";
import type { ColumnTally } from "./column-tally.ts";
import { ValueCounts } from "./value-counts.ts";

/** A column, and where a record has it. */
export interface StoredTally {
  readonly tally: ColumnTally;
  readonly column: RecordColumn;
  readonly affinity: Affinity;
}

/**
 * The counts that SQL would give, from the rows as they are stored. Null where SQL must be asked: a text has a NUL or
 * is not UTF-8, a row is older than one of its columns, or a long decimal has to be rounded.
 */
export function tallyPages(
  rows: PageRows,
  columns: readonly StoredTally[],
  width: number,
): ReadonlyMap<string, ReadonlyMap<string, SourceValue>> | null {
  const record = new RecordReader(width);
  const fields = columns.map((column) => new Field(column));
  const { bytes } = rows;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let row = 0; row < rows.count; row++) {
    if (!record.read(bytes, rows.starts[row] ?? 0, rows.lengths[row] ?? 0)) return null;
    for (let index = 0; index < fields.length; index++) {
      const field = fields[index] as Field;
      const place = field.place;
      if (place < 0) field.counts.addInteger(rows.rowids[row] ?? 0);
      else if (place >= record.count) {
        if (!field.isNullWhenAbsent) return null;
      } else if (
        !field.add(bytes, view, record.types[place] ?? 0, record.starts[place] ?? 0, record.lengths[place] ?? 0)
      )
        return null;
    }
  }
  return new Map(columns.map(({ tally }, index) => [tally.column, (fields[index] as Field).counts.fields()]));
}

class Field {
  readonly counts: ValueCounts;
  /** Below 0 for the rowid. */
  readonly place: number;
  readonly isNullWhenAbsent: boolean;
  readonly #isReal: boolean;

  constructor({ affinity, column, tally }: StoredTally) {
    this.counts = new ValueCounts(tally);
    this.place = column.kind === "rowid" ? -1 : column.index;
    this.isNullWhenAbsent = column.kind === "rowid" || column.isNullWhenAbsent;
    this.#isReal = affinity === "real";
  }

  add(bytes: Uint8Array, view: DataView, type: number, start: number, length: number): boolean {
    switch (type) {
      case SERIAL.null:
        return true;
      case SERIAL.text:
        return this.#text(bytes, view, start, start + length);
      case SERIAL.blob:
        this.counts.addBlob(length);
        return true;
      case SERIAL.real: {
        const value = view.getFloat64(start);
        // SQLite reads NaN as NULL.
        return Number.isNaN(value) || this.counts.addReal(value);
      }
      default: {
        const value = recordInteger(bytes, view, type, start);
        // Whole numbers of a REAL column are stored as integers.
        if (this.#isReal) return !Number.isNaN(value) && this.counts.addReal(value);
        if (Number.isNaN(value)) this.counts.addLongInteger(view.getBigInt64(start));
        else this.counts.addInteger(value);
        return true;
      }
    }
  }

  #text(bytes: Uint8Array, view: DataView, start: number, end: number): boolean {
    const characters = countValidCharacters(bytes, view, start, end);
    if (characters < 0) return false;
    this.counts.addText(end - start, characters);
    this.counts.addFormats(bytes, start, end);
    return true;
  }
}

/** Characters of a text; -1 if it has a NUL, or is not UTF-8. */
function countValidCharacters(bytes: Uint8Array, view: DataView, start: number, end: number): number {
  let at = start;
  // Four bytes at a time, while none of them is NUL or beyond ASCII.
  for (; at + 4 <= end; at += 4) {
    const four = view.getInt32(at);
    if ((((four - 0x0101_0101) & ~four) | four) & HIGHEST) break;
  }
  let characters = at - start;
  let isAscii = true;
  for (; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0) return -1;
    if (byte >= 0x80) isAscii = false;
    if ((byte & 0xc0) !== 0x80) characters++;
  }
  return isAscii || isUtf8(bytes.subarray(start, end)) ? characters : -1;
}

/** The highest bit of each of four bytes. */
const HIGHEST = 0x8080_8080 | 0;
