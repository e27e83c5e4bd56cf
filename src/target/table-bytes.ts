import type { TargetTableName } from "../model/mapping.ts";
import { pgTable } from "../quote.ts";
import { sql } from "../sql.ts";
import type { TargetReader } from "./target.ts";

/** Bytes of each of the target's tables, without indexes and long values; 0 for one that is not there. */
export async function tableBytes(session: TargetReader, tables: readonly TargetTableName[]): Promise<number[]> {
  const found = await session.rows<{ bytes: string | null }>(sql("target/table-bytes"), [tables.map(pgTable)]);
  return found.map(({ bytes }) => Number(bytes ?? 0));
}
