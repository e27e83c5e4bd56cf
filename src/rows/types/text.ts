import { SERIAL } from "../../source/btree/record.ts";
import { TEXT_FORM } from "../canonical/text-form.ts";
import type { BinaryEncoder, ChunkEncoder, Codec, ConversionOf } from "../codec.ts";
import { escapeCopyText, shortestReal } from "../copy-text.ts";
import { isDecimalOf, realOfText } from "../decimal.ts";
import { countCharacters } from "../encode/text-bytes.ts";
import { BECOMES_NUMBER, type Inverse, integerValue, readsAsText, textValue } from "../inverse.ts";
import { decodeUtf8 } from "../raw-value.ts";

/**
 * Text, and numbers as their decimal text. `varchar(n)` silently drops trailing spaces that do not fit: those are
 * rejected here. To `char(n)` trailing spaces mean nothing: a text is equal with and without them. Blobs are rejected.
 */
export function textCodec({ maxLength, padded, utf16 }: ConversionOf<"text">): Codec {
  const counted = (c: string) => (padded ? `rtrim(${c},' ')` : c);
  const tooLong = (c: string) => (maxLength === null ? "0" : `length(${counted(c)})>${maxLength}`);
  // In UTF-16, SQLite's functions make another character of half a surrogate pair, without an error.
  const halfPair = (c: string) => (utf16 === true ? ` OR CAST(${c} AS BLOB)<>CAST(substr(${c},1) AS BLOB)` : "");
  return {
    description: maxLength === null ? "text" : `text of ${maxLength} characters`,
    isNumber: false,
    textFormats: [],
    encoder: {
      copyText: (c) =>
        `CASE typeof(${c}) WHEN 'text' THEN ${escapeCopyText(c)} WHEN 'integer' THEN CAST(${c} AS TEXT)
          ELSE ${shortestReal(c)} END`,
      rejected: (c) => `CASE typeof(${c}) WHEN 'blob' THEN 1 WHEN 'null' THEN 0 ELSE ${tooLong(c)}${halfPair(c)} END`,
      json: padded || utf16 === true ? null : { toText: (json) => json.putText(maxLength) },
      binary: textToBinary(maxLength),
      chunks: CHUNKS,
    },
    comparison: {
      matches(raw, targetText) {
        const value = padded ? withoutPadding(targetText) : targetText;
        if (raw.type === "integer") return value === raw.value.toString();
        if (raw.type === "real") return value !== "" && isDecimalOf(infinityInFull(value), raw.value);
        if (raw.type !== "text") return false;
        const text = decodeUtf8(raw.bytes);
        return text !== null && value === (padded ? withoutPadding(text) : text);
      },
      canonical: TEXT_FORM,
    },
    inverse,
  };
}

function withoutPadding(text: string): string {
  return text.replace(/ +$/, "");
}

/** The bytes of the text as they are. */
export function textToBinary(maxLength: number | null): BinaryEncoder {
  return {
    fromRecord: () => (rows, type, start, length) => {
      if (type !== SERIAL.text) return false;
      if (maxLength !== null && length > maxLength && countCharacters(rows.out, start, start + length) > maxLength)
        return false;
      rows.putCopy(start, length);
      return true;
    },
    fromJson: (json) => json.putText(maxLength),
    inlined: () => (maxLength === null ? "text" : null),
  };
}

/** SQLite writes infinities as Inf. */
function infinityInFull(value: string): string {
  return value.replace(/^(-?)Inf$/, "$1Infinity");
}

const BACKSLASH = 0x5c;
/** By byte, the letter behind the backslash for tab, line feed, carriage return and the backslash itself. */
const ESCAPES = new Map([
  [0x09, 0x74],
  [0x0a, 0x6e],
  [0x0d, 0x72],
  [BACKSLASH, BACKSLASH],
]);

const CHUNKS: ChunkEncoder = {
  lead: new Uint8Array(),
  growth: 1,
  isText: true,
  chunk(bytes) {
    let more = 0;
    for (const byte of bytes) if (ESCAPES.has(byte)) more++;
    if (more === 0) return bytes;
    const text = new Uint8Array(bytes.length + more);
    let at = 0;
    for (const byte of bytes) {
      const letter = ESCAPES.get(byte);
      if (letter !== undefined) text[at++] = BACKSLASH;
      text[at++] = letter ?? byte;
    }
    return text;
  },
};

/** A number in a column that became text is a number again where the text is how that number is written. */
const inverse: Inverse = {
  formatOf: ({ type }) => type,
  formats: (affinity) => (affinity === "text" ? ["text"] : ["text", "integer", "real"]),
  write(targetText, format) {
    switch (format) {
      case "text":
        return textValue(targetText);
      case "integer":
        return /^(0|-?[1-9]\d{0,18})$/.test(targetText) ? integerValue(BigInt(targetText)) : null;
      case "real": {
        const value = realOfText(targetText);
        return value === null ? null : { value: { type: "real", value }, exact: true };
      }
      default:
        return null;
    }
  },
  habit: null,
  loss: BECOMES_NUMBER,
  survivesAffinity: readsAsText,
};
