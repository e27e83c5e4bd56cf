import { isDeepStrictEqual } from "node:util";
import { declaredKind } from "../../model/declared-type.ts";
import { SERIAL } from "../../source/btree/record.ts";
import { JSONB_FORM } from "../canonical/jsonb-form.ts";
import { TEXT_FORM } from "../canonical/text-form.ts";
import type { BinaryEncoder, Codec, ConversionOf, TextFormatTest } from "../codec.ts";
import { escapeCopyText } from "../copy-text.ts";
import { isDecimalOf } from "../decimal.ts";
import type { BinaryRows } from "../encode/binary-rows.ts";
import type { JsonToBinary } from "../encode/json-to-binary.ts";
import { type Inverse, integerValue, ROUNDED, sameFormats, textValue } from "../inverse.ts";
import { hasRejectedEscapeBytes, isJson } from "../json-syntax.ts";
import { decodeUtf8, rawText } from "../raw-value.ts";
import { textToBinary } from "./text.ts";

const OPEN_ARRAY = 0x5b;
const OPEN_OBJECT = 0x7b;

export const JSON_FORMAT: TextFormatTest = {
  isPromisedBy: (declaredType) => declaredKind(declaredType) === "json",
  lengths: [1, Number.POSITIVE_INFINITY],
  sql: (c) => `json_valid(${c})`,
  bytes: isJson,
  refinements: [{ field: "jsonRejected", sql: hasRejectedEscapes, bytes: hasRejectedEscapeBytes }],
  openings: [
    { field: "jsonContainers", sql: (c) => `substr(${c},1,1) IN ('{','[')`, firstBytes: [OPEN_OBJECT, OPEN_ARRAY] },
    { field: "jsonObjects", sql: (c) => `substr(${c},1,1)='{'`, firstBytes: [OPEN_OBJECT] },
  ],
};

/**
 * JSON as text, and bare numbers as the JSON that they are. `json` keeps the text as it is; `jsonb` keeps the value:
 * white space, the order of keys and all but the last of equal keys go.
 */
export function jsonCodec({ binary }: ConversionOf<"json">): Codec {
  return {
    description: "json",
    isNumber: false,
    textFormats: ["json"],
    encoder: {
      copyText: (c) =>
        `CASE typeof(${c}) WHEN 'text' THEN ${escapeCopyText(c)} WHEN 'integer' THEN CAST(${c} AS TEXT)
          ELSE printf('%!.17g',${c}) END`,
      rejected: (c) => `typeof(${c})='blob' OR coalesce(${c} IN (9e999,-9e999),0)`,
      rejectedByPostgres(c) {
        const escapes = binary ? ` OR coalesce(${hasRejectedEscapes(c)},0)` : "";
        return `CASE typeof(${c}) WHEN 'text' THEN NOT json_valid(${c})${escapes} END`;
      },
      json: { toText: (json) => json.putText(null) },
      binary: binary ? JSONB : textToBinary(null),
    },
    comparison: {
      matches(raw, targetText) {
        if (raw.type === "integer") return targetText === raw.value.toString();
        if (raw.type === "real") return isDecimalOf(targetText, raw.value);
        const value = rawText(raw);
        if (value === null) return false;
        return binary ? sameJson(value, targetText) : value === targetText;
      },
      canonical: binary ? JSONB_FORM : TEXT_FORM,
    },
    inverse: inverse(binary ? ["compact", "spaced"] : ["spaced"]),
  };
}

/** SQLite expression: JSON that jsonb rejects, with `\u0000` or an escape that is half of a surrogate pair. */
export function hasRejectedEscapes(c: string): string {
  // Without escaped backslashes, what follows a backslash is its own escape.
  const escapes = `replace(${c},'\\\\','')`;
  return `CASE WHEN instr(${c},'\\u')>0 THEN instr(${escapes},'\\u0000')>0
    OR CASE WHEN instr(lower(${c}),'\\ud')>0 THEN ${halfPair(`('      '||lower(${escapes}))`)} END END`;
}

/** A high surrogate that no low one follows, or a low one that no high one precedes, in six characters each. */
function halfPair(c: string): string {
  const high = "\\ud[89ab][0-9a-f][0-9a-f]";
  const low = "\\ud[c-f]";
  const after = [`${high}[^\\]`, `${high}\\[^u]`, `${high}\\u[^d]`, `${high}\\ud[^c-f]`];
  const before = ["[^\\]?????", "?[^u]????", "??[^d]???", "???[^89ab]??", "????[^0-9a-f]?", "?????[^0-9a-f]"].map(
    (six) => `${six}${low}`,
  );
  return `(${[...after, ...before].map((pattern) => `${c} GLOB '*${pattern}*'`).join(" OR ")})`;
}

/** The text behind a number, the version of the format. */
const JSONB: BinaryEncoder = { fromRecord: () => jsonbOfRecord, fromJson: jsonbOfJson };

function jsonbOfRecord(rows: BinaryRows, type: number, start: number, length: number): boolean {
  if (type !== SERIAL.text) return false;
  rows.put32(length + 1);
  rows.out[rows.at++] = 1;
  rows.copy(start, length);
  return true;
}

function jsonbOfJson(rows: JsonToBinary): boolean {
  const start = rows.at;
  rows.at++;
  if (!rows.putText(null)) return false;
  const length = rows.at - start - 5;
  rows.view.setInt32(start, length + 1);
  rows.view.setUint8(start + 4, 1);
  return true;
}

function sameJson(a: string, b: string): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(a, unsigned), JSON.parse(b, unsigned));
  } catch {
    return false;
  }
}

/** -0 is the number 0 to jsonb, which drops the sign. */
function unsigned(_key: string, value: unknown): unknown {
  return value === 0 ? 0 : value;
}

/**
 * Bare numbers as numbers; text `compact` or `spaced`, as most of the column's is: jsonb forgot how it was written. A
 * text of `json` comes back as it is.
 */
function inverse(textFormats: readonly string[]): Inverse {
  return {
    formatOf(raw) {
      if (raw.type !== "text") return raw.type;
      const text = decodeUtf8(raw.bytes) ?? "";
      return textFormats.includes("compact") && text === compact(text) ? "compact" : "spaced";
    },
    formats: () => textFormats,
    write(targetText, format) {
      switch (format) {
        case "integer":
          return /^-?\d+$/.test(targetText) ? integerValue(BigInt(targetText)) : null;
        case "real":
          return /^-?\d+(\.\d+)?(e[-+]?\d+)?$/i.test(targetText)
            ? { value: { type: "real", value: Number(targetText) }, exact: isDecimalOf(targetText, Number(targetText)) }
            : null;
        case "compact":
          return textValue(compact(targetText));
        default:
          return textValue(targetText);
      }
    },
    habit: sameFormats("json"),
    loss: ROUNDED,
  };
}

/** Without the blanks outside of its strings. A pattern of a whole string would fail at some ten million characters. */
function compact(text: string): string {
  let isInString = false;
  return text.replace(/"|\\.|[ \t\n\r]+/gs, (piece) => {
    if (piece === '"') isInString = !isInString;
    return isInString || piece === '"' || piece.startsWith("\\") ? piece : "";
  });
}
