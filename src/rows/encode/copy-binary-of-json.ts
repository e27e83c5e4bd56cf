import type { BinaryFormat } from "../binary-format.ts";
import { clockAt, dayAt, zoneAt } from "../timestamp-bytes.ts";
import { BinaryRows } from "./binary-rows.ts";
import { VALUES_OF_ARRAY } from "./copy-text-of-json.ts";
import { characters, endOfDigits, hexadecimal, isOfNumber, latin1, unescaped } from "./json-bytes.ts";

/** What a binary COPY begins and ends with: https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.4 */
export const BINARY_BEGIN = Uint8Array.from([...Buffer.from("PGCOPY\n\xff\r\n\0", "latin1"), 0, 0, 0, 0, 0, 0, 0, 0]);
export const BINARY_END = Uint8Array.from([0xff, 0xff]);

/**
 * Rows as SQLite's json_array() writes them, as rows of a binary COPY; null if a value is not of its column's form, or is one that only
 * text has (a decimal with an exponent). The JSON stays as it is. `blobs`: what a 1 in a column of bytes stands for, one after the other.
 * `leading`: fields that each row begins with.
 */
export function copyBinaryOfJson(
  json: Uint8Array,
  formats: readonly BinaryFormat[],
  rows: number,
  { blobs = [], leading = NONE_LEADING }: BinaryExtras = {},
): Uint8Array | null {
  const width = formats.length;
  const isNested = width > VALUES_OF_ARRAY;
  const writer = new Writer(
    json,
    rows * (2 + leading.bytes.length + width * MOST_FIXED) + blobs.reduce((sum, { byteLength }) => sum + byteLength, 0),
    blobs,
  );
  if (!writer.skip(OPEN)) return null;
  if (writer.skip(CLOSE)) return writer.written();
  do {
    if (!writer.skip(OPEN)) return null;
    writer.put16(leading.fields + width);
    writer.putBytes(leading.bytes);
    for (let index = 0; index < width; index++) {
      if (index > 0 && !writer.skip(COMMA)) return null;
      if (isNested && index % VALUES_OF_ARRAY === 0 && !writer.skip(OPEN)) return null;
      if (!writer.value(formats[index] as BinaryFormat)) return null;
      if (isNested && (index % VALUES_OF_ARRAY === VALUES_OF_ARRAY - 1 || index === width - 1) && !writer.skip(CLOSE))
        return null;
    }
    if (!writer.skip(CLOSE)) return null;
  } while (writer.skip(COMMA));
  return writer.skip(CLOSE) ? writer.written() : null;
}

export interface BinaryExtras {
  readonly blobs?: readonly ArrayBuffer[];
  readonly leading?: LeadingFields;
}

/** Fields as a binary COPY has them. */
export interface LeadingFields {
  readonly fields: number;
  readonly bytes: Uint8Array;
}

const NONE_LEADING: LeadingFields = { fields: 0, bytes: new Uint8Array(0) };

/** Bytes that a value may take beyond what it has in JSON: its length, and a number of one digit as eight bytes or a decimal's twelve. */
const MOST_FIXED = 4 + 12;

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const OPEN = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE = 0x5d;
const ONE = 0x31;
const SMALL_N = 0x6e;
const SMALL_U = 0x75;
const SMALL_X = 0x78;
const CAPITAL_T = 0x54;
const SPACE = 0x20;

/** Digits that a double surely holds. */
const DIGITS_OF_DOUBLE = 15;

class Writer extends BinaryRows {
  readonly #json: Uint8Array;
  readonly #clock = { seconds: 0, micros: 0 };
  readonly #blobs: readonly ArrayBuffer[];
  #in = 0;
  #blob = 0;

  constructor(json: Uint8Array, more: number, blobs: readonly ArrayBuffer[]) {
    super(new Uint8Array(json.length + more), 0);
    this.#json = json;
    this.#blobs = blobs;
  }

  written(): Uint8Array {
    return this.out.subarray(0, this.at);
  }

