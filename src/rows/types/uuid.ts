import { declaredKind } from "../../model/declared-type.ts";
import { SERIAL } from "../../source/btree/record.ts";
import { CANONICAL_UUID } from "../canonical/short-forms.ts";
import type { Codec, TextFormatTest } from "../codec.ts";
import type { BinaryRows } from "../encode/binary-rows.ts";
import type { JsonToBinary } from "../encode/json-to-binary.ts";
import type { JsonToText } from "../encode/json-to-text.ts";
import { hexadecimal } from "../encode/text-bytes.ts";
import { BECOMES_NUMBER, type Inverse, IRREGULAR, sameFormats, textValue } from "../inverse.ts";
import { decodeUtf8, rawText } from "../raw-value.ts";

const MINUS = 0x2d;
const QUOTE = 0x22;

/** 36 characters with hyphens, in any case. */
export const UUID_FORMAT: TextFormatTest = {
  isPromisedBy: (declaredType) => declaredKind(declaredType) === "uuid",
  lengths: [36, 36],
  sql: (c) =>
    `CASE WHEN length(${c})=36 AND substr(${c},9,1)||substr(${c},14,1)||substr(${c},19,1)||substr(${c},24,1)='----'
      THEN length(unhex(${c},'-'))=16 END`,
  bytes: isGroupedUuid,
  refinements: [{ field: "lowerUuids", sql: (c) => `lower(${c})=${c}`, bytes: isLowerCase }],
};

/** UUIDs as text in any case, with or without hyphens, or as 16 bytes. PostgreSQL rejects other texts. */
export const uuidCodec: Codec = {
  description: "uuid",
  isNumber: false,
  textFormats: ["uuids"],
  encoder: {
    copyText: blobInHexadecimal,
    rejected: (c) =>
      `CASE typeof(${c}) WHEN 'null' THEN 0 WHEN 'blob' THEN length(${c})<>16
        WHEN 'text' THEN length(${c}) NOT IN (32,36) OR ${c} GLOB '*[^-0-9a-fA-F]*' ELSE 1 END`,
    rejectedByPostgres: (c) =>
      `CASE typeof(${c}) WHEN 'text' THEN CASE length(${c})
        WHEN 36 THEN NOT coalesce(${UUID_FORMAT.sql(c)},0) ELSE instr(${c},'-')>0 END END`,
    json: { value: blobInHexadecimal, toText: uuidTextOfJson },
    binary: { fromRecord: () => uuidOfRecord, fromJson: uuidOfJson },
  },
  comparison: {
    matches(raw, targetText) {
      const digits = targetText.replaceAll("-", "");
      if (raw.type === "blob") return digits === Buffer.from(raw.bytes).toString("hex");
      return rawText(raw)?.replaceAll("-", "").toLowerCase() === digits;
    },
    canonical: CANONICAL_UUID,
  },
  inverse: inverse(),
  merging: {
    isPossible: ({ blobs, lowerUuids, texts }) => blobs > 0 || lowerUuids < texts,
    sameText: (_, copied) => `lower(replace(${copied}, '-', ''))`,
  },
};

function blobInHexadecimal(c: string): string {
  return `CASE typeof(${c}) WHEN 'blob' THEN hex(${c}) ELSE ${c} END`;
}

function isHyphenAt(index: number): boolean {
  return index === 8 || index === 13 || index === 18 || index === 23;
}

function isGroupedUuid(bytes: Uint8Array, start: number): boolean {
  for (let index = 0; index < 36; index++) {
    const byte = bytes[start + index] ?? 0;
    if (isHyphenAt(index) ? byte !== MINUS : hexadecimal(byte) < 0) return false;
  }
  return true;
}

/** Of hexadecimal digits and hyphens: only capitals have the one bit and not the other. */
function isLowerCase(bytes: Uint8Array, start: number, end: number): boolean {
  let capitals = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    capitals |= byte & 0x40 & ~((byte & 0x20) << 1);
  }
  return capitals === 0;
}

function isUngroupedUuid(bytes: Uint8Array, start: number): boolean {
  for (let at = start; at < start + 32; at++) if (hexadecimal(bytes[at] ?? 0) < 0) return false;
  return true;
}

function uuidTextOfJson(json: JsonToText): boolean {
  const start = json.from + 1;
  const end = json.endOfText();
  const isUuid =
    end - start === 36 ? isGroupedUuid(json.bytes, start) : end - start === 32 && isUngroupedUuid(json.bytes, start);
  return isUuid && json.putTextUntil(end);
}

function uuidOfRecord(rows: BinaryRows, type: number, start: number, length: number): boolean {
  if (type === SERIAL.blob) {
    if (length === 16) rows.putCopy(start, length);
    return length === 16;
  }
  return type === SERIAL.text && (length === 32 || length === 36) && putUuid(rows, rows.out, start) === start + length;
}

function uuidOfJson(rows: JsonToBinary): boolean {
  const { json, from } = rows;
  if (json[from] !== QUOTE) return false;
  const end = putUuid(rows, json, from + 1);
  if (json[end] !== QUOTE || end < 0) return false;
  rows.from = end + 1;
  return true;
}

/** Writes the bytes of 32 digits, or of groups of 8-4-4-4-12. Returns where they end; -1 if they are none. */
function putUuid(rows: BinaryRows, bytes: Uint8Array, start: number): number {
  const { out } = rows;
  const isGrouped = bytes[start + 8] === MINUS;
  let at = start;
  rows.put32(16);
  for (let index = 0; index < 16; index++, at += 2) {
    if (isGrouped && (index === 4 || index === 6 || index === 8 || index === 10) && bytes[at++] !== MINUS) return -1;
    const value = (hexadecimal(bytes[at] ?? 0) << 4) | hexadecimal(bytes[at + 1] ?? 0);
    if (value < 0) return -1;
    out[rows.at++] = value;
  }
  return at;
}

/** `blob`, or a text's case and hyphens. Without a letter it passes for lower case. */
function inverse(): Inverse {
  return {
    formatOf(raw) {
      if (raw.type === "blob") return "blob";
      const value = raw.type === "text" ? decodeUtf8(raw.bytes) : null;
      if (value === null) return IRREGULAR;
      const letters = /^[^A-Z]*$/.test(value) ? "lower" : /^[^a-z]*$/.test(value) ? "upper" : null;
      const isGrouped = /^[^-]{8}-[^-]{4}-[^-]{4}-[^-]{4}-[^-]{12}$/.test(value);
      if (letters === null || !(isGrouped || /^[^-]{32}$/.test(value))) return IRREGULAR;
      return isGrouped ? `${letters} hyphens` : `${letters} digits`;
    },
    formats: () => ["lower hyphens", "upper hyphens", "lower digits", "upper digits", "blob"],
    write(targetText, format) {
      const digits = targetText.replaceAll("-", "");
      switch (format) {
        case "blob":
          return { value: { type: "blob", bytes: new Uint8Array(Buffer.from(digits, "hex")) }, exact: true };
        case "lower hyphens":
          return textValue(targetText);
        case "upper hyphens":
          return textValue(targetText.toUpperCase());
        case "lower digits":
          return textValue(digits);
        case "upper digits":
          return textValue(digits.toUpperCase());
        default:
          return null;
      }
    },
    habit: sameFormats("uuid"),
    loss: BECOMES_NUMBER,
  };
}
