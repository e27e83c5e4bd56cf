import type { Tuple } from "../model/key.ts";
import type { TableMapping } from "../model/mapping.ts";
import type { RawValue } from "../rows/raw-value.ts";
import { codecOf } from "../rows/types/codecs.ts";
import type { RawRow } from "./unpack.ts";

/** A row as PostgreSQL holds it, each value as its text; null if there is none. */
export type TargetRow = readonly (string | null)[] | null;

export interface Difference {
  readonly key: Tuple;
  /** What is wrong: the row is missing, is extra in the target, or differs in columns. */
  readonly what: "missing" | "extra" | "different";
  /** Source columns that differ. */
  readonly columns: readonly string[];
  /** Those of them that are NULL in the target. */
  readonly absent?: readonly string[];
}

/** Whether two values that differ do so for a reason that is known: a column of the mapping, by its place. */
export type Excuse = (column: number, raw: RawValue, targetRow: string, key: Tuple) => boolean;

/** A function that compares rows of one table, column by column, as the plan says that they relate. */
export function comparer(
  mapping: TableMapping,
  excused: Excuse = () => false,
): (raw: RawRow, targetRow: TargetRow) => Difference | null {
  const comparisons = mapping.columns.map(({ conversion }) => codecOf(conversion).comparison);
  return ({ key, values }, targetRow) => {
    if (values === null) return targetRow === null ? null : { key, what: "extra", columns: [] };
    if (targetRow === null) return { key, what: "missing", columns: [] };
    const columns: string[] = [];
    const absent: string[] = [];
    for (const [index, comparison] of comparisons.entries()) {
      const raw = values[index] ?? { type: "null" };
      const text = targetRow[index] ?? null;
      // A rule makes NULL of what may not pass: then nothing else may be there.
      const same =
        raw.type === "null" || raw.type === "refused" ? text === null : text !== null && comparison.matches(raw, text);
      if (same || (raw.type !== "refused" && text !== null && excused(index, raw, text, key))) continue;
      columns.push(mapping.columns[index]?.source ?? "");
      if (text === null) absent.push(mapping.columns[index]?.source ?? "");
    }
    return columns.length === 0 ? null : { key, what: "different", columns, absent };
  };
}
