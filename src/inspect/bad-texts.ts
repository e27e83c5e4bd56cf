import { isUtf8 } from "node:buffer";
import type { SourceRow } from "../db/source.ts";
import type { BadTexts } from "./column-tally.ts";
import type { Encoding } from "./harmless-text.ts";

/** Whether bytes of text hold a NUL, or are no text in their encoding: what PostgreSQL's text cannot hold. */
export function hasBadBytes(bytes: ArrayBuffer, encoding: Encoding): boolean {
  return hasNul(bytes, encoding) || !isValid(bytes, encoding);
}

/** Counts the bad ones of a page's texts, one a row. */
export function countBadTexts(rows: readonly SourceRow[], encoding: Encoding): BadTexts {
  const texts = rows.map(([text]) => text).filter((text) => text instanceof ArrayBuffer);
  return { nul: texts.filter((text) => hasNul(text, encoding)).length, invalid: texts.filter((text) => !isValid(text, encoding)).length };
}

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
