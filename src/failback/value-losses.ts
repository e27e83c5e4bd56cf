import { type FailbackLoss, type LossKind, NAMED_KEYS } from "../model/failback-loss.ts";
import { showTuple, type Tuple } from "../model/key.ts";
import type { RawValue } from "../rows/raw-value.ts";

export interface ValueLoss {
  /** Number of the table's mapping. */
  readonly id: number;
  readonly table: string;
  readonly column: string;
  readonly kind: Extract<LossKind, "rounded" | "null" | "number">;
  readonly announced: boolean;
  readonly key: Tuple;
}

interface Entry extends Omit<ValueLoss, "key"> {
  readonly keys: Map<string, Tuple>;
  /** Values whose keys are not listed. */
  more: number;
}

// Of a column with more losses, the others are only counted: memory is bounded.
const MAX_KEYS = 100_000;

/** The values that SQLite cannot hold as they are, each counted once, and whether somebody has accepted them. */
export class ValueLosses {
  readonly #entries = new Map<string, Entry>();
  #accepted = false;
  #late = false;

  note(loss: ValueLoss): void {
    const { key, ...column } = loss;
    const name = JSON.stringify([loss.table, loss.column, loss.kind]);
    const entry = this.#entries.get(name) ?? { ...column, keys: new Map<string, Tuple>(), more: 0 };
    this.#entries.set(name, entry);
    const shown = showTuple(key);
    if (entry.keys.has(shown)) return;
    if (entry.keys.size < MAX_KEYS) entry.keys.set(shown, key);
    else entry.more++;
    if (this.#accepted && !loss.announced && entry.more === 0) this.#late = true;
  }

  clear(): void {
    this.#entries.clear();
  }

  /** Accepts the losses so far, not those that come later. */
  accept(): void {
    this.#accepted = true;
    this.#late = false;
  }

  /** Whether there are losses from after the list was accepted. */
  get isLate(): boolean {
    return this.#late;
  }

  list(): FailbackLoss[] {
    return [...this.#entries.values()].map(({ announced, column, keys, kind, more, table }) => ({
      table,
      column,
      kind,
      count: keys.size + more,
      keys: [...keys.keys()].slice(0, NAMED_KEYS),
      announced,
    }));
  }

  /** The rows concerned, by their table's number. */
  rows(): Map<number, Tuple[]> {
    const rows = new Map<number, Map<string, Tuple>>();
    for (const { id, keys } of this.#entries.values()) rows.set(id, new Map([...(rows.get(id) ?? []), ...keys]));
    return new Map([...rows].map(([id, keys]) => [id, [...keys.values()]]));
  }
}

/** A row's key as the change log and messages have it. */
export function tupleOfRaw(values: readonly RawValue[]): Tuple {
  return values.map((raw) => {
    switch (raw.type) {
      case "integer":
        return { type: "integer", value: raw.value.toString() };
      case "real":
        return {
          type: "real",
          value: Number.isFinite(raw.value) ? raw.value : raw.value > 0 ? "Infinity" : "-Infinity",
        };
      case "null":
        return raw;
      default:
        return { type: raw.type, hex: Buffer.from(raw.bytes).toString("hex") };
    }
  });
}
