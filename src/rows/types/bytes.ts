import { SERIAL } from "../../source/btree/record.ts";
import { BYTES_FORM } from "../canonical/text-form.ts";
import type { Codec } from "../codec.ts";
import type { BinaryRows } from "../encode/binary-rows.ts";
import type { JsonToBinary } from "../encode/json-to-binary.ts";
import { hexadecimal } from "../encode/text-bytes.ts";
import { BECOMES_NUMBER, type Inverse } from "../inverse.ts";
import { decodeUtf8 } from "../raw-value.ts";

/** Blobs, and texts as their bytes. */
export const bytesCodec: Codec = {
  description: "bytes",
  isNumber: false,
  textFormats: [],
  encoder: {
    copyText: (c) => `'\\\\x'||hex(CAST(${c} AS BLOB))`,
    rejected: (c) => `typeof(${c}) IN ('integer','real')`,
    json: {
      value: (c) => `CASE typeof(${c}) WHEN 'blob' THEN '\\x'||hex(${c}) WHEN 'null' THEN NULL ELSE 0 END`,
      toText: (json) => json.putText(null),
    },
    binary: { fromRecord: () => bytesOfRecord, fromJson: bytesOfJson },
    chunks: { lead: Buffer.from("\\\\x"), growth: 2, isText: false, chunk: hexadecimalDigits },
  },
  comparison: {
    matches(raw, targetText) {
      if (raw.type !== "blob" && raw.type !== "text") return false;
      const bytes = raw.type === "text" ? (raw.stored ?? raw.bytes) : raw.bytes;
      return targetText === `\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex")}`;
    },
    canonical: BYTES_FORM,
  },
  inverse: inverse(),
};

const QUOTE = 0x22;
const ONE = 0x31;
const BACKSLASH = 0x5c;
const SMALL_X = 0x78;
const DIGITS = Buffer.from("0123456789abcdef");

function bytesOfRecord(rows: BinaryRows, type: number, start: number, length: number): boolean {
  if (type !== SERIAL.blob) return false;
  rows.putCopy(start, length);
  return true;
}

/** From `\x` and hexadecimal digits, or a 1 that stands for a blob next to the JSON. */
function bytesOfJson(rows: JsonToBinary): boolean {
  const { json } = rows;
  let at = rows.from;
  if (json[at] === ONE) return rows.putBlob();
  if (json[at] !== QUOTE || json[at + 1] !== BACKSLASH || json[at + 2] !== BACKSLASH || json[at + 3] !== SMALL_X)
    return false;
  at += 4;
  const start = rows.at + 4;
  let to = start;
  for (;;) {
    const byte = json[at++] ?? 0;
    if (byte === QUOTE) break;
    const value = (hexadecimal(byte) << 4) | hexadecimal(json[at++] ?? 0);
    if (value < 0) return false;
    rows.out[to++] = value;
  }
  rows.view.setInt32(start - 4, to - start);
  rows.at = to;
  rows.from = at;
  return true;
}

/** Without a string in between, which would be garbage of twice the size. */
function hexadecimalDigits(bytes: Uint8Array): Uint8Array {
  const text = new Uint8Array(2 * bytes.length);
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    text[2 * at] = DIGITS[byte >> 4] ?? 0;
    text[2 * at + 1] = DIGITS[byte & 15] ?? 0;
  }
  return text;
}

function inverse(): Inverse {
  return {
    formatOf: ({ type }) => type,
    // `utf8`: a text, where the bytes are UTF-8.
    formats: (affinity) => (affinity === "text" ? ["utf8", "blob", "text"] : ["blob", "text"]),
    write(targetText, format) {
      const value = new Uint8Array(Buffer.from(targetText.slice(2), "hex"));
      if (format === "utf8")
        return value.includes(0) || decodeUtf8(value) === null
          ? null
          : { value: { type: "text", bytes: value }, exact: true };
      return format === "blob" || format === "text" ? { value: { type: format, bytes: value }, exact: true } : null;
    },
    habit: null,
    loss: BECOMES_NUMBER,
  };
}
