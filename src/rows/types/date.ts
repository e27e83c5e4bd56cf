import { declaredKind } from "../../model/declared-type.ts";
import { SERIAL } from "../../source/btree/record.ts";
import { CANONICAL_DATE } from "../canonical/short-forms.ts";
import type { Codec, TextFormatTest } from "../codec.ts";
import type { BinaryRows } from "../encode/binary-rows.ts";
import type { JsonToBinary } from "../encode/json-to-binary.ts";
import type { JsonToText } from "../encode/json-to-text.ts";
import { BECOMES_NUMBER, TEXT_INVERSE, textValue } from "../inverse.ts";
import { dayAt } from "../iso-bytes.ts";
import { rawText } from "../raw-value.ts";

export const DATE_FORMAT: TextFormatTest = {
  isPromisedBy: isDeclaredAsDate,
  lengths: [10, 10],
  sql: isIsoDate,
  bytes: (bytes, start) => dayAt(bytes, start) !== null,
  refinements: [],
};

/** YYYY-MM-DD of a day that exists. PostgreSQL would read other texts in its own way. */
export const dateCodec: Codec = {
  description: "date",
  isNumber: false,
  textFormats: ["isoDates"],
  encoder: {
    copyText: (c) => c,
    rejected: (c) => `CASE typeof(${c}) WHEN 'null' THEN 0 WHEN 'text' THEN NOT ${isIsoDate(c)} ELSE 1 END`,
    json: { toText: dateTextOfJson },
    binary: { fromRecord: () => dateOfRecord, fromJson: dateOfJson },
  },
  comparison: {
    matches: (raw, targetText) => rawText(raw) === targetText,
    canonical: CANONICAL_DATE,
  },
  inverse: {
    ...TEXT_INVERSE,
    // SQLite's date functions know neither infinity nor years before 1 or after 9999.
    write: (targetText) => (/^\d{4}-\d\d-\d\d$/.test(targetText) ? textValue(targetText) : null),
    habit: null,
    loss: BECOMES_NUMBER,
  },
};

/** Columns of dates hold timestamps, and the reverse. */
export function isDeclaredAsDate(declaredType: string): boolean {
  return ["date", "timestamp"].includes(declaredKind(declaredType));
}

/**
 * SQLite expression, 0 or 1: `c` is YYYY-MM-DD of a day that exists, from the year 1. With a modifier, date() makes
 * 1 March of 30 February, which is another text. A column declared DATE has NUMERIC affinity, so that `c >= '0001'`
 * would compare with the number 1: hence substr().
 */
export function isIsoDate(c: string): string {
  return `CASE WHEN length(${c})=10 AND substr(${c},1,4)>='0001' THEN coalesce(date(${c},'+0 days')=${c},0) ELSE 0 END`;
}

const QUOTE = 0x22;

function dateTextOfJson(json: JsonToText): boolean {
  const start = json.from + 1;
  const end = json.endOfText();
  return end - start === 10 && dayAt(json.bytes, start) !== null && json.putTextUntil(end);
}

function dateOfRecord(rows: BinaryRows, type: number, start: number, length: number): boolean {
  return type === SERIAL.text && length === 10 && putDay(rows, dayAt(rows.out, start));
}

function dateOfJson(rows: JsonToBinary): boolean {
  const { json } = rows;
  const at = rows.from + 1;
  if (json[at - 1] !== QUOTE || json[at + 10] !== QUOTE || !putDay(rows, dayAt(json, at))) return false;
  rows.from = at + 11;
  return true;
}

function putDay(rows: BinaryRows, days: number | null): boolean {
  if (days === null) return false;
  rows.put32(4);
  rows.put32(days);
  return true;
}
