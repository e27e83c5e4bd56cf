import type { Decimal } from "../model/declared-type.ts";
import { type ByteFormat, hasBytesFormat } from "../rows/text-format-bytes.ts";
import type { SourceValue } from "../source/source.ts";
import type { StorageClass } from "./column-tally.ts";

/** What a column's values on a page add up to, by field of {@link renderColumn}. */
export class ValueCounts {
  readonly hasIntegers: boolean;
  readonly hasTexts: boolean;
  readonly #formats: readonly ByteFormat[];
  readonly #formed: Float64Array;
  readonly #decimal: Decimal | null;
  #integers = 0;
  #least = Number.POSITIVE_INFINITY;
  #most = Number.NEGATIVE_INFINITY;
  /** Of those that a double does not hold. */
  #leastLong: bigint | null = null;
  #mostLong: bigint | null = null;
  #notBoolean = 0;
  #reals = 0;
  #leastReal = Number.POSITIVE_INFINITY;
  #mostReal = Number.NEGATIVE_INFINITY;
  #wholeReals = 0;
  #infinities = 0;
  #beyondScale = 0;
  #texts = 0;
  #empty = 0;
  #characters = 0;
  #bytes = 0;
  #lowerUuids = 0;
  #blobs = 0;
  #blobBytes = 0;

  /** `classes`: what the column is expected to have. */
  constructor({
    classes,
    decimal = null,
    formats,
  }: {
    readonly classes: ReadonlySet<StorageClass>;
    readonly formats: readonly ByteFormat[];
    readonly decimal?: Decimal | null;
  }) {
    this.hasIntegers = classes.has("integer");
    this.hasTexts = classes.has("text");
    this.#formats = formats;
    this.#formed = new Float64Array(formats.length);
    this.#decimal = decimal;
  }

  addInteger(value: number): void {
    this.#integers++;
    if (value < this.#least) this.#least = value;
    if (value > this.#most) this.#most = value;
    if (value !== 0 && value !== 1) this.#notBoolean++;
    if (this.#decimal !== null && Math.abs(value) >= limitOf(this.#decimal)) this.#beyondScale++;
  }

  addLongInteger(value: bigint): void {
    this.#integers++;
    if (this.#leastLong === null || value < this.#leastLong) this.#leastLong = value;
    if (this.#mostLong === null || value > this.#mostLong) this.#mostLong = value;
    this.#notBoolean++;
    if (this.#decimal !== null && Math.abs(Number(value)) >= limitOf(this.#decimal)) this.#beyondScale++;
  }

  /** False if SQLite has to be asked whether it is finer than the declared scale: beyond 15 digits it rounds otherwise. */
  addReal(value: number): boolean {
    this.#reals++;
    if (value < this.#leastReal) this.#leastReal = value;
    if (value > this.#mostReal) this.#mostReal = value;
    if (Number.isInteger(value) && value >= -TWO_63 && value < TWO_63) this.#wholeReals++;
    if (!Number.isFinite(value)) this.#infinities++;
    if (this.#decimal === null) return true;
    const { scale } = this.#decimal;
    if (Math.abs(value) >= limitOf(this.#decimal)) this.#beyondScale++;
    else if (Math.abs(value) * 10 ** scale >= SURE_DIGITS) return false;
    else if (Number(value.toFixed(scale)) !== value) this.#beyondScale++;
    return true;
  }

  addText(bytes: number, characters: number): void {
    this.#texts++;
    if (bytes === 0) this.#empty++;
    if (characters > this.#characters) this.#characters = characters;
    if (bytes > this.#bytes) this.#bytes = bytes;
  }

  /** Of the text that was added last. */
  addFormats(bytes: Uint8Array, start: number, end: number): void {
    const formats = this.#formats;
    for (let index = 0; index < formats.length; index++) {
      const format = formats[index] as ByteFormat;
      if (!hasBytesFormat(format, bytes, start, end)) continue;
      this.#formed[index] = (this.#formed[index] ?? 0) + 1;
      if (format === "uuids" && isLower(bytes, start, end)) this.#lowerUuids++;
    }
  }

  addBlob(bytes: number): void {
    this.#blobs++;
    if (bytes > this.#blobBytes) this.#blobBytes = bytes;
  }

  fields(): Map<string, SourceValue> {
    const fields = new Map<string, SourceValue>([["values", this.#integers + this.#reals + this.#texts + this.#blobs]]);
    if (this.hasIntegers || this.#integers > 0) {
      fields.set("integer", this.#integers).set("notBoolean", this.#notBoolean);
      if (this.#integers > 0) {
        const ends = [
          ...(this.#least <= this.#most ? [BigInt(this.#least), BigInt(this.#most)] : []),
          ...(this.#leastLong === null || this.#mostLong === null ? [] : [this.#leastLong, this.#mostLong]),
        ];
        fields
          .set(
            "minInteger",
            ends.reduce((one, other) => (other < one ? other : one)),
          )
          .set(
            "maxInteger",
            ends.reduce((one, other) => (other > one ? other : one)),
          );
      }
    }
    if (this.#reals > 0)
      fields
        .set("real", this.#reals)
        .set("minReal", this.#leastReal)
        .set("maxReal", this.#mostReal)
        .set("wholeReals", this.#wholeReals)
        .set("infinities", this.#infinities);
    if (this.#decimal !== null) fields.set("beyondScale", this.#beyondScale);
    if (this.hasTexts || this.#texts > 0) {
      fields
        .set("text", this.#texts)
        .set("emptyTexts", this.#empty)
        .set("maxTextLength", this.#characters)
        .set("textBytes", this.#bytes);
      for (const [index, format] of this.#formats.entries()) fields.set(format, this.#formed[index] ?? 0);
      if (this.#formats.includes("uuids")) fields.set("lowerUuids", this.#lowerUuids);
    }
    if (this.#blobs > 0) fields.set("blob", this.#blobs).set("blobBytes", this.#blobBytes);
    return fields;
  }
}

/** What CAST(x AS INTEGER) gives is below it. */
const TWO_63 = 2 ** 63;
const SURE_DIGITS = 1e15;

function limitOf({ precision, scale }: Decimal): number {
  return 10 ** (precision - scale);
}

/** Of hexadecimal digits and hyphens: whether none is a capital, which alone have the one bit and not the other. */
function isLower(bytes: Uint8Array, start: number, end: number): boolean {
  let capitals = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    capitals |= byte & 0x40 & ~((byte & 0x20) << 1);
  }
  return capitals === 0;
}
