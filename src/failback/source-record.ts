import { RETURN_TABLE } from "../model/change-log.ts";
import { sqliteName } from "../quote.ts";
import { lastLogged } from "../rows/log-entries.ts";
import type { SourceReader, SourceWriter } from "../source/source.ts";

const RECORD = sqliteName(RETURN_TABLE);

/** What was brought back, in the transaction that brings it. */
export async function recordBatch(tx: SourceWriter, run: string, rows: number): Promise<void> {
  await prepare(tx, run);
  await tx.run(`UPDATE ${RECORD} SET batches = batches + 1, rows = rows + ?, at = datetime('now')`, [BigInt(rows)]);
}

/** The source is opened in this transaction: its log as it then stands is what the target holds. */
export async function recordOpened(tx: SourceWriter, run: string): Promise<void> {
  await prepare(tx, run);
  await tx.run(`UPDATE ${RECORD} SET opened = ?`, [await lastLogged(tx)]);
}

export async function openedAt(tx: SourceReader): Promise<bigint> {
  const [row] = await tx.rows(`SELECT opened FROM ${RECORD}`);
  return typeof row?.[0] === "bigint" ? row[0] : 0n;
}

async function prepare(tx: SourceWriter, run: string): Promise<void> {
  await tx.run(
    `CREATE TABLE IF NOT EXISTS ${RECORD}(run TEXT, batches INTEGER, rows INTEGER, at TEXT, opened INTEGER)`,
  );
  const [known] = await tx.rows(`SELECT 1 FROM ${RECORD}`);
  if (known === undefined) await tx.run(`INSERT INTO ${RECORD}(run, batches, rows) VALUES(?, 0, 0)`, [run]);
}
