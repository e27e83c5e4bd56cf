import { declaredKind } from "../../model/declared-type.ts";
import { SERIAL } from "../../source/btree/record.ts";
import { CANONICAL_TIME } from "../canonical/short-forms.ts";
import type { Codec, TextFormatTest } from "../codec.ts";
import type { BinaryRows } from "../encode/binary-rows.ts";
import type { JsonToBinary } from "../encode/json-to-binary.ts";
import type { JsonToText } from "../encode/json-to-text.ts";
import { BECOMES_NUMBER, type Inverse, IRREGULAR, sameFormats, textValue } from "../inverse.ts";
import { type Clock, clockAt } from "../iso-bytes.ts";
import { decodeUtf8, rawText } from "../raw-value.ts";

const CLOCK: Clock = { seconds: 0, micros: 0 };
const QUOTE = 0x22;

export const TIME_FORMAT: TextFormatTest = {
  isPromisedBy: (declaredType) => declaredKind(declaredType) === "time",
  lengths: [5, 15],
  sql: isIsoTime,
  bytes: isTime,
  refinements: [],
};

/** HH:MM, HH:MM:SS, and up to six decimals: more would be rounded. */
export const timeCodec: Codec = {
  description: "time",
  isNumber: false,
  textFormats: ["isoTimes"],
  encoder: {
    copyText: (c) => c,
    rejected: (c) => `CASE typeof(${c}) WHEN 'null' THEN 0 WHEN 'text' THEN NOT coalesce(${isIsoTime(c)},0) ELSE 1 END`,
    json: { toText: timeTextOfJson },
    binary: { fromRecord: () => timeOfRecord, fromJson: timeOfJson },
  },
  comparison: {
    matches(raw, targetText) {
      const value = rawText(raw);
      return value !== null && inFull(value) === inFull(targetText);
    },
    canonical: CANONICAL_TIME,
  },
  inverse: inverse(),
};

/** SQLite expression: 1 for a text `c` that is such a time, else 0 or NULL. */
function isIsoTime(c: string): string {
  const isFraction = `substr(${c},9,2) GLOB '.[0-9]' AND ltrim(substr(${c},10),'0123456789')=''`;
  return `CASE length(${c}) WHEN 8 THEN time(${c},'+0 days')=${c} WHEN 5 THEN time(${c},'+0 days')=${c}||':00'
    ELSE CASE WHEN length(${c}) BETWEEN 10 AND 15 AND ${isFraction}
      THEN time(substr(${c},1,8),'+0 days')=substr(${c},1,8) END END`;
}

function isTime(bytes: Uint8Array, start: number, end: number): boolean {
  return end > start && clockAt(bytes, start, CLOCK, end) === end - start;
}

function timeTextOfJson(json: JsonToText): boolean {
  const end = json.endOfText();
  return end >= 0 && isTime(json.bytes, json.from + 1, end) && json.putTextUntil(end);
}

function timeOfRecord(rows: BinaryRows, type: number, start: number, length: number): boolean {
  if (type !== SERIAL.text || length === 0 || clockAt(rows.out, start, rows.clock, start + length) !== length)
    return false;
  rows.putMicros(rows.clock.seconds, rows.clock.micros);
  return true;
}

function timeOfJson(rows: JsonToBinary): boolean {
  const { json } = rows;
  const at = rows.from + 1;
  const length = json[at - 1] === QUOTE ? clockAt(json, at, rows.clock) : 0;
  if (length === 0 || json[at + length] !== QUOTE) return false;
  rows.putMicros(rows.clock.seconds, rows.clock.micros);
  rows.from = at + length + 1;
  return true;
}

function inFull(value: string): string {
  const [clock = "", fraction = ""] = value.split(".");
  return `${clock.length === 5 ? `${clock}:00` : clock}.${fraction.padEnd(6, "0")}`;
}

/** `minutes`, or the number of decimals of the seconds. */
function inverse(): Inverse {
  const pattern = /^(\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?$/;
  return {
    formatOf(raw) {
      const match = raw.type === "text" ? pattern.exec(decodeUtf8(raw.bytes) ?? "") : null;
      if (match === null) return IRREGULAR;
      return match[2] === undefined ? "minutes" : String(match[3]?.length ?? 0);
    },
    formats: () => ["0"],
    write(targetText, format) {
      const match = pattern.exec(targetText);
      // PostgreSQL has a 24:00:00 at the day's end, SQLite's functions do not.
      if (match === null || format === IRREGULAR || targetText.startsWith("24")) return null;
      const [, minutes = "", seconds = "00", fraction = ""] = match;
      if (format === "minutes" && seconds === "00" && /^0*$/.test(fraction)) return textValue(minutes);
      return textValue(`${minutes}:${seconds}${decimals(fraction, format === "minutes" ? 0 : Number(format))}`);
    },
    habit: sameFormats("time"),
    loss: BECOMES_NUMBER,
  };
}

/** Decimals of a second in so many digits. Where more are needed: milliseconds or microseconds. */
export function decimals(fraction: string, digits: number): string {
  const needed = fraction.replace(/0+$/, "");
  const length = needed.length <= digits ? digits : needed.length <= 3 ? 3 : 6;
  return length === 0 ? "" : `.${needed.padEnd(length, "0")}`;
}
