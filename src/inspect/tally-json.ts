import type { SourceValue } from "../db/source.ts";
import { type ByteForm, hasBytesForm } from "../value/text-form-bytes.ts";
import type { StorageClass } from "./column-tally.ts";

/** What is asked of a column of whole numbers and texts. */
export interface JsonColumn {
  readonly column: string;
  /** Integers, texts, both or none of them. Anything else in the column is a surprise. */
  readonly classes: ReadonlySet<StorageClass>;
  readonly forms: readonly ByteForm[];
}

/**
 * Counts what SQL would be asked for, by field of {@link renderColumn}, from a page's rows as json_array() writes them: a loop over
 * bytes, where SQLite asks each value each question anew. Null where the rows hold what JSON does not show (a blob, a real, a NUL):
 * then SQL must be asked.
 */
export function tallyJson(json: Uint8Array, columns: readonly JsonColumn[]): ReadonlyMap<string, ReadonlyMap<string, SourceValue>> | null {
  const counts = columns.map((column) => new Counts(column));
  const page = new Page(json);
  if (!page.skip(OPEN)) return null;
  if (!page.skip(CLOSE)) {
    do {
      if (!page.skip(OPEN)) return null;
      for (let index = 0; index < counts.length; index++) {
        if ((index > 0 && !page.skip(COMMA)) || !page.value(counts[index] as Counts)) return null;
      }
      if (!page.skip(CLOSE)) return null;
    } while (page.skip(COMMA));
    if (!page.skip(CLOSE)) return null;
  }
  return new Map(columns.map(({ column }, index) => [column, (counts[index] as Counts).fields()]));
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const OPEN = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE = 0x5d;
const SMALL_N = 0x6e;
const SMALL_U = 0x75;

/** Of a byte of text: whether a character begins with it, whether it is a capital, and whether it ends the text or escapes what follows. */
const LEADS = 1;
const CAPITAL = 2;
const SPECIAL = 4;
const KINDS = Uint8Array.from({ length: 256 }, (_, byte) => (byte === QUOTE || byte === BACKSLASH ? SPECIAL : ((byte & 0xc0) === 0x80 ? 0 : LEADS) | (byte >= 0x41 && byte <= 0x5a ? CAPITAL : 0)));

/** Digits of whole numbers that a double surely holds. */
const DIGITS_OF_DOUBLE = 15;

/** What a column's values on a page add up to. */
class Counts {
  readonly hasIntegers: boolean;
  readonly hasTexts: boolean;
  readonly forms: readonly ByteForm[];
  readonly formed: Float64Array;
  integers = 0;
  least = Number.POSITIVE_INFINITY;
  most = Number.NEGATIVE_INFINITY;
  /** Of those that a double does not hold. */
  leastLong: bigint | null = null;
  mostLong: bigint | null = null;
  notBoolean = 0;
  texts = 0;
  empty = 0;
  characters = 0;
  bytes = 0;
  withoutCapitals = 0;

  constructor({ classes, forms }: JsonColumn) {
    this.hasIntegers = classes.has("integer");
    this.hasTexts = classes.has("text");
    this.forms = forms;
    this.formed = new Float64Array(forms.length);
  }

  fields(): Map<string, SourceValue> {
    const fields = new Map<string, SourceValue>([["values", this.integers + this.texts]]);
    if (this.hasIntegers) {
      fields.set("integer", this.integers).set("notBoolean", this.notBoolean);
      if (this.integers > 0) {
        const ends = [...(this.least <= this.most ? [BigInt(this.least), BigInt(this.most)] : []), ...(this.leastLong === null || this.mostLong === null ? [] : [this.leastLong, this.mostLong])];
        fields.set("minInteger", ends.reduce((one, other) => (other < one ? other : one))).set("maxInteger", ends.reduce((one, other) => (other > one ? other : one)));
      }
    }
    if (this.hasTexts) {
      fields.set("text", this.texts).set("emptyTexts", this.empty).set("maxTextLength", this.characters).set("textBytes", this.bytes);
      for (const [index, form] of this.forms.entries()) fields.set(form, this.formed[index] ?? 0);
      if (this.forms.includes("uuids")) fields.set("lowerUuids", this.withoutCapitals);
    }
    return fields;
  }
}

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

  value(counts: Counts): boolean {
    const first = this.#bytes[this.#at];
    if (first === SMALL_N) {
      this.#at += 4;
      return true;
    }
    if (first === QUOTE) return counts.hasTexts && this.#text(counts);
    return counts.hasIntegers && this.#integer(counts);
  }

  #integer(counts: Counts): boolean {
    const bytes = this.#bytes;
    const start = this.#at;
    const isNegative = bytes[start] === MINUS;
    const first = isNegative ? start + 1 : start;
    let at = first;
    let value = 0;
    for (let byte = bytes[at] ?? 0; byte >= 0x30 && byte <= 0x39; byte = bytes[++at] ?? 0) value = value * 10 + byte - 0x30;
    if (at === first || (bytes[at] !== COMMA && bytes[at] !== CLOSE)) return false;
    this.#at = at;
    counts.integers++;
    if (at - first > DIGITS_OF_DOUBLE) {
      const long = BigInt(Buffer.from(bytes.buffer, bytes.byteOffset + start, at - start).toString("latin1"));
      if (counts.leastLong === null || long < counts.leastLong) counts.leastLong = long;
      if (counts.mostLong === null || long > counts.mostLong) counts.mostLong = long;
      counts.notBoolean++;
      return true;
    }
    if (isNegative) value = -value;
    if (value < counts.least) counts.least = value;
    if (value > counts.most) counts.most = value;
    if (value !== 0 && value !== 1) counts.notBoolean++;
    return true;
  }

  #text(counts: Counts): boolean {
    const bytes = this.#bytes;
    const start = this.#at + 1;
    let at = start;
    let characters = 0;
    // What an escape takes more than what it stands for.
    let escapes = 0;
    let seen = 0;
    for (;;) {
      const byte = bytes[at] ?? QUOTE;
      const kind = KINDS[byte] ?? 0;
      if (kind === SPECIAL) {
        if (byte === QUOTE) break;
        const length = escapeLength(bytes, at);
        if (length === 0) return false;
        escapes += length - 1;
        at += length;
        characters++;
        continue;
      }
      seen |= kind;
      characters += kind & LEADS;
      at++;
    }
    this.#at = at + 1;
    const length = at - start - escapes;
    counts.texts++;
    if (length === 0) counts.empty++;
    if (characters > counts.characters) counts.characters = characters;
    if (length > counts.bytes) counts.bytes = length;
    if ((seen & CAPITAL) === 0) counts.withoutCapitals++;
    // No form has a character that JSON escapes.
    if (escapes === 0) for (let index = 0; index < counts.forms.length; index++) if (hasBytesForm(counts.forms[index] as ByteForm, bytes, start, at)) counts.formed[index] = (counts.formed[index] ?? 0) + 1;
    return true;
  }
}

/** How many bytes an escape takes; 0 if it is that of NUL, or none that SQLite writes. Each stands for one byte. */
function escapeLength(bytes: Uint8Array, at: number): number {
  if (bytes[at + 1] !== SMALL_U) return at + 1 < bytes.length ? 2 : 0;
  const code = Number.parseInt(String.fromCharCode(...bytes.subarray(at + 2, at + 6)), 16);
  return code > 0 && code < 0x80 ? 6 : 0;
}
