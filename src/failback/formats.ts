import type { KeyColumn } from "../model/mapping.ts";
import type { Codec } from "../rows/codec.ts";
import { type Format, IRREGULAR, type WrittenValue } from "../rows/inverse.ts";
import type { PresentValue, RawValue } from "../rows/raw-value.ts";
import { codecOf } from "../rows/types/codecs.ts";
import { asStored, isStoredAs, type StoredValue } from "./stored-value.ts";

/** The formats in which the source holds the values of a column, and so those in which new ones are written. */
export class ColumnFormats {
  readonly #column: Pick<KeyColumn, "conversion" | "affinity">;
  readonly #codec: Codec;
  readonly #seen = new Map<Format, number>();
  #preferred: readonly Format[] = [];

  constructor(column: Pick<KeyColumn, "conversion" | "affinity">) {
    this.#column = column;
    this.#codec = codecOf(column.conversion);
  }

  see(raw: RawValue): void {
    if (raw.type === "null") return;
    const format = this.#codec.inverse.formatOf(raw);
    this.#seen.set(format, (this.#seen.get(format) ?? 0) + 1);
  }

  /** How many values of each format were seen. */
  get seen(): ReadonlyMap<Format, number> {
    return this.#seen;
  }

  get isUnknown(): boolean {
    return this.#seen.size === 0;
  }

  /** The format that a value would have in this column. */
  formatOf(raw: PresentValue): Format {
    return this.#codec.inverse.formatOf(raw);
  }

  /** Formats of a column that has no values, the likeliest first. */
  prefer(formats: readonly Format[]): void {
    this.#preferred = formats.filter((format) => format !== IRREGULAR);
  }

  /** Whether some values have a format that cannot be written: a key of such a format is not found again. */
  get irregular(): boolean {
    return this.#seen.has(IRREGULAR);
  }

  /** In the most frequent format that can hold all of the value, else part of it. Null if none can. */
  write(targetText: string): WrittenValue | null {
    let cut: WrittenValue | null = null;
    for (const written of this.#written(targetText)) {
      if (written.exact) return written;
      cut ??= written;
    }
    return cut;
  }

  /** Whether a value of the source is what a format left of PostgreSQL's value. */
  isCut(targetText: string, raw: RawValue): boolean {
    return this.#written(targetText).some((written) => !written.exact && isStoredAs(written, raw));
  }

  /** The value in each of its formats, under which a row may be found. */
  candidates(targetText: string): PresentValue[] {
    const values = this.#written(targetText).flatMap(({ exact, value }) => (exact ? [value] : []));
    // SQLite compares numbers by their values, whatever their storage class.
    return this.#codec.isNumber && this.#column.affinity !== "text" ? values.slice(0, 1) : distinct(values);
  }

  #written(targetText: string): StoredValue[] {
    return this.#byFrequency().flatMap((format) => {
      const written = this.#codec.inverse.write(targetText, format);
      return written === null ? [] : [asStored(this.#column, written, targetText)];
    });
  }

  #byFrequency(): Format[] {
    const seen = [...this.#seen].sort(([, a], [, b]) => b - a).map(([format]) => format);
    const known = seen.length > 0 ? seen : this.#preferred;
    return [
      ...known,
      ...this.#codec.inverse.formats(this.#column.affinity, known).filter((format) => !known.includes(format)),
    ];
  }
}

function distinct(values: readonly PresentValue[]): PresentValue[] {
  const known = new Set<string>();
  return values.filter((value) => {
    const name =
      value.type === "text" || value.type === "blob"
        ? `${value.type}${Buffer.from(value.bytes).toString("hex")}`
        : `${value.type}${String(value.value)}`;
    return known.size < known.add(name).size;
  });
}
