import { recordInteger } from "../../source/btree/record.ts";
import { BOOLEAN_FORM } from "../canonical/number-form.ts";
import type { Codec } from "../codec.ts";
import type { BinaryRows } from "../encode/binary-rows.ts";
import type { JsonToBinary } from "../encode/json-to-binary.ts";
import { BECOMES_NUMBER, type Format, sameFormats, textValue } from "../inverse.ts";
import { type RawValue, rawText } from "../raw-value.ts";

/** 0 and 1, and the words that PostgreSQL reads as a boolean, too. Only the application knows whether 2 is true. */
export const booleanCodec: Codec = {
  description: "boolean",
  isNumber: true,
  textFormats: [],
  encoder: {
    copyText: (c) => `CASE WHEN lower(${c}) IN (${TRUE_WORDS}) THEN 't' ELSE 'f' END`,
    rejected: (c) =>
      `CASE typeof(${c}) WHEN 'null' THEN 0 WHEN 'integer' THEN ${c} NOT IN (0,1)
        WHEN 'text' THEN lower(${c}) NOT IN (${TRUE_WORDS},${FALSE_WORDS}) ELSE 1 END`,
    json: {
      toText: (json) => {
        const first = json.bytes[json.from];
        return (first === ZERO || first === ONE) && json.putDigits() === 1;
      },
    },
    binary: {
      fromRecord: (affinity) => (affinity === "real" ? () => false : booleanOfRecord),
      fromJson: booleanOfJson,
    },
  },
  comparison: {
    matches(raw, targetText) {
      if (raw.type === "text" && WORD.test(rawText(raw) ?? ""))
        return (targetText === "true") === /^[toy](?!f)/i.test(rawText(raw) ?? "");
      const digit = digitOf(raw);
      return (digit === "1" && targetText === "true") || (digit === "0" && targetText === "false");
    },
    canonical: BOOLEAN_FORM,
  },
  inverse: {
    formatOf: (raw) => (raw.type === "text" ? wordFormat(rawText(raw) ?? "") : "integer"),
    formats: () => ["integer"],
    write(targetText, format) {
      const isTrue = targetText === "true" || targetText === "t";
      const pair = WORDS.find((words) => words.includes(format));
      if (pair !== undefined) return textValue(pair[isTrue ? 0 : 1]);
      return { value: { type: "integer", value: isTrue ? 1n : 0n }, exact: true };
    },
    habit: sameFormats("boolean"),
    loss: BECOMES_NUMBER,
  },
  merging: { isPossible: ({ texts }) => texts > 0, sameText: (_, copied) => copied },
};

const TRUE_WORDS = "'1','t','true','y','yes','on'";
const FALSE_WORDS = "'0','f','false','n','no','off'";
const WORD = /^(t|true|y|yes|on|f|false|n|no|off)$/i;

/** Pairs in each case; the first word names the format. */
const WORDS: readonly (readonly [string, string])[] = [
  ["t", "f"],
  ["true", "false"],
  ["y", "n"],
  ["yes", "no"],
  ["on", "off"],
  ["1", "0"],
].flatMap(([yes = "", no = ""]) => {
  const capital = (word: string) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
  return [[yes, no] as const, [yes.toUpperCase(), no.toUpperCase()] as const, [capital(yes), capital(no)] as const];
});

function wordFormat(text: string): Format {
  return WORDS.find((pair) => pair.includes(text))?.[0] ?? "integer";
}

const ZERO = 0x30;
const ONE = 0x31;

function booleanOfRecord(rows: BinaryRows, type: number, start: number): boolean {
  const value = recordInteger(rows.out, rows.view, type, start);
  return (value === 0 || value === 1) && putBoolean(rows, value);
}

function booleanOfJson(json: JsonToBinary): boolean {
  const byte = json.json[json.from];
  if ((byte !== ZERO && byte !== ONE) || !json.isEnd(json.from + 1)) return false;
  json.from++;
  return putBoolean(json, byte - ZERO);
}

function putBoolean(rows: BinaryRows, value: number): true {
  rows.put32(1);
  rows.out[rows.at++] = value;
  return true;
}

/** What comes back may be a real or a text, by the column's affinity. */
function digitOf(raw: RawValue): string | null {
  return raw.type === "integer" || raw.type === "real"
    ? String(raw.value)
    : (rawText(raw)?.replace(/\.0$/, "") ?? null);
}
