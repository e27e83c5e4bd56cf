import type { EpochUnit } from "../model/mapping.ts";
import type { Affinity } from "../model/schema.ts";
import type { BinaryFormat } from "../rows/binary-format.ts";
import { BinaryRows } from "../rows/encode/binary-rows.ts";
import { characters, hexadecimal } from "../rows/encode/json-bytes.ts";
import { type Clock, clockAt, dayAt, zoneAt } from "../rows/timestamp-bytes.ts";
import type { PageRows } from "../source/btree/page-rows.ts";
import { RecordReader, recordInteger, SERIAL } from "../source/btree/record.ts";
import type { RecordColumn } from "../source/btree/table-layout.ts";

/** A column of the COPY: where the record has it, and what PostgreSQL takes for it. */
export interface StoredField {
  readonly column: RecordColumn;
  readonly affinity: Affinity;
  readonly format: BinaryFormat;
}

/** Room that rows need beyond the bytes of their records: a length for each value, and a number of no byte as one of eight, or a decimal's. */
export function roomForBinary(fields: number): (rows: number, bytes: number) => number {
  return (rows, bytes) => bytes + rows * (2 + fields * MOST_FIXED);
}

const MOST_FIXED = 4 + 16;

/**
 * Rows as SQLite stores them, as rows of a binary COPY, written behind them; null if a value is not of its column's form. Numbers and
 * texts are the same bytes in both, but for their lengths.
 */
