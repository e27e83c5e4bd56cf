import type { Source, SourceReader } from "./source.ts";
import { DriftError, SourceError } from "../errors.ts";
import { sqliteName } from "../quote.ts";
import { LOG_TABLE } from "../model/change-log.ts";

/** The highest `seq` of the change log; 0 while it is empty. */
export async function lastLogged(tx: SourceReader): Promise<bigint> {
  const [row] = await tx.rows(`SELECT max(seq) FROM ${sqliteName(LOG_TABLE)}`);
  const last = row?.[0];
  return typeof last === "bigint" ? last : 0n;
}

/** Whether all that was logged after `seq` is still there. `seq` has no gaps, and the log's last entry always stays. */
export async function reachesBackTo(tx: SourceReader, seq: bigint): Promise<boolean> {
  const [row] = await tx.rows(`SELECT min(seq) FROM ${sqliteName(LOG_TABLE)}`);
  const first = row?.[0];
  return typeof first !== "bigint" || first <= seq + 1n;
}

/**
 * Deletes log entries up to and including `through`, but never the last row: without
 * AUTOINCREMENT `seq` would start again at 1. A step is small, so that no writer of the application waits noticeably.
 * Returns whether there may be more. Never waits for a lock, nor minds a full disk: there is time.
 */
export async function pruneLog(source: Source, through: bigint, step = 1_000): Promise<boolean> {
  const pruned = source.write(async (tx) => {
    const log = sqliteName(LOG_TABLE);
    const [row] = await tx.rows(`SELECT max(seq), count(*) FROM (SELECT seq FROM ${log} WHERE seq <= ? AND seq < (SELECT max(seq) FROM ${log}) ORDER BY seq LIMIT ?)`, [through, BigInt(step)]);
    const end = row?.[0];
    if (typeof end !== "bigint") return false;
    await tx.run(`DELETE FROM ${log} WHERE seq <= ?`, [end]);
    return row?.[1] === BigInt(step);
  }, 0);
  return pruned.catch((error: unknown) => {
    if (error instanceof SourceError && LATER.includes(error.code)) return false;
    throw error;
  });
}

const LATER = ["SOURCE_BUSY", "SOURCE_DISK_FULL"];

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
