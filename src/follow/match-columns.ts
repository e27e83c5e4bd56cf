import type { Certainty } from "../model/schema-change.ts";
import type { SourceColumn } from "../model/source-schema.ts";

export interface ColumnMatch {
  readonly kept: readonly { readonly was: SourceColumn; readonly is: SourceColumn }[];
  readonly renamed: readonly {
    readonly was: SourceColumn;
    readonly is: SourceColumn;
    readonly certainty: Certainty;
  }[];
  readonly dropped: readonly SourceColumn[];
  readonly added: readonly SourceColumn[];
}

export interface MatchOptions {
  /** The table was altered where it lies: SQLite adds columns at the end alone, and a rename keeps the place. */
  readonly inPlace: boolean;
}

/** One stretch of columns between two that kept their names. */
interface Gap {
  readonly was: SourceColumn[];
  readonly is: SourceColumn[];
  readonly isLast: boolean;
}

/** Which column of a table became which. */
export function matchColumns(
  before: readonly SourceColumn[],
  now: readonly SourceColumn[],
  { inPlace }: MatchOptions,
): ColumnMatch {
  const same = (one: SourceColumn, other: SourceColumn) => one.name.toLowerCase() === other.name.toLowerCase();
  const kept: { was: SourceColumn; is: SourceColumn }[] = [];
  const renamed: { was: SourceColumn; is: SourceColumn; certainty: Certainty }[] = [];
  for (const was of before) {
    const is = now.find((column) => same(column, was));
    if (is === undefined) continue;
    if (is.name === was.name) kept.push({ was, is });
    // The same name in other letters is no other column.
    else renamed.push({ was, is, certainty: "sure" });
  }
  const dropped: SourceColumn[] = [];
  const added: SourceColumn[] = [];
  for (const gap of gapsOf(before, now, same)) {
    const pairs = pairsOf(gap, inPlace);
    for (const pair of pairs) renamed.push(pair);
    dropped.push(...gap.was.filter((column) => !pairs.some(({ was }) => was === column)));
    added.push(...gap.is.filter((column) => !pairs.some(({ is }) => is === column)));
  }
  return { kept, renamed, dropped, added };
}

function gapsOf(
  before: readonly SourceColumn[],
  now: readonly SourceColumn[],
  same: (one: SourceColumn, other: SourceColumn) => boolean,
): Gap[] {
  const isKept = (column: SourceColumn, others: readonly SourceColumn[]) => others.some((other) => same(column, other));
  // Where a rebuild changed the order, places say nothing: all that is gone and all that is new is one stretch.
  const order = (columns: readonly SourceColumn[], others: readonly SourceColumn[]) =>
    columns
      .filter((column) => isKept(column, others))
      .map(({ name }) => name.toLowerCase())
      .join("\u0000");
  if (order(before, now) !== order(now, before))
    return [
      {
        was: before.filter((column) => !isKept(column, now)),
        is: now.filter((column) => !isKept(column, before)),
        isLast: true,
      },
    ];
  const [was, is] = [stretches(before, now, isKept), stretches(now, before, isKept)];
  return was.map((gone, index) => ({ was: gone, is: is[index] ?? [], isLast: index === was.length - 1 }));
}

function stretches(
  columns: readonly SourceColumn[],
  others: readonly SourceColumn[],
  isKept: (column: SourceColumn, others: readonly SourceColumn[]) => boolean,
): SourceColumn[][] {
  const found: SourceColumn[][] = [[]];
  for (const column of columns)
    if (isKept(column, others)) found.push([]);
    else found.at(-1)?.push(column);
  return found;
}

function pairsOf(
  { was, is, isLast }: Gap,
  inPlace: boolean,
): { was: SourceColumn; is: SourceColumn; certainty: Certainty }[] {
  if (was.length === 0 || is.length === 0) return [];
  // In front of a column that was there before, ALTER TABLE can put none: it was renamed, whatever it looks like.
  if (inPlace && !isLast && was.length === is.length)
    return was.flatMap((column, index) => {
      const other = is[index];
      return other === undefined ? [] : [{ was: column, is: other, certainty: "sure" as const }];
    });
  const open = [...was];
  return is.flatMap((column) => {
    const at = open.findIndex((other) => isAlike(other, column));
    const [other] = at === -1 ? [] : open.splice(0, at + 1).slice(-1);
    return other === undefined ? [] : [{ was: other, is: column, certainty: "likely" as const }];
  });
}

/** All but the name is the same. */
function isAlike(one: SourceColumn, other: SourceColumn): boolean {
  return (
    one.declaredType.toLowerCase() === other.declaredType.toLowerCase() &&
    one.notNull === other.notNull &&
    one.defaultSql === other.defaultSql &&
    one.primaryKeyPosition === other.primaryKeyPosition &&
    one.collation === other.collation &&
    (one.generated === null) === (other.generated === null)
  );
}
