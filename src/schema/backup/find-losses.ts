import type { HeldColumn, HeldSequence, HeldTable, Holdings } from "./holdings.ts";

/** What would be lost, whether or not it holds data. */
export interface Losses {
  readonly tables: readonly LostTable[];
  readonly columns: readonly LostColumns[];
  readonly sequences: readonly HeldSequence[];
}

export interface LostTable {
  readonly table: HeldTable;
  readonly how: "dropped" | "emptied";
}

/** Columns of a remaining table that are dropped or change their type. */
export interface LostColumns {
  readonly table: HeldTable;
  readonly columns: readonly HeldColumn[];
  /** Remaining columns that identify the rows; null if there are none. */
  readonly key: readonly HeldColumn[] | null;
}

export interface AttemptResult {
  readonly before: Holdings;
  readonly after: Holdings;
  /** Ids of tables that are empty afterwards, and had rows before or were locked exclusively. */
  readonly emptied: ReadonlySet<string>;
}

/** Compares the state before and after. The loss of a partition is included in that of its table. */
export function findLosses({ before, after, emptied }: AttemptResult): Losses {
  const remaining = new Map(after.tables.map((table) => [table.id, table]));
  const tables: LostTable[] = [];
  const columns: LostColumns[] = [];
  for (const table of before.tables) {
    const now = remaining.get(table.id);
    if (now === undefined) tables.push({ table, how: "dropped" });
    else if (emptied.has(table.id)) tables.push({ table, how: "emptied" });
    else {
      const key = keyOf(table, now);
      const lost = table.columns.filter(
        (column) => !column.generated && !isUnchanged(column, now) && key?.includes(column) !== true,
      );
      if (lost.length > 0) columns.push({ table, columns: lost, key });
    }
  }
  const isCovered = ({ table }: { readonly table: HeldTable }, among: readonly { readonly table: HeldTable }[]) =>
    among.some((other) => other.table.id === table.partitionOf);
  const kept = new Set(after.sequences.map(({ id }) => id));
  return {
    tables: tables.filter((lost) => !isCovered(lost, tables)),
    columns: columns.filter((lost) => !isCovered(lost, columns)),
    sequences: before.sequences.filter(({ id }) => !kept.has(id)),
  };
}

function isUnchanged(column: HeldColumn, table: HeldTable): boolean {
  return table.columns.some(({ number, type }) => number === column.number && type === column.type);
}

const INTEGERS = ["smallint", "integer", "bigint"];

/** Whether an integer column stays an integer of any width: a key then still finds its rows. */
function staysNumber(column: HeldColumn, table: HeldTable): boolean {
  return (
    INTEGERS.includes(column.type) &&
    table.columns.some(({ number, type }) => number === column.number && INTEGERS.includes(type))
  );
}

function keyOf(table: HeldTable, now: HeldTable): readonly HeldColumn[] | null {
  for (const numbers of table.keys) {
    const key = numbers.flatMap((number) =>
      table.columns.filter(
        (column) => column.number === number && (isUnchanged(column, now) || staysNumber(column, now)),
      ),
    );
    if (key.length === numbers.length) return key;
  }
  return null;
}
