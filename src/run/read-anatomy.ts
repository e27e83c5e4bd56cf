import type { TargetTableName } from "../model/mapping.ts";
import { pgTable } from "../quote.ts";
import { sql } from "../sql.ts";
import type { TargetReader } from "../target/target.ts";

/** A table as the server tells it from another one of the same name, and what the open transaction did to its rows. */
export interface Anatomy extends TargetTableName {
  readonly oid: string;
  /** Column → its number, which no other column of the table ever gets. */
  readonly columns: Readonly<Record<string, number>>;
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  /** Whether there is a row. TRUNCATE counts as no deletion. */
  readonly filled: boolean;
}

/** Of those tables that are there. */
export async function readAnatomy(tx: TargetReader, tables: readonly TargetTableName[]): Promise<Anatomy[]> {
  const found = await tx.rows<Omit<Anatomy, "filled">>(sql("target/table-anatomy"), [tables.map(pgTable)]);
  const anatomies: Anatomy[] = [];
  for (const table of found) {
    const [row] = await tx.rows<{ filled: boolean }>(`select exists (select from ${pgTable(table)}) as filled`);
    anatomies.push({ ...table, filled: row?.filled === true });
  }
  return anatomies;
}
