import type { Tuple } from "../model/key.ts";
import type { KeyColumn } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import { type BoundKey, bindKey } from "../rows/bind-key.ts";
import type { SourceValue } from "../source/source.ts";

/** Rows after a key, and up to another; null: from the first, or to the last. */
export interface KeyRange {
  readonly after: Tuple | null;
  readonly upTo: Tuple | null;
}

/** The same, as it is bound: the keys' values come in that order. */
export interface BoundRange {
  readonly after: BoundKey | null;
  readonly upTo: BoundKey | null;
  readonly args: readonly SourceValue[];
}

export function bindRange({ after, upTo }: KeyRange): BoundRange {
  const range = { after: after === null ? null : bindKey(after), upTo: upTo === null ? null : bindKey(upTo) };
  return { ...range, args: [...(range.after?.args ?? []), ...(range.upTo?.args ?? [])] };
}

/** The WHERE of a range of the table `t`, in the order of those columns. */
export function renderRange(order: readonly KeyColumn[], { after, upTo }: BoundRange): string {
  const keys = order.map((key) => `t.${sqliteName(key.source)}`);
  const compared = (operator: string, bound: BoundKey | null) => {
    if (bound === null) return [];
    return [
      keys.length === 1
        ? `${keys[0]} ${operator} ${bound.expressions[0]}`
        : `(${keys.join(", ")}) ${operator} (${bound.expressions.join(", ")})`,
    ];
  };
  const conditions = [...compared(">", after), ...compared("<=", upTo)];
  return conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
}
