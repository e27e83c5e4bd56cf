import { recordInteger } from "../../source/btree/record.ts";
import { BOOLEAN_FORM } from "../canonical/number-form.ts";
import type { Codec } from "../codec.ts";
import type { BinaryRows } from "../encode/binary-rows.ts";
import type { JsonToBinary } from "../encode/json-to-binary.ts";
import { BECOMES_NUMBER } from "../inverse.ts";
import { type RawValue, rawText } from "../raw-value.ts";

/** 0 and 1, nothing else: only the application knows whether 2 or 'true' is true. */
export const booleanCodec: Codec = {
  description: "boolean",
  isNumber: true,
  textFormats: [],
  encoder: {
    copyText: (c) => `CASE ${c} WHEN 1 THEN 't' ELSE 'f' END`,
    rejected: (c) => `CASE typeof(${c}) WHEN 'null' THEN 0 WHEN 'integer' THEN ${c} NOT IN (0,1) ELSE 1 END`,
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
      const digit = digitOf(raw);
      return (digit === "1" && targetText === "true") || (digit === "0" && targetText === "false");
    },
    canonical: BOOLEAN_FORM,
  },
  inverse: {
    formatOf: () => "integer",
    formats: () => ["integer"],
    write: (targetText) => ({
      value: { type: "integer", value: targetText === "true" || targetText === "t" ? 1n : 0n },
      exact: true,
    }),
    habit: null,
    loss: BECOMES_NUMBER,
  },
};

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