export function copyBinaryOfStored(rows: PageRows, fields: readonly StoredField[], width: number): Uint8Array | null {
  const writer = new Writer(rows);
  const record = new RecordReader(width);
  const { lengths, starts, types } = record;
  const { out, view } = writer;
  const places = Int32Array.from(fields, ({ column }) => (column.kind === "rowid" ? ROWID : column.index));
  const quick = Uint8Array.from(fields, quickly);
  const count = fields.length;
  // In a variable of its own, since it is needed for every value: of most of which all is said here, and of the others by the writer.
  let at = writer.at;
  for (let row = 0; row < rows.count; row++) {
    if (!record.read(rows.bytes, rows.starts[row] ?? 0, rows.lengths[row] ?? 0)) return null;
    view.setInt16(at, count);
    at += 2;
    for (let index = 0; index < count; index++) {
      const place = places[index] ?? 0;
      if (place === ROWID) {
        writer.at = at;
        if (!writer.rowid((fields[index] as StoredField).format, rows.rowids[row] ?? 0)) return null;
        at = writer.at;
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
      if (quick[index] === QUICK_TEXT && type === SERIAL.text) {
        const length = lengths[place] ?? 0;
        view.setInt32(at, length);
        at += 4;
        if (length > SHORT) out.copyWithin(at, start, start + length);
        else for (let byte = 0; byte < length; byte++) out[at + byte] = out[start + byte] ?? 0;
        at += length;
      } else if (quick[index] === QUICK_BIGINT && type <= SERIAL.int32) {
        const value = recordInteger(out, view, type, start) | 0;
        view.setInt32(at, 8);
        view.setInt32(at + 4, value >> 31);
        view.setInt32(at + 8, value);
        at += 12;
      } else {
        const { affinity, format } = fields[index] as StoredField;
        writer.at = at;
        if (!writer.value(format, affinity, type, start, lengths[place] ?? 0)) return null;
        at = writer.at;
      }
    }
  }
  writer.at = at;
  return writer.written();
}

const ROWID = -1;
const QUICK_TEXT = 1;
const QUICK_BIGINT = 2;

function quickly({ affinity, format }: StoredField): number {
  if (format.kind === "text" && format.most === null) return QUICK_TEXT;
  return format.kind === "integer" && format.bytes === 8 && affinity !== "real" ? QUICK_BIGINT : 0;
}

function isNullWhenAbsent({ column }: StoredField): boolean {
  return column.kind === "rowid" || column.isNullWhenAbsent;
}

const MINUS = 0x2d;
const CAPITAL_T = 0x54;
const SPACE = 0x20;
/** Shorter ones are copied byte by byte: a call costs more. */
const SHORT = 32;

/** Seconds from 1970 to 2000, from where PostgreSQL counts, and the ends of the years 1 and 9999. */
const EPOCH = 946_684_800;
const FIRST_SECOND = -62_135_596_800;
const LAST_SECOND = 253_402_300_799;
const PER_SECOND: Readonly<Record<EpochUnit, number>> = { seconds: 1, milliseconds: 1_000, microseconds: 1_000_000 };

class Writer extends BinaryRows {
  readonly #clock: Clock = { seconds: 0, micros: 0 };
  readonly #digits = new Uint8Array(40);
  readonly #from: number;

  constructor({ bytes, used }: PageRows) {
    super(bytes, used);
    this.#from = used;
  }

  written(): Uint8Array {
    return this.out.subarray(this.#from, this.at);
  }

  rowid(format: BinaryFormat, value: number): boolean {
    return format.kind === "integer" && this.putInteger(value, format.bytes);
  }

  /** One that is not NULL. `affinity` REAL: whole numbers stand for reals. */
  value(format: BinaryFormat, affinity: Affinity, type: number, start: number, length: number): boolean {
    switch (format.kind) {
      case "integer":
        return affinity !== "real" && this.#integer(format.bytes, type, start);
      case "boolean":
        return affinity !== "real" && this.#boolean(type, start);
      case "double":
        return this.#double(type, start);
      case "numeric":
        return this.#numeric(format.scale, affinity === "real", type, start);
      case "text":
        return type === SERIAL.text && this.#text(format.most, start, length);
      case "jsonb":
        return type === SERIAL.text && this.#jsonb(start, length);
      case "bytes":
        if (type !== SERIAL.blob) return false;
        this.#bytes(start, length);
        return true;
      case "timestamp":
        return type === SERIAL.text
          ? this.#timestamp(format.zone, start, start + length)
          : format.epoch !== null && affinity !== "real" && this.#epochTimestamp(format.epoch, type, start);
      case "date":
        return type === SERIAL.text && length === 10 && this.#date(start);
      case "time":
        return type === SERIAL.text && this.#time(start, length);
      case "uuid":
        return this.#uuid(type, start, length);
    }
  }

  #integer(bytes: 2 | 4 | 8, type: number, start: number): boolean {
    if (type === SERIAL.int64 && bytes === 8) {
      this.put64(this.view.getInt32(start), this.view.getUint32(start + 4));
      return true;
    }
    const value = recordInteger(this.out, this.view, type, start);
    return !Number.isNaN(value) && this.putInteger(value, bytes);
  }

  #boolean(type: number, start: number): boolean {
    const value = recordInteger(this.out, this.view, type, start);
    if (value !== 0 && value !== 1) return false;
    this.put32(1);
    this.out[this.at++] = value;
    return true;
  }

  #double(type: number, start: number): boolean {
    const value = type === SERIAL.real ? this.view.getFloat64(start) : recordInteger(this.out, this.view, type, start);
    // SQLite takes what is no number for NULL, and never stores it: so it is asked.
    if (Number.isNaN(value)) return false;
    this.putDouble(value);
    return true;
  }

  #numeric(scale: number | null, isReal: boolean, type: number, start: number): boolean {
    const value = type === SERIAL.real ? this.view.getFloat64(start) : recordInteger(this.out, this.view, type, start);
    const text =
      type === SERIAL.real || isReal
        ? decimalOf(value, scale)
        : !Number.isNaN(value)
          ? String(value)
          : type === SERIAL.int64
            ? String(this.view.getBigInt64(start))
            : null;
    if (text === null) return false;
    const digits = this.#digits;
    for (let index = 0; index < text.length; index++) digits[index] = text.charCodeAt(index);
    const isNegative = digits[0] === MINUS;
    const point = text.indexOf(".");
    const end = text.length;
    this.putDecimal({
      digits,
      start: isNegative ? 1 : 0,
      point: point < 0 ? end : point,
      from: point < 0 ? end : point + 1,
      end,
      isNegative,
    });
    return true;
  }

  #bytes(start: number, length: number): void {
    this.put32(length);
    this.#copy(start, length);
  }

  #copy(start: number, length: number): void {
    const { at, out } = this;
    if (length > SHORT) out.copyWithin(at, start, start + length);
    else for (let index = 0; index < length; index++) out[at + index] = out[start + index] ?? 0;
    this.at = at + length;
  }

  #text(most: number | null, start: number, length: number): boolean {
    if (most !== null && length > most && characters(this.out, start, start + length) > most) return false;
    this.#bytes(start, length);
    return true;
  }

  /** The text behind a number of the form's version. */
  #jsonb(start: number, length: number): boolean {
    this.put32(length + 1);
    this.out[this.at++] = 1;
    this.#copy(start, length);
    return true;
  }

  #timestamp(zone: boolean, start: number, end: number): boolean {
    const { out } = this;
    const clock = this.#clock;
    const days = end - start < 10 ? null : dayAt(out, start);
    if (days === null) return false;
    let at = start + 10;
    clock.seconds = clock.micros = 0;
    if (at < end && (out[at] === SPACE || out[at] === CAPITAL_T)) {
      const length = clockAt(out, at + 1, clock, end);
      if (length === 0) return false;
      at += 1 + length;
      if (zone) at += zoneAt(out, at, end, clock);
    }
    if (at !== end) return false;
    this.putMicros(days * 86_400 + clock.seconds, clock.micros);
    return true;
  }

  #epochTimestamp(epoch: EpochUnit, type: number, start: number): boolean {
    const value = recordInteger(this.out, this.view, type, start);
    const perSecond = PER_SECOND[epoch];
    const seconds = Math.floor(value / perSecond);
    if (!(seconds >= FIRST_SECOND && seconds <= LAST_SECOND)) return false;
    this.putMicros(seconds - EPOCH, (value - seconds * perSecond) * (1_000_000 / perSecond));
    return true;
  }

  #date(start: number): boolean {
    const days = dayAt(this.out, start);
    if (days === null) return false;
    this.put32(4);
    this.put32(days);
    return true;
  }

  #time(start: number, length: number): boolean {
    if (clockAt(this.out, start, this.#clock, start + length) !== length || length === 0) return false;
    this.putMicros(this.#clock.seconds, this.#clock.micros);
    return true;
  }

  /** 16 bytes, or 32 hexadecimal digits, in groups of 8-4-4-4-12 or without. */
  #uuid(type: number, start: number, length: number): boolean {
    if (type === SERIAL.blob) {
      if (length === 16) this.#bytes(start, length);
      return length === 16;
    }
    if (type !== SERIAL.text || (length !== 32 && length !== 36)) return false;
    const { out } = this;
    const isGrouped = length === 36;
    this.put32(16);
    for (let index = 0, at = start; index < 16; index++, at += 2) {
      if (isGrouped && (index === 4 || index === 6 || index === 8 || index === 10) && out[at++] !== MINUS) return false;
      const value = (hexadecimal(out[at] ?? 0) << 4) | hexadecimal(out[at + 1] ?? 0);
      if (value < 0) return false;
      out[this.at++] = value;
    }
    return true;
  }
}

/** A real as SQLite's `%!.15g` writes it, where that reads back as the same; null where it has an exponent, needs 17 digits, or is finer than the scale. */
function decimalOf(value: number, scale: number | null): string | null {
  if (value !== 0 && !(Math.abs(value) >= 1e-4 && Math.abs(value) < 1e15)) return null;
  const text = value.toPrecision(15);
  if (Number(text) !== value) return null;
  let end = text.length;
  const point = text.indexOf(".");
  if (point < 0) return `${text}.0`;
  while (end > point + 2 && text.charCodeAt(end - 1) === 0x30) end--;
  const isWhole = end === point + 2 && text.charCodeAt(point + 1) === 0x30;
  return scale !== null && !isWhole && end - point - 1 > scale ? null : text.slice(0, end);
}
