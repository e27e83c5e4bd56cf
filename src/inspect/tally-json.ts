import { DIGITS_OF_DOUBLE } from "../rows/encode/text-bytes.ts";
import type { TextFormat } from "../rows/text-formats.ts";
import type { SourceValue } from "../source/source.ts";
import type { StorageClass } from "./column-tally.ts";
import { ValueCounts } from "./value-counts.ts";

/** What is counted of a column of integers and texts. Not the format `json`, whose texts JSON escapes. */
export interface JsonColumn {
  readonly column: string;
  /** Integers, texts, both or none of them. Anything else in the column is a surprise. */
  readonly classes: ReadonlySet<StorageClass>;
  readonly formats: readonly TextFormat[];
}

/**
 * The counts that SQL would give, by field of `renderColumn`, from a page's rows as json_array() writes them. One loop
 * over the bytes, where SQLite tests each value once for each count. Null where the rows hold what JSON cannot (a blob,
 * a real, a NUL): then SQL must be asked.
 */
export function tallyJson(
  json: Uint8Array,
  columns: readonly JsonColumn[],
): ReadonlyMap<string, ReadonlyMap<string, SourceValue>> | null {
  const counts = columns.map((column) => new ValueCounts(column));
  const page = new Page(json);
  if (!page.skip(OPEN)) return null;
  if (!page.skip(CLOSE)) {
    do {
      if (!page.skip(OPEN)) return null;
      for (let index = 0; index < counts.length; index++) {
        if ((index > 0 && !page.skip(COMMA)) || !page.value(counts[index] as ValueCounts)) return null;
      }
      if (!page.skip(CLOSE)) return null;
    } while (page.skip(COMMA));
    if (!page.skip(CLOSE)) return null;
  }
  return new Map(columns.map(({ column }, index) => [column, (counts[index] as ValueCounts).fields()]));
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const OPEN = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE = 0x5d;
const SMALL_N = 0x6e;
const SMALL_U = 0x75;

/** Of a byte of text: whether a character begins with it, and whether it ends the text or escapes what follows. */
const LEADS = 1;
const SPECIAL = 2;
const BYTE_TYPES = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === QUOTE || byte === BACKSLASH ? SPECIAL : (byte & 0xc0) === 0x80 ? 0 : LEADS,
);

class Page {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  skip(byte: number): boolean {
    if (this.#bytes[this.#at] !== byte) return false;
    this.#at++;
    return true;
  }

  value(counts: ValueCounts): boolean {
    const first = this.#bytes[this.#at];
    if (first === SMALL_N) {
      this.#at += 4;
      return true;
    }
    if (first === QUOTE) return counts.hasTexts && this.#text(counts);
    return counts.hasIntegers && this.#integer(counts);
  }

  #integer(counts: ValueCounts): boolean {
    const bytes = this.#bytes;
    const start = this.#at;
    const isNegative = bytes[start] === MINUS;
    const first = isNegative ? start + 1 : start;
    let at = first;
    let value = 0;
    for (let byte = bytes[at] ?? 0; byte >= 0x30 && byte <= 0x39; byte = bytes[++at] ?? 0)
      value = value * 10 + byte - 0x30;
    if (at === first || (bytes[at] !== COMMA && bytes[at] !== CLOSE)) return false;
    this.#at = at;
    if (at - first > DIGITS_OF_DOUBLE)
      counts.addLongInteger(BigInt(Buffer.from(bytes.buffer, bytes.byteOffset + start, at - start).toString("latin1")));
    else counts.addInteger(isNegative ? -value : value);
    return true;
  }

  #text(counts: ValueCounts): boolean {
    const bytes = this.#bytes;
    const start = this.#at + 1;
    let at = start;
    let characters = 0;
    // Bytes that escapes take beyond those that they stand for.
    let escapes = 0;
    for (;;) {
      const byte = bytes[at] ?? QUOTE;
      const type = BYTE_TYPES[byte] ?? 0;
      if (type === SPECIAL) {
        if (byte === QUOTE) break;
        const length = escapeLength(bytes, at);
        if (length === 0) return false;
        escapes += length - 1;
        at += length;
        characters++;
        continue;
      }
      characters += type;
      at++;
    }
    this.#at = at + 1;
    counts.addText(at - start - escapes, characters);
    // None of the formats has a character that JSON escapes.
    if (escapes === 0) counts.addFormats(bytes, start, at);
    return true;
  }
}

/** Bytes of an escape, which stands for one byte; 0 for a NUL, and for an escape that SQLite does not write. */
function escapeLength(bytes: Uint8Array, at: number): number {
  if (bytes[at + 1] !== SMALL_U) return at + 1 < bytes.length ? 2 : 0;
  const code = Number.parseInt(String.fromCharCode(...bytes.subarray(at + 2, at + 6)), 16);
  return code > 0 && code < 0x80 ? 6 : 0;
}
