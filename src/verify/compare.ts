import type { Tuple } from "../model/key.ts";
import type { TableMapping } from "../model/mapping.ts";
import { kindOf } from "../value/kinds.ts";
import type { RawRow } from "./unpack.ts";

/** A row as PostgreSQL holds it, each value as its text; null if there is none. */
export type ArrivedRow = readonly (string | null)[] | null;

export interface Difference {
  readonly key: Tuple;
  /** What is wrong: the row is missing, is there but gone in the source, or differs in columns. */
  readonly what: "missing" | "extra" | "different";
  /** Source columns that differ. */
  readonly columns: readonly string[];
}

/** A function that compares rows of one table, column by column, as the plan says that they relate. */
export function comparer(mapping: TableMapping): (raw: RawRow, arrived: ArrivedRow) => Difference | null {
  const kinds = mapping.columns.map(({ conversion }) => kindOf(conversion));
  return ({ key, values }, arrived) => {
    if (values === null) return arrived === null ? null : { key, what: "extra", columns: [] };
    if (arrived === null) return { key, what: "missing", columns: [] };
    const columns: string[] = [];
    for (const [index, kind] of kinds.entries()) {
      const raw = values[index] ?? { type: "null" };
      const text = arrived[index] ?? null;
      const same = raw.type === "null" ? text === null : text !== null && kind.matches(raw, text);
      if (!same) columns.push(mapping.columns[index]?.source ?? "");
    }
    return columns.length === 0 ? null : { key, what: "different", columns };
  };
}
