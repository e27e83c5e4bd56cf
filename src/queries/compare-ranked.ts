import type { SourceValue } from "../model/source-value.ts";
import { type Equality, firstDifference, isSameRow, type RowDifference, type TargetValue } from "./compare-rows.ts";

/** All rows that a query may give, in groups that its ORDER BY does not tell apart. */
export interface RankedRows {
  readonly groups: readonly (readonly (readonly SourceValue[])[])[];
  /** How many LIMIT takes; null: all. */
  readonly count: number | null;
  readonly offset: number;
}

/** Rows whose last value is the number of their group, in its order. */
export function groupRows(rows: readonly (readonly SourceValue[])[]): RankedRows["groups"] {
  const groups: SourceValue[][][] = [];
  let rank: SourceValue = null;
  for (const row of rows) {
    const own = row.at(-1) ?? null;
    if (groups.length === 0 || own !== rank) groups.push([]);
    rank = own;
    groups.at(-1)?.push(row.slice(0, -1));
  }
  return groups;
}

/**
 * Whether rows are a result that the query allows: each place has a row of the group that belongs there, and no row is
 * there twice. Of the group at the edge of LIMIT any rows are right.
 */
export function compareRanked(
  { count, groups, offset }: RankedRows,
  target: readonly (readonly TargetValue[])[],
  equality: Equality,
): RowDifference | null {
  const all = groups.reduce((sum, { length }) => sum + length, 0);
  const expected = Math.max(0, Math.min(count ?? all, all - offset));
  if (target.length !== expected)
    return {
      row: 0,
      column: 0,
      message: `SQLite gives ${expected} rows, PostgreSQL ${target.length}`,
      values: null,
    };
  let begin = 0;
  for (const group of groups) {
    const end = begin + group.length;
    const left = [...group];
    const last = Math.min(end, offset + expected);
    for (let place = Math.max(begin, offset); place < last; place++) {
      const found = left.findIndex((row) => isSameRow(row, target[place - offset] ?? [], equality));
      if (found === -1) return noEqual(left, target[place - offset] ?? [], { equality, row: place - offset + 1 });
      left.splice(found, 1);
    }
    begin = end;
  }
  return null;
}

/** Where one row alone may stand there, the column in which it differs. */
function noEqual(
  left: RankedRows["groups"][number],
  others: readonly TargetValue[],
  { equality, row }: { readonly equality: Equality; readonly row: number },
): RowDifference {
  const [only, another] = left;
  const known = only === undefined || another !== undefined ? null : firstDifference([only], [others], equality);
  return known === null
    ? { row, column: 0, message: `row ${row} has no equal among the rows that may stand there`, values: null }
    : { ...known, row, message: known.message.replace(/^row \d+/, `row ${row}`) };
}

/** The source's own rows as the target would have to give them: whether the groups are right. */
export function allowsOwnRows(
  { count, groups, offset }: RankedRows,
  rows: readonly (readonly SourceValue[])[],
): boolean {
  const all = groups.reduce((sum, { length }) => sum + length, 0);
  if (rows.length !== Math.max(0, Math.min(count ?? all, all - offset))) return false;
  const keyOf = (row: readonly SourceValue[]) => row.map(ownKey).join("\0");
  let begin = 0;
  for (const group of groups) {
    const end = begin + group.length;
    const left = new Map<string, number>();
    for (const row of group) left.set(keyOf(row), (left.get(keyOf(row)) ?? 0) + 1);
    for (let place = Math.max(begin, offset); place < Math.min(end, offset + rows.length); place++) {
      const key = keyOf(rows[place - offset] ?? []);
      const count = left.get(key) ?? 0;
      if (count === 0) return false;
      left.set(key, count - 1);
    }
    begin = end;
  }
  return true;
}

function ownKey(value: SourceValue): string {
  if (value instanceof ArrayBuffer) return `x${Buffer.from(value).toString("hex")}`;
  return `${typeof value} ${String(value)}`;
}
