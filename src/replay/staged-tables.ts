import type { TableMapping } from "../model/mapping.ts";
import type { KeySpan } from "./ascending-keys.ts";

interface Staged {
  readonly hasDeleted: boolean;
  /** The last key, where each was greater than the one before. */
  readonly last: number | null;
}

export interface StagedRows {
  readonly hasDeleted: boolean;
  readonly ascending: KeySpan | null;
}

/** What of a batch is staged and not applied yet. */
export class StagedTables {
  readonly #tables = new Map<TableMapping, Staged>();

  get mappings(): readonly TableMapping[] {
    return [...this.#tables.keys()];
  }

  add(mapping: TableMapping, { ascending, hasDeleted }: StagedRows): void {
    const before = this.#tables.get(mapping);
    const follows =
      ascending !== null && (before === undefined || (before.last !== null && before.last < ascending.first));
    this.#tables.set(mapping, {
      hasDeleted: hasDeleted || before?.hasDeleted === true,
      last: follows ? ascending.last : null,
    });
  }

  /** Some of the rows are there to be deleted. */
  hasDeleted(mapping: TableMapping): boolean {
    return this.#tables.get(mapping)?.hasDeleted === true;
  }

  /**
   * Rows lie in the order of their keys, each key once, and none of them deleted: they need not be sorted, nor asked
   * for the last state of each.
   */
  isAscending(mapping: TableMapping): boolean {
    const staged = this.#tables.get(mapping);
    return staged !== undefined && !staged.hasDeleted && staged.last !== null;
  }

  applied(mappings: readonly TableMapping[]): void {
    for (const mapping of mappings) this.#tables.delete(mapping);
  }
}
