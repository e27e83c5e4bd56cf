import { isUtf8 } from "node:buffer";
import { tupleOf } from "../rows/bind-key.ts";
import type { SourceRow } from "../source/source.ts";
import type { BadTexts } from "./column-tally.ts";
import type { Encoding } from "./harmless-text.ts";

/** Whether bytes of text hold a NUL or are invalid in their encoding: PostgreSQL's text holds neither. */
export function hasBadBytes(bytes: ArrayBuffer, encoding: Encoding): boolean {
  return hasNul(bytes, encoding) || !isValid(bytes, encoding);
}

/** The invalid ones of a page's texts. Each row holds its key, as `width` pairs, and then the text. */
export function findBadTexts(rows: readonly SourceRow[], width: number, encoding: Encoding): BadTexts {
  const keysOf = (isBad: (text: ArrayBuffer, encoding: Encoding) => boolean) =>
    rows.flatMap((row) => {
      const text = row[2 * width];
      return text instanceof ArrayBuffer && isBad(text, encoding) ? [row] : [];
    });
  const [nul, invalid] = [keysOf(hasNul), keysOf((text) => !isValid(text, encoding))];
  const examples = (found: readonly SourceRow[]) => found.slice(0, EXAMPLE_ROWS).map((row) => tupleOf(row, 0, width));
  return { nul: nul.length, nulKeys: examples(nul), invalid: invalid.length, invalidKeys: examples(invalid) };
}

/** How many rows a finding names. */
export const EXAMPLE_ROWS = 5;

function hasNul(bytes: ArrayBuffer, encoding: Encoding): boolean {
  if (encoding === "UTF-8") return Buffer.from(bytes).includes(0);
  return bytes.byteLength % 2 === 0 && new Uint16Array(bytes).includes(0);
}

function isValid(bytes: ArrayBuffer, encoding: Encoding): boolean {
  if (encoding === "UTF-8") return isUtf8(new Uint8Array(bytes));
  try {
    new TextDecoder(encoding === "UTF-16le" ? "utf-16le" : "utf-16be", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
