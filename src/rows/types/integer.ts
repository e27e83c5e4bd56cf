import type { Affinity } from "../../model/source-schema.ts";
import { recordInteger, SERIAL } from "../../source/btree/record.ts";
import { NUMBER_FORM } from "../canonical/number-form.ts";
import type { BinaryEncoder, Codec, ConversionOf } from "../codec.ts";
import type { BinaryRows } from "../encode/binary-rows.ts";
import type { JsonToBinary } from "../encode/json-to-binary.ts";
import { DIGITS_OF_DOUBLE, latin1 } from "../encode/text-bytes.ts";
import { type Inverse, integerValue, numberFormat, numberFormats, ROUNDED, textValue } from "../inverse.ts";
import { rawText } from "../raw-value.ts";

const BYTES = { smallint: 2, integer: 4, bigint: 8 } as const;
const RANGES = { smallint: "-32768 AND 32767", integer: "-2147483648 AND 2147483647", bigint: null } as const;

/**
 * Integers, and reals that are whole: 3.0 becomes 3. Texts are rejected, but match: in a column of texts SQLite makes a
 * text of a number that comes back. The other types of number do the same.
 */
export function integerCodec({ type }: ConversionOf<"integer">): Codec {
  const range = RANGES[type];
  return {
    description: type,
    isNumber: true,
    textFormats: [],
    encoder: {
      copyText: (c) => `CAST(CAST(${c} AS INTEGER) AS TEXT)`,
      rejected: (c) =>
        `CASE typeof(${c}) WHEN 'integer' THEN 0 WHEN 'null' THEN 0
          WHEN 'real' THEN NOT (abs(${c})<=9007199254740992 AND CAST(${c} AS INTEGER)=${c}) ELSE 1 END`,
      rejectedByPostgres: (c) => (range === null ? null : `CAST(${c} AS INTEGER) NOT BETWEEN ${range}`),
      json: { toText: (json) => json.putDigits() > 0 },
      binary: binaryEncoder(BYTES[type]),
    },
    comparison: {
      matches(raw, targetText) {
        if (raw.type === "integer") return targetText === raw.value.toString();
        if (raw.type === "text") return rawText(raw) === targetText;
        return raw.type === "real" && Number.isInteger(raw.value) && BigInt(raw.value) === BigInt(targetText);
      },
      canonical: NUMBER_FORM,
    },
    inverse,
  };
}

const MINUS = 0x2d;

function binaryEncoder(bytes: 2 | 4 | 8): BinaryEncoder {
  return {
    fromRecord: (affinity) =>
      affinity === "real" ? () => false : (rows, type, start) => integerOfRecord(rows, bytes, type, start),
    fromJson: (json) => integerOfJson(json, bytes),
    fromRowid: (rows, value) => rows.putInteger(value, bytes),
    inlined: (affinity) => (bytes === 8 && affinity !== "real" ? "bigint" : null),
  };
}

function integerOfRecord(rows: BinaryRows, bytes: 2 | 4 | 8, type: number, start: number): boolean {
  if (type === SERIAL.int64 && bytes === 8) {
    rows.put64(rows.view.getInt32(start), rows.view.getUint32(start + 4));
    return true;
  }
  const value = recordInteger(rows.out, rows.view, type, start);
  return !Number.isNaN(value) && rows.putInteger(value, bytes);
}

function integerOfJson(rows: JsonToBinary, bytes: 2 | 4 | 8): boolean {
  const { json } = rows;
  const isNegative = json[rows.from] === MINUS;
  const start = isNegative ? rows.from + 1 : rows.from;
  let at = start;
  let value = 0;
  for (let byte = json[at] ?? 0; byte >= 0x30 && byte <= 0x39; byte = json[++at] ?? 0) value = value * 10 + byte - 0x30;
  if (at === start || !rows.isEnd(at)) return false;
  if (at - start > DIGITS_OF_DOUBLE) {
    if (bytes !== 8) return false;
    const large = BigInt(latin1(json, rows.from, at));
    if (BigInt.asIntN(64, large) !== large) return false;
    rows.put64(Number(large >> 32n), Number(large & 0xffff_ffffn));
  } else if (!rows.putInteger(isNegative ? -value : value, bytes)) return false;
  rows.from = at;
  return true;
}

const inverse: Inverse = {
  formatOf: numberFormat,
  formats: (affinity: Affinity) =>
    numberFormats(affinity, ...(affinity === "real" ? ["real", "integer"] : ["integer", "real"])),
  write(targetText, format) {
    if (format === "text") return textValue(targetText);
    const value = BigInt(targetText);
    if (format === "integer") return integerValue(value);
    return format === "real" && BigInt(Number(value)) === value
      ? { value: { type: "real", value: Number(value) }, exact: true }
      : null;
  },
  habit: null,
  loss: ROUNDED,
};
