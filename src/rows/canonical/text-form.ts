import {
  type CanonicalForm,
  NO_TEXT,
  orTilde,
  TOO_LONG,
  textToken,
  type ValueWriter,
  writtenOf,
} from "./canonical-form.ts";
import type { CanonicalRow } from "./canonical-row.ts";
import { type RecordValue, STORED } from "./record-value.ts";
import type { ValueTokens } from "./value-tokens.ts";

const COMMA = 0x2c;
const MINUS = 0x2d;
const ONE = 0x31;
/** Of dates, timestamps and UUIDs in whatever format. */
const SHORT = { maxBytes: 64 };

/** Texts of any length, with their length before them. */
export const TEXT_FORM: CanonicalForm = {
  sqlite: (c, options) => [{ sql: textToken(c, options), separator: "control" }],
  postgres: (c, { isNeverNull }) =>
    isNeverNull
      ? [`octet_length(${c}::text)`, `${c}::text`]
      : [`coalesce(octet_length(${c}::text), -1)`, `coalesce(${c}::text, '')`],
  writer: ([values]) => {
    const tokens = values as ValueTokens;
    return (row) => {
      tokens.next();
      if (tokens.isForeign) return tokens.isNull ? putNoBytes(row) : isUnread(row, tokens);
      row.putPadded(tokens.end - tokens.start, 1);
      row.put(COMMA);
      return row.putBytes(tokens.bytes, tokens.start, tokens.end);
    };
  },
  stored: (row, value) => {
    if (value.class === STORED.null) return putNoBytes(row);
    if (value.class !== STORED.text) return false;
    row.putInteger(value.end - value.start);
    row.put(COMMA);
    return row.putBytes(value.bytes, value.start, value.end);
  },
  isAlike: (raw, targetText) => raw.type === "text" && Buffer.from(raw.bytes).equals(Buffer.from(targetText)),
};

/** Blobs, and texts as their bytes, by hexadecimal digits, with their length before them. */
export const BYTES_FORM: CanonicalForm = {
  sqlite: (c, { maxBytes }) => [
    {
      sql:
        `CASE WHEN octet_length(${c})<=${maxBytes >> 1} THEN CASE WHEN ${c}>='' THEN hex(${c}) ELSE ${NO_TEXT} ` +
        `END WHEN typeof(${c})='null' THEN '-' ELSE ${TOO_LONG} END`,
      separator: "comma",
    },
  ],
  postgres: (c, { isNeverNull }) =>
    isNeverNull
      ? [`octet_length(${c})`, `encode(${c}, 'hex')`]
      : [`coalesce(octet_length(${c}), -1)`, `coalesce(encode(${c}, 'hex'), '')`],
  writer: ([values]) => {
    const tokens = values as ValueTokens;
    return (row) => {
      tokens.next();
      const { bytes, end, start } = tokens;
      if (bytes[start] === MINUS && end > start) return putNoBytes(row);
      if (tokens.isForeign) return isUnread(row, tokens);
      row.putPadded((end - start) >> 1, 1);
      row.put(COMMA);
      row.reserve(end - start);
      const { out } = row;
      let { at } = row;
      // SQLite's letters are capitals, and no digit lacks the bit of small ones.
      for (let from = start; from < end; from++) out[at++] = (bytes[from] ?? 0) | 0x20;
      row.at = at;
      return true;
    };
  },
  stored: (row, value) => {
    if (value.class === STORED.null) return putNoBytes(row);
    if (value.class !== STORED.blob && value.class !== STORED.text) return false;
    row.putInteger(value.end - value.start);
    row.put(COMMA);
    return row.putAllHexadecimal(value.bytes, value.start, value.end);
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
  stored(row: CanonicalRow, value: RecordValue): boolean;
}

/** A form of one short text, as PostgreSQL writes it: without a comma, so it needs no length before it. */
export function shortTextForm(
  write: (row: CanonicalRow, text: TextPlace) => boolean,
  others?: OtherThanTexts,
): CanonicalForm {
  const writer = ([values]: readonly ValueTokens[]): ValueWriter => {
    const tokens = values as ValueTokens;
    return (row) => {
      tokens.next();
      if (tokens.isForeign) return tokens.isNull && row.putNull();
      return write(row, tokens);
    };
  };
  return {
    sqlite: (c) => [{ sql: textToken(c, SHORT, others?.sqlite(c)), separator: "control" }],
    postgres: orTilde,
    writer,
    stored: (row, value) => {
      if (value.class === STORED.null) return row.putNull();
      if (value.class !== STORED.text) return others?.stored(row, value) ?? false;
      return value.end - value.start <= SHORT.maxBytes && write(row, value);
    },
    isAlike: (raw, targetText) => raw.type === "text" && writtenOf(writer, raw.bytes) === targetText,
  };
}

function putNoBytes(row: CanonicalRow): true {
  row.put(MINUS);
  row.put(ONE);
  row.put(COMMA);
  return true;
}

function isUnread(row: CanonicalRow, tokens: ValueTokens): false {
  row.hasTooLong ||= tokens.isTooLong;
  return false;
}
