import type { Affinity } from "../model/source-schema.ts";
import type { BinaryEncoder } from "../rows/codec.ts";
import { BinaryRows, SHORT_BYTES } from "../rows/encode/binary-rows.ts";
import type { PageRows } from "../source/btree/page-rows.ts";
import { RecordReader, recordInteger, SERIAL } from "../source/btree/record.ts";
import type { RecordColumn } from "../source/btree/table-layout.ts";

/** A column of the COPY: where the record has it, and how it is written. */
export interface StoredField {
  readonly column: RecordColumn;
  readonly affinity: Affinity;
  readonly encoder: BinaryEncoder;
}

/** Room that rows need beyond the bytes of their records. */
export function roomForBinary(fields: number): (rows: number, bytes: number) => number {
  return (rows, bytes) => bytes + rows * (2 + fields * MAX_GROWTH_OF_VALUE);
}

/** A length, and a number of no byte as one of eight, or as a decimal. */
const MAX_GROWTH_OF_VALUE = 4 + 16;

/**
 * Rows as SQLite stores them, as rows of a binary COPY, written behind them; null if a value is not of its column's
 * format. Numbers and texts are the same bytes in both, but for their lengths.
 */
export function copyBinaryOfStored(
  { bytes, count: rowCount, lengths: rowLengths, rowids, starts: rowStarts, used }: PageRows,
  fields: readonly StoredField[],
  width: number,
): Uint8Array | null {
  const rows = new BinaryRows(bytes, used);
  const record = new RecordReader(width);
  const { lengths, starts, types } = record;
  const { out, view } = rows;
  const places = Int32Array.from(fields, ({ column }) => (column.kind === "rowid" ? ROWID : column.index));
  const inlined = Uint8Array.from(fields, inlinedType);
  const encoders = fields.map(({ affinity, encoder }) => encoder.fromRecord(affinity));
  const count = fields.length;
  // In a variable of its own, since most values need no more than this loop; an encoder writes the others.
  let at = rows.at;
  for (let row = 0; row < rowCount; row++) {
    if (!record.read(bytes, rowStarts[row] ?? 0, rowLengths[row] ?? 0)) return null;
    view.setInt16(at, count);
    at += 2;
    for (let index = 0; index < count; index++) {
      const place = places[index] ?? 0;
      if (place === ROWID) {
        rows.at = at;
        if (fields[index]?.encoder.fromRowid?.(rows, rowids[row] ?? 0) !== true) return null;
        at = rows.at;
        continue;
      }
      const isAbsent = place >= record.count;
      if (isAbsent && !isNullWhenAbsent(fields[index] as StoredField)) return null;
      const type = isAbsent ? SERIAL.null : (types[place] ?? 0);
      if (type === SERIAL.null) {
        view.setInt32(at, -1);
        at += 4;
        continue;
      }
      const start = starts[place] ?? 0;
      if (inlined[index] === TEXT && type === SERIAL.text) {
        const length = lengths[place] ?? 0;
        view.setInt32(at, length);
        at += 4;
        if (length > SHORT_BYTES) out.copyWithin(at, start, start + length);
        else for (let byte = 0; byte < length; byte++) out[at + byte] = out[start + byte] ?? 0;
        at += length;
      } else if (inlined[index] === BIGINT && type <= SERIAL.int32) {
        const value = recordInteger(out, view, type, start) | 0;
        view.setInt32(at, 8);
        view.setInt32(at + 4, value >> 31);
        view.setInt32(at + 8, value);
        at += 12;
      } else {
        rows.at = at;
        if (encoders[index]?.(rows, type, start, lengths[place] ?? 0) !== true) return null;
        at = rows.at;
      }
    }
  }
  return out.subarray(used, at);
}

const ROWID = -1;
const TEXT = 1;
const BIGINT = 2;

function inlinedType({ affinity, encoder }: StoredField): number {
  const type = encoder.inlined?.(affinity) ?? null;
  return type === null ? 0 : type === "text" ? TEXT : BIGINT;
}

function isNullWhenAbsent({ column }: StoredField): boolean {
  return column.kind === "rowid" || column.isNullWhenAbsent;
}
