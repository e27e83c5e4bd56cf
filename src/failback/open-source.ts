import { pgTable } from "../quote.ts";
import type { SourceWriter } from "../source/source.ts";
import { sql } from "../sql.ts";
import type { TargetReader } from "../target/target.ts";
import type { FailbackTable } from "./failback-table.ts";

/** The highest id that the target has given out for each table whose source counts with AUTOINCREMENT, by its name. */
export async function sequencesGiven(
  session: TargetReader,
  tables: readonly FailbackTable[],
): Promise<Map<string, bigint>> {
  const mappings = tables.filter(({ table }) => table.autoincrement).map(({ mapping }) => mapping);
  const rows = await session.rows<{ schema: string; table: string; last: string | null }>(
    sql("target/sequences-given"),
    [mappings.map(({ target }) => pgTable(target))],
  );
  return new Map(
    rows.flatMap(({ last, schema, table }) => {
      const mapping = mappings.find(({ target }) => target.schema === schema && target.name === table);
      return mapping === undefined || last === null ? [] : [[mapping.source, BigInt(last)] as const];
    }),
  );
}

/**
 * Raises AUTOINCREMENT counters, so that an id that PostgreSQL gave out is never given out again; its row may be gone.
 */
export async function raiseCounters(tx: SourceWriter, given: ReadonlyMap<string, bigint>): Promise<void> {
  for (const [table, last] of given) {
    const [row] = await tx.rows("SELECT seq FROM sqlite_sequence WHERE name = ?", [table]);
    if (row === undefined) await tx.run("INSERT INTO sqlite_sequence(name, seq) VALUES(?, ?)", [table, last]);
    else await tx.run("UPDATE sqlite_sequence SET seq = ? WHERE name = ? AND seq < ?", [last, table, last]);
  }
}
