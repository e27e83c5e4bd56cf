import type { TextFormatTest } from "../rows/codec.ts";
import { formatTest, type TextFormat } from "../rows/text-formats.ts";
import type { SourceValue } from "../source/source.ts";

/** How many texts of a column have each of some formats, and the counts that come with the formats. */
export class FormatCounts {
  readonly #formats: readonly TextFormat[];
  readonly #tests: readonly TextFormatTest[];
  readonly #min: Float64Array;
  readonly #max: Float64Array;
  readonly #texts: Float64Array;
  /** By format: how many of its texts pass each refinement. */
  readonly #refined: readonly Float64Array[];
  readonly #openings: OpeningCounts;

  constructor(formats: readonly TextFormat[]) {
    this.#formats = formats;
    this.#tests = formats.map(formatTest);
    this.#min = Float64Array.from(this.#tests, ({ lengths }) => lengths[0]);
    this.#max = Float64Array.from(this.#tests, ({ lengths }) => lengths[1]);
    this.#texts = new Float64Array(formats.length);
    this.#refined = this.#tests.map(({ refinements }) => new Float64Array(refinements.length));
    this.#openings = new OpeningCounts(this.#tests);
  }

  add(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start;
    const tests = this.#tests;
    // Most tests are spared by the length.
    for (let index = 0; index < tests.length; index++) {
      if (length < (this.#min[index] ?? 0) || length > (this.#max[index] ?? 0)) continue;
      const test = tests[index] as TextFormatTest;
      if (!test.bytes(bytes, start, end)) continue;
      this.#texts[index] = (this.#texts[index] ?? 0) + 1;
      for (let refinement = 0; refinement < test.refinements.length; refinement++)
        if (test.refinements[refinement]?.bytes(bytes, start, end) === true) increase(this.#refined[index], refinement);
    }
    if (length > 0) this.#openings.add(bytes[start] ?? 0);
  }

  setFields(fields: Map<string, SourceValue>): void {
    for (const [index, format] of this.#formats.entries()) {
      fields.set(format, this.#texts[index] ?? 0);
      for (const [refinement, { field }] of (this.#tests[index]?.refinements ?? []).entries())
        fields.set(field, this.#refined[index]?.[refinement] ?? 0);
    }
    this.#openings.setFields(fields);
  }
}

class OpeningCounts {
  readonly #fields: readonly string[];
  readonly #counts: Float64Array;
  /** By first byte of a text: a bit for each of the fields that count it. */
  readonly #bits = new Uint8Array(256);

  constructor(tests: readonly TextFormatTest[]) {
    const openings = tests.flatMap((test) => test.openings ?? []);
    this.#fields = openings.map(({ field }) => field);
    this.#counts = new Float64Array(openings.length);
    for (const [index, { firstBytes }] of openings.entries())
      for (const byte of firstBytes) this.#bits[byte] = (this.#bits[byte] ?? 0) | (1 << index);
  }

  add(firstByte: number): void {
    const bits = this.#bits[firstByte] ?? 0;
    if (bits === 0) return;
    for (let index = 0; index < this.#counts.length; index++) if (bits & (1 << index)) increase(this.#counts, index);
  }

  setFields(fields: Map<string, SourceValue>): void {
    for (const [index, field] of this.#fields.entries()) fields.set(field, this.#counts[index] ?? 0);
  }
}

function increase(counts: Float64Array | undefined, index: number): void {
  if (counts !== undefined) counts[index] = (counts[index] ?? 0) + 1;
}
