import { escapeCopyText, shortestReal } from "./copy-text.ts";
import { isDecimalOf } from "./decimal.ts";
import type { RawValue, ValueKind } from "./kind.ts";

/**
 * Text, and numbers as their decimal text. `varchar(n)` silently drops trailing spaces that do
 * not fit and `char(n)` all of them, so those are refused here. Blobs are refused.
 */
export function text(options: {
  readonly maxLength: number | null;
  readonly padded: boolean;
  readonly utf16?: true;
}): ValueKind {
  const tooLong = (c: string) => (options.maxLength === null ? "0" : `length(${c})>${options.maxLength}`);
  // SQLite's functions make another character of half a surrogate pair in UTF-16, without a word.
  const halfPair = (c: string) =>
    options.utf16 === true ? ` OR CAST(${c} AS BLOB)<>CAST(substr(${c},1) AS BLOB)` : "";
  const trailing = (c: string) => (options.padded ? ` OR substr(${c},-1)=' '` : "");
  return {
    ...(options.padded || options.utf16 === true
      ? {}
      : { fastPath: { shape: { kind: "text", most: options.maxLength } } }),
    encode: (c) =>
      `CASE typeof(${c}) WHEN 'text' THEN ${escapeCopyText(c)} WHEN 'integer' THEN CAST(${c} AS TEXT) ELSE ${shortestReal(c)} END`,
    refused: (c) =>
      `CASE typeof(${c}) WHEN 'blob' THEN 1 WHEN 'null' THEN 0 ELSE ${tooLong(c)}${trailing(c)}${halfPair(c)} END`,
    matches(raw, targetText) {
      const value = options.padded ? targetText.replace(/ +$/, "") : targetText;
      if (raw.type === "integer") return value === raw.value.toString();
      if (raw.type === "real") return value !== "" && isDecimalOf(realText(value), raw.value);
      return raw.type === "text" && value === decoded(raw.bytes);
    },
  };
}

/** SQLite writes infinities as Inf. */
function realText(value: string): string {
  return value.replace(/^(-?)Inf$/, "$1Infinity");
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of UTF-8 bytes, or null if they are none. */
export function decoded(bytes: Uint8Array): string | null {
  try {
    return strict.decode(bytes);
  } catch {
    return null;
  }
}

/** The text of a raw text value; null for any other. */
export function rawText(raw: RawValue): string | null {
  return raw.type === "text" ? decoded(raw.bytes) : null;
}
