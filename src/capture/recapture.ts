import { LOG_TABLE, logKeyColumn } from "../model/change-log.ts";
import { sqliteName, sqliteString } from "../quote.ts";
import type { SourceReader, SourceWriter } from "../source/source.ts";
import { type CapturedTable, renderCaptureTriggers } from "./render-triggers.ts";

/** Recreates the triggers of single tables for their current schema; `ids`: tables whose old triggers are dropped. */
export async function recapture(
  tx: SourceWriter,
  ids: readonly number[],
  tables: readonly CapturedTable[],
): Promise<void> {
  for (const id of ids) await dropTriggers(tx, id);
  await widenLog(tx, logWidth(tables));
  for (const table of tables) for (const { sql } of renderCaptureTriggers(table)) await tx.run(sql);
}

/** By the trigger's name, which stays when the table is renamed. */
async function dropTriggers(tx: SourceWriter, id: number): Promise<void> {
  const names = await tx.rows(
    "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE " +
      `${sqliteString(`\\_changeover\\_${id}\\_%`)} ESCAPE '\\'`,
  );
  for (const [name] of names) await tx.run(`DROP TRIGGER ${sqliteName(String(name))}`);
}

/** How many columns the log has for keys: those of the longest. */
export function logWidth(tables: readonly CapturedTable[]): number {
  return tables.reduce(
    (most, { identity }) => Math.max(most, identity.kind === "rowid" ? 1 : identity.columns.length),
    1,
  );
}

/** The log of keys. Its columns have no type, since an affinity would convert keys. */
export function renderLogTable(width: number): string {
  const keys = Array.from({ length: width }, (_, position) => logKeyColumn(position)).join(", ");
  return `CREATE TABLE ${sqliteName(LOG_TABLE)}(seq INTEGER PRIMARY KEY, tbl INTEGER, ${keys})`;
}

async function widenLog(tx: SourceWriter, width: number): Promise<void> {
  for (let position = await presentWidth(tx); position < width; position++)
    await tx.run(`ALTER TABLE ${sqliteName(LOG_TABLE)} ADD COLUMN ${logKeyColumn(position)}`);
}

async function presentWidth(tx: SourceReader): Promise<number> {
  const [row] = await tx.rows(
    `SELECT count(*) FROM pragma_table_info(${sqliteString(LOG_TABLE)}) WHERE name GLOB 'k[0-9]*'`,
  );
  return Number(row?.[0] ?? 0n);
}
