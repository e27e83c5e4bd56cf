import { LOG_TABLE, logKeyColumn } from "../model/change-log.ts";
import { keyColumns, type TableMapping } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import type { Source } from "../source/source.ts";

/** Entries of one commit to the source. */
const ENTRIES_AT_ONCE = 20_000n;

/**
 * Logs the keys again that were logged for a table after `since`, up to the watermark that others have reached: the
 * next batch brings their rows. Replay reads the present state of a row, whenever it was logged. A long stretch goes in
 * steps, each a short transaction.
 */
export async function relog(
  source: Source,
  mapping: TableMapping,
  { since, watermark }: { readonly since: bigint; readonly watermark: bigint },
): Promise<void> {
  const keys = keyColumns(mapping).map((_, position) => logKeyColumn(position));
  const log = sqliteName(LOG_TABLE);
  // 1 and 1.0 are two keys of the log.
  const distinct = keys.flatMap((key) => [key, `typeof(${key}) AS t${key}`]).join(", ");
  const statement =
    `INSERT INTO ${log}(tbl, ${keys.join(", ")}) SELECT ${mapping.id}, ${keys.join(", ")} FROM ` +
    `(SELECT DISTINCT ${distinct} FROM ${log} WHERE tbl = ${mapping.id} AND seq > ? AND seq <= ?)`;
  for (let from = since; from < watermark; from += ENTRIES_AT_ONCE) {
    const through = from + ENTRIES_AT_ONCE < watermark ? from + ENTRIES_AT_ONCE : watermark;
    await source.write((tx) => tx.run(statement, [from, through]));
  }
}
