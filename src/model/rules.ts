import type { EpochUnit } from "./mapping.ts";
import type { Seeded } from "./seeded.ts";

/** What a person decided for tables and columns, in the config: it overrides what the plan would choose. */
export interface Rules {
  /** Blocking findings that may pass: `CODE`, `CODE:table` or `CODE:table.column`. */
  readonly accept?: readonly string[];
  /** What becomes of a value that may not pass, where no table or column says otherwise. */
  readonly onBadValue?: OnBadValue;
  /** What becomes of rows that the target's tables hold already. Default: they block. */
  readonly seeded?: Seeded;
  /** By the table's name in the source. */
  readonly tables?: Readonly<Record<string, TableRules>>;
}

/** Your decisions for one table. */
export interface TableRules {
  /** Leaves the table behind; false brings one that would stay by itself. */
  readonly exclude?: boolean;
  /** Its name in the target. */
  readonly name?: string;
  /** What to do with a value that is not convertible. */
  readonly onBadValue?: OnBadValue;
  /** What becomes of rows that the target's table holds already. */
  readonly seeded?: Seeded;
  /** By the column's name in the source. */
  readonly columns?: Readonly<Record<string, ColumnRules>>;
}

/** Your decisions for one column. */
export interface ColumnRules {
  /** Its name in the target. */
  readonly name?: string;
  /** As PostgreSQL spells it: `numeric(12,3)`. */
  readonly type?: string;
  /** SQL on the SQLite side, over the columns of the row; its result is what then travels. */
  readonly expression?: string;
  /** What its integers count, where the target's type is a time or an interval. */
  readonly unit?: EpochUnit;
  /** What becomes of NULL and the empty text. */
  readonly nullAndEmpty?: NullAndEmpty;
  /** SQL of the target's default; null for none. */
  readonly default?: string | null;
  /** Leaves the column behind. */
  readonly exclude?: true;
  /** What to do with a value that is not convertible. */
  readonly onBadValue?: OnBadValue;
}

/**
 * `stop` ends the run with the key of the row; `quarantine` puts the full row in
 * `changeover.quarantine`; `null` lets the row pass with NULL in that column.
 */
export type OnBadValue = "stop" | "quarantine" | "null";

/** How NULL and the empty text relate on the way. */
export type NullAndEmpty = "distinct" | "empty-to-null" | "null-to-empty";

/** A way to answer a finding, ready to be merged into the config. */
export interface SuggestedRule {
  /** What it does to the data, in one line. */
  readonly description: string;
  /** To be merged into the config. */
  readonly rules: Rules;
  /** Rows whose value would not pass by it, where that was counted. */
  readonly rejected?: number;
}

/** The rules of a table; SQLite's names are the same in any case. */
export function rulesOfTable(rules: Rules, table: string): TableRules {
  return byName(rules.tables, table) ?? {};
}

/** Whether a table stays behind. */
export function isExcluded(rules: Rules, table: string): boolean {
  return rulesOfTable(rules, table).exclude === true;
}

export function rulesOfColumn(rules: Rules, table: string, column: string): ColumnRules {
  return byName(rulesOfTable(rules, table).columns, column) ?? {};
}

/** What becomes of a bad value of a column: the nearest rule counts. */
export function badValueRule(rules: Rules, table: string, column: string | null): OnBadValue {
  const ofColumn = column === null ? undefined : rulesOfColumn(rules, table, column).onBadValue;
  return ofColumn ?? rulesOfTable(rules, table).onBadValue ?? rules.onBadValue ?? "stop";
}

/** Whether `accept` names it: `CODE`, `CODE:table` or `CODE:table.column`. */
export function accepts(
  rules: Rules,
  { code, table, column }: { readonly code: string; readonly table: string; readonly column?: string },
): boolean {
  const names = [code, `${code}:${table}`, ...(column === undefined ? [] : [`${code}:${table}.${column}`])].map(
    (name) => name.toLowerCase(),
  );
  return (rules.accept ?? []).some((entry) => names.includes(entry.trim().toLowerCase()));
}

function byName<T>(entries: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  if (entries === undefined) return undefined;
  if (Object.hasOwn(entries, name)) return entries[name];
  return Object.entries(entries).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/** Both together; where they say different things about the same, `more` counts. */
export function mergeRules(rules: Rules, more: Rules): Rules {
  const accept = [...new Set([...(rules.accept ?? []), ...(more.accept ?? [])])];
  const tables = mergeEntries(rules.tables, more.tables, (a, b) => {
    const columns = mergeEntries(a.columns, b.columns, (c, d) => ({ ...c, ...d }));
    return { ...a, ...b, ...(columns === undefined ? {} : { columns }) };
  });
  return { ...rules, ...more, ...(accept.length === 0 ? {} : { accept }), ...(tables === undefined ? {} : { tables }) };
}

function mergeEntries<T>(
  entries: Readonly<Record<string, T>> | undefined,
  more: Readonly<Record<string, T>> | undefined,
  merge: (a: T, b: T) => T,
): Record<string, T> | undefined {
  if (entries === undefined && more === undefined) return undefined;
  const merged: Record<string, T> = { ...entries };
  for (const [name, value] of Object.entries(more ?? {})) {
    const before = merged[name];
    merged[name] = before === undefined ? value : merge(before, value);
  }
  return merged;
}
