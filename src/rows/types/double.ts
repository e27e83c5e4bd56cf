import { recordInteger, SERIAL } from "../../source/btree/record.ts";
import { REAL_FORM } from "../canonical/real-form.ts";
import type { Codec } from "../codec.ts";
import { exactReal } from "../copy-text.ts";
import type { BinaryRows } from "../encode/binary-rows.ts";
import type { JsonToBinary } from "../encode/json-to-binary.ts";
import { DIGITS_OF_DOUBLE, endOfDigits, isNumberByte, latin1 } from "../encode/text-bytes.ts";
import { integerValue, numberFormat, numberFormats, ROUNDED, textValue } from "../inverse.ts";
import { type RawValue, rawText } from "../raw-value.ts";

/** Doubles, infinities included, and integers that a double holds exactly. */
export const doubleCodec: Codec = {
  description: "double",
  isNumber: true,
  textFormats: [],
  encoder: {
    copyText: exactReal,
    rejected: (c) =>
      `CASE typeof(${c}) WHEN 'real' THEN 0 WHEN 'null' THEN 0
        WHEN 'integer' THEN ${c} NOT BETWEEN -9007199254740992 AND 9007199254740992 ELSE 1 END`,
    json: {
      value: (c) => `CASE typeof(${c}) WHEN 'real' THEN ${exactReal(c)} WHEN 'text' THEN '' ELSE ${c} END`,
      toText: (json) => json.putNumber(DIGITS_OF_DOUBLE),
    },
    binary: { fromRecord: () => doubleOfRecord, fromJson: doubleOfJson },
  },
  comparison: {
    matches(raw, targetText) {
      // Object.is: -0.0 is a value of its own.
      if (raw.type === "real") return Object.is(Number(targetText), raw.value);
      if (raw.type === "text") return hasDigit(raw) && Object.is(Number(rawText(raw)), Number(targetText));
      return raw.type === "integer" && BigInt(Number(targetText)) === raw.value;
    },
    canonical: REAL_FORM,
  },
  inverse: {
    formatOf: numberFormat,
    formats: (affinity) => numberFormats(affinity, "real", "integer"),
    write(targetText, format) {
      if (format === "text") return Number.isFinite(Number(targetText)) ? textValue(targetText) : null;
      const value = Number(targetText);
      // SQLite makes NULL of NaN.
      if (Number.isNaN(value)) return null;
      if (format === "real") return { value: { type: "real", value }, exact: true };
      return format === "integer" && Number.isInteger(value) && Math.abs(value) <= 2 ** 53 && !Object.is(value, -0)
        ? integerValue(BigInt(value))
        : null;
    },
    habit: null,
    loss: ROUNDED,
  },
};

const QUOTE = 0x22;
const MINUS = 0x2d;

function doubleOfRecord(rows: BinaryRows, type: number, start: number): boolean {
  const { out, view } = rows;
  const value = type === SERIAL.real ? view.getFloat64(start) : recordInteger(out, view, type, start);
  // SQLite reads NaN as NULL and never stores it, so SQLite is asked.
  if (Number.isNaN(value)) return false;
  rows.putDouble(value);
  return true;
}

function doubleOfJson(rows: JsonToBinary): boolean {
  const { json } = rows;
  let at = rows.from;
  const isQuoted = json[at] === QUOTE;
  if (isQuoted) at++;
  const start = at;
  if (isQuoted) {
    for (let byte = json[at] ?? 0; isNumberByte(byte); byte = json[++at] ?? 0);
    if (json[at] !== QUOTE) return false;
  } else {
    if (json[at] === MINUS) at++;
    const digits = at;
    at = endOfDigits(json, at);
    if (at - digits > DIGITS_OF_DOUBLE || !rows.isEnd(at)) return false;
  }
  const value = numberOf(latin1(json, start, at));
  if (Number.isNaN(value)) return false;
  rows.putDouble(value);
  rows.from = isQuoted ? at + 1 : at;
  return true;
}

/** NaN if the text is no number. SQLite writes infinities as Inf. */
function numberOf(text: string): number {
  if (text === "Inf") return Number.POSITIVE_INFINITY;
  if (text === "-Inf") return Number.NEGATIVE_INFINITY;
  return text === "" ? Number.NaN : Number(text);
}

function hasDigit(raw: RawValue): boolean {
  return /\d/.test(rawText(raw) ?? "");
}
