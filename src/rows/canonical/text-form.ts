import {
  type CanonicalForm,
  NO_TEXT,
  TOO_LONG,
  textOf,
  textToken,
  type ValueWriter,
  writtenOf,
} from "./canonical-form.ts";
import type { CanonicalValue } from "./canonical-value.ts";
import { type RecordValue, STORED } from "./record-value.ts";
import type { ValueTokens } from "./value-tokens.ts";

const MINUS = 0x2d;
/** Of dates, timestamps and UUIDs in whatever format. */
const SHORT = { maxBytes: 64 };

/** Texts of any length. */
export const TEXT_FORM: CanonicalForm = {
  sqlite: (c, options) => [{ sql: textToken(c, options), separator: "control" }],
  postgres: textOf,
  writer: ([values]) => {
    const tokens = values as ValueTokens;
    return (into) => {
      tokens.next();
      if (tokens.isForeign) return tokens.isNull ? into.setNull() : isUnread(into, tokens);
      return into.putBytes(tokens.bytes, tokens.start, tokens.end);
    };
  },
  stored: (into, value) => {
    if (value.class === STORED.null) return into.setNull();
    return value.class === STORED.text && into.putBytes(value.bytes, value.start, value.end);
  },
  isAlike: (raw, targetText) => raw.type === "text" && Buffer.from(raw.bytes).equals(Buffer.from(targetText)),
};

/** Blobs, and texts as their bytes, by hexadecimal digits. */
export const BYTES_FORM: CanonicalForm = {
  sqlite: (c, { maxBytes }) => [
    {
      sql:
        `CASE WHEN octet_length(${c})<=${maxBytes >> 1} THEN CASE WHEN ${c}>='' THEN hex(${c}) ELSE ${NO_TEXT} ` +
        `END WHEN typeof(${c})='null' THEN '-' ELSE ${TOO_LONG} END`,
      separator: "comma",
    },
  ],
  postgres: (c) => ({ kind: "text", sql: `encode(${c}, 'hex')` }),
  writer: ([values]) => {
    const tokens = values as ValueTokens;
    return (into) => {
      tokens.next();
      const { bytes, end, start } = tokens;
      if (bytes[start] === MINUS && end > start) return into.setNull();
      if (tokens.isForeign) return isUnread(into, tokens);
      into.reserve(end - start);
      const { out } = into;
      let { at } = into;
      // SQLite's letters are capitals, and no digit lacks the bit of small ones.
      for (let from = start; from < end; from++) out[at++] = (bytes[from] ?? 0) | 0x20;
      into.at = at;
      return true;
    };
  },
  stored: (into, value) => {
    if (value.class === STORED.null) return into.setNull();
    if (value.class !== STORED.blob && value.class !== STORED.text) return false;
    return into.putHexadecimal(value.bytes, value.start, value.end);
  },
  isAlike: (raw) => raw.type === "blob" || raw.type === "text",
};

/** Where a text is. */
export type TextPlace = Pick<ValueTokens, "bytes" | "start" | "end">;

/** Of other values than texts, which the form of a short text may know too. */
export interface OtherThanTexts {
  /** What SQLite gives of them. */
  sqlite(c: string): string;
  /** Writes one as it lies in the file. */
  stored(into: CanonicalValue, value: RecordValue): boolean;
}

/** A form of one short text, as PostgreSQL writes it. */
export function shortTextForm(
  write: (into: CanonicalValue, text: TextPlace) => boolean,
  others?: OtherThanTexts,
): CanonicalForm {
  const writer = ([values]: readonly ValueTokens[]): ValueWriter => {
    const tokens = values as ValueTokens;
    return (into) => {
      tokens.next();
      if (tokens.isForeign) return tokens.isNull && into.setNull();
      return write(into, tokens);
    };
  };
  return {
    sqlite: (c) => [{ sql: textToken(c, SHORT, others?.sqlite(c)), separator: "control" }],
    postgres: textOf,
    writer,
    stored: (into, value) => {
      if (value.class === STORED.null) return into.setNull();
      if (value.class !== STORED.text) return others?.stored(into, value) ?? false;
      return value.end - value.start <= SHORT.maxBytes && write(into, value);
    },
    isAlike: (raw, targetText) => raw.type === "text" && writtenOf(writer, raw.bytes) === targetText,
  };
}

function isUnread(into: CanonicalValue, tokens: ValueTokens): false {
  into.hasTooLong ||= tokens.isTooLong;
  return false;
}
