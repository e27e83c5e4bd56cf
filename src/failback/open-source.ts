import type { TableMapping } from "../model/mapping.ts";
import { pgTable } from "../quote.ts";
import type { SourceWriter } from "../source/source.ts";
import { sql } from "../sql.ts";
import type { TargetReader } from "../target/target.ts";

/** The ids that the target's sequences have given out, by source table. */
export async function sequencesGiven(
  session: TargetReader,
  mappings: readonly TableMapping[],
): Promise<Map<string, bigint>> {
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

/** Raises AUTOINCREMENT counters, so that an id that PostgreSQL gave out is never given out again; its row may be gone. */
export async function raiseCounters(
  tx: SourceWriter,
  given: ReadonlyMap<string, bigint>,
  autoincrement: readonly string[],
): Promise<void> {
  for (const table of autoincrement) {
    const last = given.get(table) ?? 0n;
    if (last === 0n) continue;
    const [row] = await tx.rows("SELECT seq FROM sqlite_sequence WHERE name = ?", [table]);
    if (row === undefined) await tx.run("INSERT INTO sqlite_sequence(name, seq) VALUES(?, ?)", [table, last]);
    else await tx.run("UPDATE sqlite_sequence SET seq = ? WHERE name = ? AND seq < ?", [last, table, last]);
  }
}
