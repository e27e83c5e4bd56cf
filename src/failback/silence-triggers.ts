import { PREFIX } from "../model/change-log.ts";
import { sqliteName, sqliteString } from "../quote.ts";
import type { SourceWriter } from "../source/source.ts";
import { decodeText, readEncoding } from "../source/source-text.ts";
import type { FailbackTable } from "./failback-table.ts";

/**
 * Drops the application's triggers that must not fire again for rows that come back, in the batch's own transaction.
 * Returns what recreates them, text for text and in their order: SQLite fires the newest first, and ours must be newer
 * than the application's.
 */
export async function silenceTriggers(
  tx: SourceWriter,
  tables: readonly FailbackTable[],
): Promise<() => Promise<void>> {
  const back: { name: string; sql: string }[] = [];
  for (const { table, silenced } of tables) {
    if (silenced.length === 0) continue;
    const all = await triggersOf(tx, table.name);
    back.push(
      ...all.filter(({ name }) => !name.startsWith(PREFIX)),
      ...all.filter(({ name }) => name.startsWith(PREFIX)),
    );
    for (const { name } of all) if (silenced.includes(name)) await tx.run(`DROP TRIGGER ${sqliteName(name)}`);
  }
  return async () => {
    for (const { name } of back) await tx.run(`DROP TRIGGER IF EXISTS ${sqliteName(name)}`);
    for (const { sql } of back) await tx.run(sql);
  };
}

async function triggersOf(tx: SourceWriter, table: string): Promise<{ name: string; sql: string }[]> {
  const encoding = await readEncoding(tx);
  const rows = await tx.rows(
    `SELECT CAST(name AS BLOB), CAST(sql AS BLOB) FROM sqlite_schema WHERE type = 'trigger' AND ` +
      `tbl_name = ${sqliteString(table)} COLLATE NOCASE ORDER BY rowid`,
  );
  return rows.map(([name, sql]) => ({ name: decodeText(name, encoding), sql: decodeText(sql, encoding) }));
}