  skip(byte: number): boolean {
    if (this.#json[this.#in] !== byte) return false;
    this.#in++;
    return true;
  }

  value(format: BinaryFormat): boolean {
    const first = this.#json[this.#in];
    if (first === SMALL_N) {
      this.#in += 4;
      this.put32(-1);
      return true;
    }
    switch (format.kind) {
      case "integer":
        return this.#integer(format.bytes);
      case "boolean":
        return this.#boolean();
      case "double":
        return this.#double();
      case "numeric":
        return this.#numeric();
      case "text":
        return first === QUOTE && this.#text(format.most);
      case "jsonb":
        return first === QUOTE && this.#jsonb();
      case "bytes":
        return first === ONE ? this.#blobApart() : this.#bytes();
      case "timestamp":
        return this.#timestamp(format.zone);
      case "date":
        return this.#date();
      case "time":
        return this.#time();
      case "uuid":
        return this.#uuid();
    }
  }

  #isEnd(at: number): boolean {
    const byte = this.#json[at];
    return byte === COMMA || byte === CLOSE;
  }

  #integer(bytes: 2 | 4 | 8): boolean {
    const json = this.#json;
    const isNegative = json[this.#in] === MINUS;
    const start = isNegative ? this.#in + 1 : this.#in;
    let at = start;
    let value = 0;
    for (let byte = json[at] ?? 0; byte >= 0x30 && byte <= 0x39; byte = json[++at] ?? 0)
      value = value * 10 + byte - 0x30;
    if (at === start || !this.#isEnd(at)) return false;
    if (at - start > DIGITS_OF_DOUBLE) {
      if (bytes !== 8) return false;
      const large = BigInt(latin1(json, this.#in, at));
      if (BigInt.asIntN(64, large) !== large) return false;
      this.put64(Number(large >> 32n), Number(large & 0xffff_ffffn));
    } else {
      if (!this.putInteger(isNegative ? -value : value, bytes)) return false;
    }
    this.#in = at;
    return true;
  }

  #boolean(): boolean {
    const byte = this.#json[this.#in];
    if ((byte !== 0x30 && byte !== 0x31) || !this.#isEnd(this.#in + 1)) return false;
    this.put32(1);
    this.out[this.at++] = byte - 0x30;
    this.#in++;
    return true;
  }

  #double(): boolean {
    const json = this.#json;
    let at = this.#in;
    const isQuoted = json[at] === QUOTE;
    if (isQuoted) at++;
    const start = at;
    if (isQuoted) {
      for (let byte = json[at] ?? 0; isOfNumber(byte); byte = json[++at] ?? 0);
      if (json[at] !== QUOTE) return false;
    } else {
      if (json[at] === MINUS) at++;
      const digits = at;
      at = endOfDigits(json, at);
      if (at - digits > DIGITS_OF_DOUBLE || !this.#isEnd(at)) return false;
    }
    const text = latin1(json, start, at);
    const value =
      text === "Inf"
        ? Number.POSITIVE_INFINITY
        : text === "-Inf"
          ? Number.NEGATIVE_INFINITY
          : text === ""
            ? Number.NaN
            : Number(text);
    if (Number.isNaN(value)) return false;
    this.putDouble(value);
    this.#in = isQuoted ? at + 1 : at;
    return true;
  }

  #numeric(): boolean {
    const json = this.#json;
    let at = this.#in;
    const isQuoted = json[at] === QUOTE;
    if (isQuoted) at++;
    const isNegative = json[at] === MINUS;
    if (isNegative) at++;
    const start = at;
    const point = (at = endOfDigits(json, start));
    if (point === start) return false;
    const hasPoint = isQuoted && json[at] === POINT;
    const end = hasPoint ? point + 1 : point;
    if (hasPoint) at = endOfDigits(json, end);
    if (hasPoint && at === end) return false;
    if (isQuoted ? json[at] !== QUOTE : !this.#isEnd(at)) return false;
    this.putDecimal({ digits: json, start, point, from: end, end: at, isNegative });
    this.#in = isQuoted ? at + 1 : at;
    return true;
  }

  #text(most: number | null): boolean {
    const json = this.#json;
    const out = this.out;
    const start = this.at + 4;
    let at = this.#in + 1;
    let to = start;
    for (;;) {
      let byte = json[at++] ?? QUOTE;
      if (byte === QUOTE) break;
      if (byte === BACKSLASH) {
        byte = json[at++] ?? QUOTE;
        if (byte === SMALL_U) {
          // Only control characters are written so; NUL nothing takes.
          byte = Number.parseInt(latin1(json, at, at + 4), 16);
          if (!(byte > 0 && byte < 0x20)) return false;
          at += 4;
        } else byte = unescaped(byte);
      }
      out[to++] = byte;
    }
    if (most !== null && characters(out, start, to) > most) return false;
    this.view.setInt32(start - 4, to - start);
    this.at = to;
    this.#in = at;
    return true;
  }

  /** The text behind a number of the form's version. */
  #jsonb(): boolean {
    const start = this.at;
    this.at++;
    if (!this.#text(null)) return false;
    const length = this.at - start - 5;
    this.view.setInt32(start, length + 1);
    this.view.setUint8(start + 4, 1);
    return true;
  }

  /** From `\x` and hexadecimal digits. */
  #bytes(): boolean {
    const json = this.#json;
    let at = this.#in;
    if (json[at] !== QUOTE || json[at + 1] !== BACKSLASH || json[at + 2] !== BACKSLASH || json[at + 3] !== SMALL_X)
      return false;
    at += 4;
    const start = this.at + 4;
    let to = start;
    for (;;) {
      const byte = json[at++] ?? 0;
      if (byte === QUOTE) break;
      const value = (hexadecimal(byte) << 4) | hexadecimal(json[at++] ?? 0);
      if (value < 0) return false;
      this.out[to++] = value;
    }
    this.view.setInt32(start - 4, to - start);
    this.at = to;
    this.#in = at;
    return true;
  }

  #blobApart(): boolean {
    const blob = this.#blobs[this.#blob++];
    if (blob === undefined || !this.#isEnd(this.#in + 1)) return false;
    this.put32(blob.byteLength);
    this.out.set(new Uint8Array(blob), this.at);
    this.at += blob.byteLength;
    this.#in++;
    return true;
  }

  #timestamp(zone: boolean): boolean {
    const json = this.#json;
    const clock = this.#clock;
    let at = this.#in + 1;
    const days = json[at - 1] === QUOTE ? dayAt(json, at) : null;
    if (days === null) return false;
    at += 10;
    clock.seconds = clock.micros = 0;
    if (json[at] === SPACE || json[at] === CAPITAL_T) {
      const length = clockAt(json, at + 1, clock);
      if (length === 0) return false;
      at += 1 + length;
      if (zone && json[at] !== QUOTE) at += zoneAt(json, at, json.indexOf(QUOTE, at), clock);
    }
    if (json[at] !== QUOTE) return false;
    this.putMicros(days * 86_400 + clock.seconds, clock.micros);
    this.#in = at + 1;
    return true;
  }

