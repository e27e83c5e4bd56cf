import type { Affinity } from "../../model/source-schema.ts";
import { recordInteger, SERIAL } from "../../source/btree/record.ts";
import { DECIMAL_FORM } from "../canonical/decimal-form.ts";
import type { Codec, ConversionOf } from "../codec.ts";
import { shortestReal } from "../copy-text.ts";
import { isDecimalOf, isWrittenAs } from "../decimal.ts";
import type { BinaryRows } from "../encode/binary-rows.ts";
import type { JsonToBinary } from "../encode/json-to-binary.ts";
import { endOfDigits } from "../encode/text-bytes.ts";
import { type Inverse, integerValue, numberFormat, numberFormats, ROUNDED, textValue } from "../inverse.ts";
import { rawText } from "../raw-value.ts";

/**
 * Integers exactly, reals as their shortest decimal. PostgreSQL rounds to the declared scale without an error, so what
 * has more decimals is rejected here.
 */
export function numericCodec({ scale }: ConversionOf<"numeric">): Codec {
  const rounds = (c: string) => (scale === null ? "0" : `coalesce(CAST(printf('%.${scale}f',${c}) AS REAL)<>${c},1)`);
  return {
    description: scale === null ? "numeric" : `numeric with ${scale} decimals`,
    isNumber: true,
    textFormats: [],
    encoder: {
      copyText: (c) => `CASE typeof(${c}) WHEN 'integer' THEN CAST(${c} AS TEXT) ELSE ${shortestReal(c)} END`,
      rejected: (c) =>
        `CASE typeof(${c}) WHEN 'integer' THEN 0 WHEN 'null' THEN 0 WHEN 'real' THEN ${rounds(c)} ELSE 1 END`,
      rejectedByPostgres: beyondPrecision,
      json: {
        value: (c) =>
          `CASE typeof(${c}) WHEN 'real' THEN CASE WHEN ${rounds(c)} THEN '' ELSE ${shortestReal(c)} END
            WHEN 'text' THEN '' ELSE ${c} END`,
        toText: (json) => json.putNumber(Number.POSITIVE_INFINITY),
      },
      binary: {
        fromRecord: (affinity: Affinity) => {
          const column = { scale, isReal: affinity === "real" };
          return (rows, type, start) => {
            const decimal = decimalOfRecord(rows, type, start, column);
            return decimal !== null && putDecimal(rows, decimal);
          };
        },
        fromJson: decimalOfJson,
      },
    },
    comparison: {
      matches(raw, targetText) {
        if (raw.type === "real") return isDecimalOf(targetText, raw.value);
        if (raw.type === "text") return rawText(raw) === targetText;
        if (raw.type !== "integer") return false;
        const [integer = "", fraction = ""] = targetText.split(".");
        return /^0*$/.test(fraction) && BigInt(integer) === raw.value;
      },
      canonical: DECIMAL_FORM,
    },
    inverse,
  };
}

/** Digits before the point, once rounded to the scale. */
function beyondPrecision(c: string, type: string): string | null {
  const match = /\(\s*(\d+)\s*(?:,\s*(-?\d+)\s*)?\)/.exec(type);
  return match === null ? null : `abs(CAST(${c} AS REAL))>=1e${Number(match[1]) - Number(match[2] ?? 0)}`;
}

const QUOTE = 0x22;
const MINUS = 0x2d;
const POINT = 0x2e;

const DIGITS = new Uint8Array(40);

function decimalOfRecord(
  { out, view }: BinaryRows,
  type: number,
  start: number,
  { scale, isReal }: { readonly scale: number | null; readonly isReal: boolean },
): string | null {
  if (type === SERIAL.real) return decimalOf(view.getFloat64(start), scale);
  const value = recordInteger(out, view, type, start);
  if (isReal) return decimalOf(value, scale);
  if (!Number.isNaN(value)) return String(value);
  return type === SERIAL.int64 ? String(view.getBigInt64(start)) : null;
}

function putDecimal(rows: BinaryRows, text: string): true {
  for (let index = 0; index < text.length; index++) DIGITS[index] = text.charCodeAt(index);
  const isNegative = DIGITS[0] === MINUS;
  const point = text.indexOf(".");
  const end = text.length;
  rows.putDecimal({
    digits: DIGITS,
    start: isNegative ? 1 : 0,
    point: point < 0 ? end : point,
    from: point < 0 ? end : point + 1,
    end,
    isNegative,
  });
  return true;
}

/**
 * A real as SQLite's `%!.15g` writes it, where that reads back as the same. Null where the text has an exponent, needs
 * 17 digits, or is finer than the scale.
 */
function decimalOf(value: number, scale: number | null): string | null {
  if (value !== 0 && !(Math.abs(value) >= 1e-4 && Math.abs(value) < 1e15)) return null;
  const text = value.toPrecision(15);
  if (Number(text) !== value) return null;
  let end = text.length;
  const point = text.indexOf(".");
  if (point < 0) return `${text}.0`;
  while (end > point + 2 && text.charCodeAt(end - 1) === 0x30) end--;
  const isInteger = end === point + 2 && text.charCodeAt(point + 1) === 0x30;
  return scale !== null && !isInteger && end - point - 1 > scale ? null : text.slice(0, end);
}

function decimalOfJson(rows: JsonToBinary): boolean {
  const { json } = rows;
  let at = rows.from;
  const isQuoted = json[at] === QUOTE;
  if (isQuoted) at++;
  const isNegative = json[at] === MINUS;
  if (isNegative) at++;
  const start = at;
  const point = endOfDigits(json, start);
  at = point;
  if (point === start) return false;
  const hasPoint = isQuoted && json[at] === POINT;
  const fraction = hasPoint ? point + 1 : point;
  if (hasPoint) at = endOfDigits(json, fraction);
  if (hasPoint && at === fraction) return false;
  if (isQuoted ? json[at] !== QUOTE : !rows.isEnd(at)) return false;
  rows.putDecimal({ digits: json, start, point, from: fraction, end: at, isNegative });
  rows.from = isQuoted ? at + 1 : at;
  return true;
}

const inverse: Inverse = {
  formatOf: numberFormat,
  formats: (affinity) => numberFormats(affinity, ...(affinity === "real" ? ["real", "integer"] : ["integer", "real"])),
  write(targetText, format) {
    if (format === "text") return /\d/.test(targetText) ? textValue(targetText) : null;
    if (format === "integer") {
      const [integer = "", fraction = ""] = targetText.split(".");
      return /^-?\d+$/.test(integer) && /^0*$/.test(fraction) ? integerValue(BigInt(integer)) : null;
    }
    const value = Number(targetText);
    if (format !== "real" || Number.isNaN(value)) return null;
    // A double holds each decimal of 15 digits; of longer ones only some.
    return { value: { type: "real", value }, exact: !/\d/.test(targetText) || isWrittenAs(targetText, value) };
  },
  habit: null,
  loss: ROUNDED,
};
