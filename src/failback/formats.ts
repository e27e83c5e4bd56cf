import type { KeyColumn } from "../model/mapping.ts";
import { type Format, type Inverse, IRREGULAR, type Returned } from "../rows/inverse/inverse.ts";
import { inverseOf } from "../rows/inverse/inverse-of.ts";
import type { RawValue } from "../rows/kind.ts";
import { asStored, isStoredAs, type Stored } from "./stored-value.ts";

/** The forms in which the values of one column stand in the source, and so those in which new ones are written. */
export class ColumnFormats {
  readonly #column: Pick<KeyColumn, "conversion" | "affinity">;
  readonly #inverse: Inverse;
  readonly #seen = new Map<Format, number>();
  readonly #isNumber: boolean;
  #preferred: readonly Format[] = [];

  constructor(column: Pick<KeyColumn, "conversion" | "affinity">) {
    this.#column = column;
    this.#inverse = inverseOf(column.conversion);
    this.#isNumber = ["integer", "double", "numeric"].includes(column.conversion.kind);
  }

  see(raw: RawValue): void {
    if (raw.type === "null") return;
    const format = this.#inverse.formatOf(raw);
    this.#seen.set(format, (this.#seen.get(format) ?? 0) + 1);
  }

  /** How many values of each form were seen. */
  get seen(): ReadonlyMap<Format, number> {
    return this.#seen;
  }

  get isUnknown(): boolean {
    return this.#seen.size === 0;
  }

  /** The form that a value would have in this column. */
  formatOf(raw: Exclude<RawValue, { type: "null" }>): Format {
    return this.#inverse.formatOf(raw);
  }

  /** Forms of a column that has no values, the likeliest first. */
  prefer(formats: readonly Format[]): void {
    this.#preferred = formats.filter((format) => format !== IRREGULAR);
  }

  /** Whether there are values that none could be written like: a key in such a form is not found again. */
  get irregular(): boolean {
    return this.#seen.has(IRREGULAR);
  }

  /** In the form that most values have and that can hold it; whole rather than cut. Null if no form can. */
  write(targetText: string): Returned | null {
    let cut: Returned | null = null;
    for (const sourceValue of this.#written(targetText)) {
      if (sourceValue.exact) return sourceValue;
      cut ??= sourceValue;
    }
    return cut;
  }

  /** Whether a value of the source is what PostgreSQL's was cut to, in a form that cannot say all. */
  isCut(targetText: string, raw: RawValue): boolean {
    return this.#written(targetText).some((written) => !written.exact && isStoredAs(written, raw));
  }

  /** Every value that stands for it, in one form or the other: what a row may be found under. */
  candidates(targetText: string): Returned["value"][] {
    const values = this.#written(targetText).flatMap(({ exact, value }) => (exact ? [value] : []));
    // SQLite finds numbers by what they are, whatever their storage class.
    return this.#isNumber && this.#column.affinity !== "text" ? values.slice(0, 1) : distinct(values);
  }

  #written(targetText: string): Stored[] {
    return this.#byFrequency().flatMap((format) => {
      const sourceValue = this.#inverse.write(targetText, format);
      return sourceValue === null ? [] : [asStored(this.#column, sourceValue, targetText)];
    });
  }

  #byFrequency(): Format[] {
    const seen = [...this.#seen].sort(([, a], [, b]) => b - a).map(([format]) => format);
    const known = seen.length > 0 ? seen : this.#preferred;
    return [
      ...known,
      ...this.#inverse.formats(this.#column.affinity, known).filter((format) => !known.includes(format)),
    ];
  }
}

function distinct(values: readonly Returned["value"][]): Returned["value"][] {
  const known = new Set<string>();
  return values.filter((value) => {
    const name =
      value.type === "text" || value.type === "blob"
        ? `${value.type}${Buffer.from(value.bytes).toString("hex")}`
        : `${value.type}${String(value.value)}`;
    return known.size < known.add(name).size;
  });
}
