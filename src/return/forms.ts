import type { KeyColumn } from "../model/mapping.ts";
import { type Form, type Inverse, IRREGULAR, type Returned } from "../value/inverse/inverse.ts";
import { inverseOf } from "../value/inverse/inverse-of.ts";
import type { RawValue } from "../value/kind.ts";

/** The forms in which the values of one column stand in the source, and so those in which new ones are written. */
export class ColumnForms {
  readonly #inverse: Inverse;
  readonly #seen = new Map<Form, number>();
  readonly #others: readonly Form[];
  readonly #isNumber: boolean;

  constructor(column: Pick<KeyColumn, "conversion" | "affinity">) {
    this.#inverse = inverseOf(column.conversion);
    this.#others = this.#inverse.forms(column.affinity);
    this.#isNumber = ["integer", "double", "numeric"].includes(column.conversion.kind);
  }

  see(raw: RawValue): void {
    if (raw.type === "null") return;
    const form = this.#inverse.formOf(raw);
    this.#seen.set(form, (this.#seen.get(form) ?? 0) + 1);
  }

  /** Whether there are values that none could be written like: a key in such a form is not found again. */
  get irregular(): boolean {
    return this.#seen.has(IRREGULAR);
  }

  /** In the form that most values have and that can hold it; whole rather than cut. Null if no form can. */
  write(arrived: string): Returned | null {
    let cut: Returned | null = null;
    for (const form of this.#byFrequency()) {
      const returned = this.#inverse.write(arrived, form);
      if (returned?.exact === true) return returned;
      cut ??= returned;
    }
    return cut;
  }

  /** Values that are no more than a part of it, in forms that cannot say all. */
  cuts(arrived: string): Returned["value"][] {
    return this.#byFrequency().flatMap((form) => {
      const returned = this.#inverse.write(arrived, form);
      return returned === null || returned.exact ? [] : [returned.value];
    });
  }

  /** Every value that stands for it, in one form or the other: what a row may be found under. */
  candidates(arrived: string): Returned["value"][] {
    const values = this.#byFrequency().flatMap((form) => {
      const returned = this.#inverse.write(arrived, form);
      return returned?.exact === true ? [returned.value] : [];
    });
    // SQLite finds numbers by what they are, whatever their storage class.
    return this.#isNumber ? values.slice(0, 1) : distinct(values);
  }

  #byFrequency(): Form[] {
    const seen = [...this.#seen].sort(([, a], [, b]) => b - a).map(([form]) => form);
    return [...seen, ...this.#others.filter((form) => !seen.includes(form))];
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
