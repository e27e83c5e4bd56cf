import type { BinaryEncoder } from "../codec.ts";
import { VALUES_OF_ARRAY } from "./copy-text-of-json.ts";
import { JsonToBinary } from "./json-to-binary.ts";

/** Begin and end of a binary COPY: https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.4 */
export const BINARY_BEGIN = Uint8Array.from([...Buffer.from("PGCOPY\n\xff\r\n\0", "latin1"), 0, 0, 0, 0, 0, 0, 0, 0]);
export const BINARY_END = Uint8Array.from([0xff, 0xff]);

/**
 * Rows as SQLite's json_array() writes them, as rows of a binary COPY. Null if a value is not of its column's format,
 * or is one that only text has (a decimal with an exponent). The JSON stays as it is.
 */
export function copyBinaryOfJson(
  json: Uint8Array,
  encoders: readonly BinaryEncoder[],
  rows: number,
  { blobs = [], leading = NO_FIELDS }: BinaryExtras = {},
): Uint8Array | null {
  const width = encoders.length;
  const isNested = width > VALUES_OF_ARRAY;
  const growth = rows * (2 + leading.bytes.length + width * MAX_GROWTH_OF_VALUE);
  const values = new JsonToBinary(json, growth + blobs.reduce((sum, { byteLength }) => sum + byteLength, 0), blobs);
  if (!values.skip(OPEN)) return null;
  if (values.skip(CLOSE)) return values.written();
  do {
    if (!values.skip(OPEN)) return null;
    values.put16(leading.fields + width);
    values.putBytes(leading.bytes);
    for (let index = 0; index < width; index++) {
      if (index > 0 && !values.skip(COMMA)) return null;
      if (isNested && index % VALUES_OF_ARRAY === 0 && !values.skip(OPEN)) return null;
      if (!values.skipNull() && !(encoders[index] as BinaryEncoder).fromJson(values)) return null;
      if (isNested && (index % VALUES_OF_ARRAY === VALUES_OF_ARRAY - 1 || index === width - 1) && !values.skip(CLOSE))
        return null;
    }
    if (!values.skip(CLOSE)) return null;
  } while (values.skip(COMMA));
  return values.skip(CLOSE) ? values.written() : null;
}

export interface BinaryExtras {
  /** What a 1 in a column of bytes stands for, one after the other. */
  readonly blobs?: readonly ArrayBuffer[];
  /** Fields that each row begins with. */
  readonly leading?: LeadingFields;
}

/** Fields as a binary COPY has them. */
export interface LeadingFields {
  readonly fields: number;
  readonly bytes: Uint8Array;
}

const NO_FIELDS: LeadingFields = { fields: 0, bytes: new Uint8Array(0) };

/** Beyond its JSON: a length, and of a number of one digit eight bytes, or the twelve of a decimal. */
const MAX_GROWTH_OF_VALUE = 4 + 12;

const COMMA = 0x2c;
const OPEN = 0x5b;
const CLOSE = 0x5d;
