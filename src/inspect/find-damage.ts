import type { SourceSchema, SourceTable } from "../model/source-schema.ts";
import { sqliteName } from "../quote.ts";
import { sourceRelation } from "../rows/render-relation.ts";
import type { Source } from "../source/source.ts";
import { type Collisions, keyCollisions } from "./key-collisions.ts";

/** What SQLite's own check says of a file that can still be read. */
export interface Damage {
  /** Its first word on it; no row's values are in it. */
  readonly verdict: string;
  /** Unique indexes in which equal keys were found. */
  readonly equalKeys: readonly {
    readonly table: SourceTable;
    readonly columns: readonly string[];
    readonly rows: Collisions;
  }[];
}

/**
 * The check is one statement, and so one snapshot: next to a rollback journal it keeps the application from committing.
 */
const MAX_BYTES = { wal: 512 << 20, other: 64 << 20 } as const;

/**
 * Runs SQLite's check, which finds rows that indexes miss; null where nothing is wrong, or the file is too large to
 * hold up its users.
 */
export async function findDamage(
  source: Source,
  schema: Pick<SourceSchema, "tables" | "journalMode">,
  bytes: number,
  keysOf: (table: SourceTable) => readonly string[],
): Promise<Damage | null> {
  if (bytes > (schema.journalMode === "wal" ? MAX_BYTES.wal : MAX_BYTES.other)) return null;
  // A collation of the application's own: SQLite cannot check here.
  const rows = await source.read((tx) => tx.rows("PRAGMA integrity_check(100)")).catch(() => []);
  const found = rows.map(([text]) => String(text)).filter((text) => text !== "ok" && !OF_ROWS.test(text));
  const [verdict] = found;
  if (verdict === undefined) return null;
  const equalKeys: Damage["equalKeys"][number][] = [];
  for (const table of schema.tables)
    for (const columns of uniqueColumns(table)) {
      const rows = await keyCollisions(source, table, hasEqual(table, columns), keysOf(table));
      if (rows.count > 0) equalKeys.push({ table, columns, rows });
    }
  return { verdict, equalKeys };
}

/** What rows hold against their table's own constraints is no damage, and is told of elsewhere. */
const OF_ROWS = /^(NULL value in|CHECK constraint failed in|non-\w+ value in|(NUMERIC|TEXT|REAL|INT|BLOB) value in)/;

function uniqueColumns({ indexes, primaryKey }: SourceTable): string[][] {
  const ofIndexes = indexes
    .filter(({ terms, unique, where }) => unique && where === null && terms.every(({ column }) => column !== null))
    .map(({ terms }) => terms.map(({ column }) => column ?? ""));
  const all = [...(primaryKey.length > 0 ? [[...primaryKey]] : []), ...ofIndexes];
  return all.filter((columns, index) => all.findIndex((other) => other.join("\0") === columns.join("\0")) === index);
}

/** By the rows themselves: an index that misses some would say that there are none. */
function hasEqual(table: SourceTable, columns: readonly string[]): string {
  const terms = columns.map((name) => `+t.${sqliteName(name)}`);
  const list = terms.join(", ");
  const notNull = terms.map((term) => `${term} IS NOT NULL`).join(" AND ");
  return (
    `(${list}) IN (SELECT ${list} FROM ${sourceRelation(table)} AS t WHERE ${notNull} ` +
    `GROUP BY ${terms.map((_, index) => index + 1).join(", ")} HAVING count(*) > 1)`
  );
}