  #date(): boolean {
    const at = this.#in + 1;
    const days = this.#json[at - 1] === QUOTE && this.#json[at + 10] === QUOTE ? dayAt(this.#json, at) : null;
    if (days === null) return false;
    this.put32(4);
    this.put32(days);
    this.#in = at + 11;
    return true;
  }

  #time(): boolean {
    const at = this.#in + 1;
    const length = this.#json[at - 1] === QUOTE ? clockAt(this.#json, at, this.#clock) : 0;
    if (length === 0 || this.#json[at + length] !== QUOTE) return false;
    this.putMicros(this.#clock.seconds, this.#clock.micros);
    this.#in = at + length + 1;
    return true;
  }

  /** 32 hexadecimal digits, in groups of 8-4-4-4-12 or without. */
  #uuid(): boolean {
    const json = this.#json;
    let at = this.#in;
    if (json[at++] !== QUOTE) return false;
    const isGrouped = json[at + 8] === MINUS;
    this.put32(16);
    for (let index = 0; index < 16; index++) {
      if (isGrouped && (index === 4 || index === 6 || index === 8 || index === 10) && json[at++] !== MINUS)
        return false;
      const value = (hexadecimal(json[at] ?? 0) << 4) | hexadecimal(json[at + 1] ?? 0);
      if (value < 0) return false;
      this.out[this.at++] = value;
      at += 2;
    }
    if (json[at] !== QUOTE) return false;
    this.#in = at + 1;
    return true;
  }
}
