import type { Source, SourceReader, SourceWriter } from "./source.ts";
import { DriftError } from "../errors.ts";
import { sqliteName } from "../quote.ts";
import { LOG_TABLE, logKeyColumn } from "../model/change-log.ts";
import type { Tuple } from "../model/key.ts";
import type { TableMapping } from "../model/mapping.ts";
import { bindKey } from "../value/bind-key.ts";

/** The highest `seq` of the change log; 0 while it is empty. */
export async function lastLogged(tx: SourceReader): Promise<bigint> {
  const [row] = await tx.rows(`SELECT max(seq) FROM ${sqliteName(LOG_TABLE)}`);
  const last = row?.[0];
  return typeof last === "bigint" ? last : 0n;
}

/** Whether the log still holds all that was logged after `seq`: what was pruned cannot be asked for again. */
export async function reachesBack(tx: SourceReader, seq: bigint): Promise<boolean> {
  const [row] = await tx.rows(`SELECT min(seq) FROM ${sqliteName(LOG_TABLE)}`);
  const first = row?.[0];
  return typeof first !== "bigint" || first <= seq + 1n;
}

/** Logs keys as if their rows had been changed, so that replay brings them as they are now. */
export async function logKeys(tx: SourceWriter, mapping: Pick<TableMapping, "id">, keys: readonly Tuple[]): Promise<void> {
  for (const key of keys) {
    const { expressions, args } = bindKey(key);
    const columns = key.map((_, position) => logKeyColumn(position));
    await tx.run(`INSERT INTO ${sqliteName(LOG_TABLE)}(tbl, ${columns.join(", ")}) VALUES (${mapping.id}, ${expressions.join(", ")})`, args);
  }
}

/**
 * Deletes log entries up to and including `through`, but never the last row: without
 * AUTOINCREMENT `seq` would start again at 1. A step is small, so that no writer of the application waits noticeably.
 * Returns whether there may be more.
 */
export async function pruneLog(source: Source, through: bigint, step = 2_000): Promise<boolean> {
  return source.write(async (tx) => {
    const log = sqliteName(LOG_TABLE);
    const [row] = await tx.rows(`SELECT max(seq), count(*) FROM (SELECT seq FROM ${log} WHERE seq <= ? AND seq < (SELECT max(seq) FROM ${log}) ORDER BY seq LIMIT ?)`, [through, BigInt(step)]);
    const end = row?.[0];
    if (typeof end !== "bigint") return false;
    await tx.run(`DELETE FROM ${log} WHERE seq <= ?`, [end]);
    return row?.[1] === BigInt(step);
  });
}

/** A log that ends before what the target holds is another database's, or an older backup's. */
export function refuseRewound(last: bigint, watermark: bigint, location: string): void {
  if (last >= watermark) return;
  throw new DriftError({
    code: "SOURCE_REWOUND",
    message: `the change log of ${location} ends before what the target already holds: the file was replaced or restored from a backup`,
    hint: "start over with `changeover rollback`, then `changeover full`; if the file was swapped by mistake, put the right one back and run the same command again",
    context: { location, last: last.toString(), watermark: watermark.toString() },
  });
}
