import type { Decimal } from "../model/declared-type.ts";
import type { TextFormat } from "../rows/text-formats.ts";
import type { SourceValue } from "../source/source.ts";
import type { StorageClass } from "./column-tally.ts";
import { FormatCounts } from "./format-counts.ts";

/** The counts of a column's values on a page, by field of `renderColumn`. */
export class ValueCounts {
  readonly hasIntegers: boolean;
  readonly hasTexts: boolean;
  readonly #formats: FormatCounts;
  readonly #decimal: Decimal | null;
  #integers = 0;
  #minInteger = Number.POSITIVE_INFINITY;
  #maxInteger = Number.NEGATIVE_INFINITY;
  /** Of those that a double does not hold. */
  #minLong: bigint | null = null;
  #maxLong: bigint | null = null;
  #notBoolean = 0;
  #reals = 0;
  #minReal = Number.POSITIVE_INFINITY;
  #maxReal = Number.NEGATIVE_INFINITY;
  #wholeReals = 0;
  #infinities = 0;
  #beyondScale = 0;
  #texts = 0;
  #emptyTexts = 0;
  #maxCharacters = 0;
  #maxTextBytes = 0;
  #blobs = 0;
  #maxBlobBytes = 0;

  /** `classes`: those that the column is expected to hold. */
  constructor({
    classes,
    decimal = null,
    formats,
  }: {
    readonly classes: ReadonlySet<StorageClass>;
    readonly formats: readonly TextFormat[];
    readonly decimal?: Decimal | null;
  }) {
    this.hasIntegers = classes.has("integer");
    this.hasTexts = classes.has("text");
    this.#formats = new FormatCounts(formats);
    this.#decimal = decimal;
  }

  addInteger(value: number): void {
    this.#integers++;
    if (value < this.#minInteger) this.#minInteger = value;
    if (value > this.#maxInteger) this.#maxInteger = value;
    if (value !== 0 && value !== 1) this.#notBoolean++;
    if (this.#decimal !== null && Math.abs(value) >= limitOf(this.#decimal)) this.#beyondScale++;
  }

  addLongInteger(value: bigint): void {
    this.#integers++;
    if (this.#minLong === null || value < this.#minLong) this.#minLong = value;
    if (this.#maxLong === null || value > this.#maxLong) this.#maxLong = value;
    this.#notBoolean++;
    if (this.#decimal !== null && Math.abs(Number(value)) >= limitOf(this.#decimal)) this.#beyondScale++;
  }

  /** False if only SQLite knows whether the value is finer than the declared scale: it rounds beyond 15 digits. */
  addReal(value: number): boolean {
    this.#reals++;
    if (value < this.#minReal) this.#minReal = value;
    if (value > this.#maxReal) this.#maxReal = value;
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
    if (bytes === 0) this.#emptyTexts++;
    if (characters > this.#maxCharacters) this.#maxCharacters = characters;
    if (bytes > this.#maxTextBytes) this.#maxTextBytes = bytes;
  }

  /** Of the text that was added last. */
  addFormats(bytes: Uint8Array, start: number, end: number): void {
    this.#formats.add(bytes, start, end);
  }

  addBlob(bytes: number): void {
    this.#blobs++;
    if (bytes > this.#maxBlobBytes) this.#maxBlobBytes = bytes;
  }

  fields(): Map<string, SourceValue> {
    const fields = new Map<string, SourceValue>([["values", this.#integers + this.#reals + this.#texts + this.#blobs]]);
    if (this.hasIntegers || this.#integers > 0) {
      fields.set("integer", this.#integers).set("notBoolean", this.#notBoolean);
      const [min, max] = this.#integerRange();
      if (min !== undefined && max !== undefined) fields.set("minInteger", min).set("maxInteger", max);
    }
    if (this.#reals > 0)
      fields
        .set("real", this.#reals)
        .set("minReal", this.#minReal)
        .set("maxReal", this.#maxReal)
        .set("wholeReals", this.#wholeReals)
        .set("infinities", this.#infinities);
    if (this.#decimal !== null) fields.set("beyondScale", this.#beyondScale);
    if (this.hasTexts || this.#texts > 0) {
      fields
        .set("text", this.#texts)
        .set("emptyTexts", this.#emptyTexts)
        .set("maxTextLength", this.#maxCharacters)
        .set("textBytes", this.#maxTextBytes);
      this.#formats.setFields(fields);
    }
    if (this.#blobs > 0) fields.set("blob", this.#blobs).set("blobBytes", this.#maxBlobBytes);
    return fields;
  }

  #integerRange(): readonly [min?: bigint, max?: bigint] {
    const ends = [
      ...(this.#minInteger <= this.#maxInteger ? [BigInt(this.#minInteger), BigInt(this.#maxInteger)] : []),
      ...(this.#minLong === null || this.#maxLong === null ? [] : [this.#minLong, this.#maxLong]),
    ];
    if (ends.length === 0) return [];
    return [
      ends.reduce((one, other) => (other < one ? other : one)),
      ends.reduce((one, other) => (other > one ? other : one)),
    ];
  }
}

/** CAST(x AS INTEGER) gives less than it. */
const TWO_63 = 2 ** 63;
const SURE_DIGITS = 1e15;

function limitOf({ precision, scale }: Decimal): number {
  return 10 ** (precision - scale);
}
