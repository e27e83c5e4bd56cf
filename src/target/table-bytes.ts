import type { TargetTableName } from "../model/mapping.ts";
import { pgTable } from "../quote.ts";
import { sql } from "../sql.ts";
import type { TargetReader } from "./target.ts";

/** Size of each table in bytes, without indexes and TOAST; 0 for a missing table. */
export async function tableBytes(session: TargetReader, tables: readonly TargetTableName[]): Promise<number[]> {
  const found = await session.rows<{ bytes: string | null }>(sql("target/table-bytes"), [tables.map(pgTable)]);
  return found.map(({ bytes }) => Number(bytes ?? 0));
}
