import { pgString } from "../../quote.ts";
import { stateSql } from "../../target/state-schema.ts";
import type { TargetStatements } from "../../target/target.ts";
import type { NamedTable } from "../prove/lint/taken-away.ts";
import { rowsOf } from "./holdings.ts";

/** A table that migrations may take away, and what it holds. */
export interface TableAtStake {
  readonly id: string;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: number;
  /** False: `rows` is the planner's estimate, since a count takes time, or hides rows. */
  readonly counted: boolean;
  /** With indexes and TOAST. */
  readonly bytes: number;
  /** Its schema's place in search_path; null if it is not in there. */
  readonly place: number | null;
}

interface StakeRow {
  readonly id: string;
  readonly schema: string;
  readonly name: string;
  readonly partitioned: boolean;
  readonly place: number | null;
  readonly bytes: string;
  readonly rows: string;
  readonly countable: boolean;
  readonly columns: string[];
}

// Each counted table is locked, weakly, until its query ends: a server has room for thousands.
const COUNTED_AT_ONCE = 100;

/** Reads tables by name, and all those of schemas. Small ones are counted, of large ones the estimate is taken. */
export async function readTablesAtStake(
  target: TargetStatements,
  wanted: { readonly tables: readonly NamedTable[]; readonly schemas: readonly string[] },
): Promise<TableAtStake[]> {
  const names = [...new Set(wanted.tables.map(({ name }) => name))];
  const found = await target.rows<StakeRow>(stateSql(target, "target/tables-at-stake"), [names, wanted.schemas]);
  const counts = await countRows(
    target,
    found.filter(({ countable }) => countable),
  );
  return found.map(({ bytes, columns, id, name, place, rows, schema }) => {
    const count = counts.get(id);
    return {
      id,
      schema,
      name,
      columns,
      rows: count ?? Number(rows),
      counted: count !== undefined,
      bytes: Number(bytes),
      place,
    };
  });
}

/** A table that another session has locked is not waited for long: its estimate has to do. */
async function countRows(target: TargetStatements, tables: readonly StakeRow[]): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (let from = 0; from < tables.length; from += COUNTED_AT_ONCE) {
    const query = renderCounts(tables.slice(from, from + COUNTED_AT_ONCE));
    const rows = await target
      .savepoint(() => target.rows<{ id: string; rows: string }>(query))
      .catch((): { id: string; rows: string }[] => []);
    for (const { id, rows: count } of rows) counts.set(id, Number(count));
  }
  return counts;
}

function renderCounts(
  tables: readonly { readonly id: string; readonly schema: string; readonly name: string; partitioned: boolean }[],
): string {
  return tables
    .map((table) => `select ${pgString(table.id)} as id, count(*)::text as rows from ${rowsOf(table)}`)
    .join("\nunion all\n");
}
