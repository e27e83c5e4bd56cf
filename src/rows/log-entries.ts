import { DriftError, SourceError } from "../errors.ts";
import { LOG_TABLE, logKeyColumn } from "../model/change-log.ts";
import type { Tuple } from "../model/key.ts";
import type { TableMapping } from "../model/mapping.ts";
import type { LogEpoch } from "../model/run.ts";
import { sqliteName } from "../quote.ts";
import type { Source, SourceReader, SourceWriter } from "../source/source.ts";
import { bindKey } from "./bind-key.ts";

/** The highest `seq` of the change log; 0 while it is empty. */
export async function lastLogged(tx: SourceReader): Promise<bigint> {
  const [row] = await tx.rows(`SELECT max(seq) FROM ${sqliteName(LOG_TABLE)}`);
  const last = row?.[0];
  return typeof last === "bigint" ? last : 0n;
}

/** Logs keys as if their rows had been changed, so that replay writes their present state. */
export async function logKeys(
  tx: SourceWriter,
  mapping: Pick<TableMapping, "id">,
  keys: readonly Tuple[],
): Promise<void> {
  for (const key of keys) {
    const { expressions, args } = bindKey(key);
    const columns = key.map((_, position) => logKeyColumn(position));
    await tx.run(
      `INSERT INTO ${sqliteName(LOG_TABLE)}(tbl, ${columns.join(", ")})
      VALUES (${mapping.id}, ${expressions.join(", ")})`,
      args,
    );
  }
}

/** Whether every entry after `seq` is still there. `seq` has no gaps, and the last entry is never deleted. */
export async function reachesBackTo(tx: SourceReader, seq: bigint): Promise<boolean> {
  const [row] = await tx.rows(`SELECT min(seq) FROM ${sqliteName(LOG_TABLE)}`);
  const first = row?.[0];
  return typeof first !== "bigint" || first <= seq + 1n;
}

/**
 * Deletes log entries up to and including `through`, but never the last row: without AUTOINCREMENT `seq` would start
 * again at 1. A step is small and does not wait for the disk, so that no writer of the application waits noticeably;
 * entries that a power cut restores are deleted again. Never waits for a lock, and a full disk is no error: the next
 * call tries again. Returns whether there may be more.
 */
export async function pruneLog(source: Source, through: bigint, step = 1_000): Promise<boolean> {
  const pruned = source.write(
    async (tx) => {
      const log = sqliteName(LOG_TABLE);
      const [row] = await tx.rows(
        `SELECT max(seq), count(*) FROM (
          SELECT seq FROM ${log} WHERE seq <= ? AND seq < (SELECT max(seq) FROM ${log}) ORDER BY seq LIMIT ?)`,
        [through, BigInt(step)],
      );
      const end = row?.[0];
      if (typeof end !== "bigint") return false;
      await tx.run(`DELETE FROM ${log} WHERE seq <= ?`, [end]);
      return row?.[1] === BigInt(step);
    },
    { lockWaitMs: 0, durable: false },
  );
  return pruned.catch((error: unknown) => {
    if (error instanceof SourceError && RETRIED_LATER.includes(error.code)) return false;
    throw error;
  });
}

const RETRIED_LATER = ["SOURCE_BUSY", "SOURCE_DISK_FULL"];

/** Writes an entry of no table, with a random key, by which later sessions recognise this log. */
export async function beginEpoch(tx: SourceWriter): Promise<LogEpoch> {
  await tx.run(`INSERT INTO ${sqliteName(LOG_TABLE)}(tbl, k1) VALUES(0, lower(hex(randomblob(16))))`);
  const [row] = await tx.rows(`SELECT seq, k1 FROM ${sqliteName(LOG_TABLE)} ORDER BY seq DESC LIMIT 1`);
  return { seq: String(row?.[0] ?? 0n), token: String(row?.[1] ?? "") };
}

/**
 * Throws if the log holds another entry in the place of the epoch: the file was restored from a backup older than the
 * epoch, and has been written to since. A pruned epoch proves nothing; only this program prunes.
 */
export async function refuseOtherEpoch(tx: SourceReader, epoch: LogEpoch, location: string): Promise<void> {
  const log = sqliteName(LOG_TABLE);
  const [row] = await tx.rows(
    `SELECT (SELECT min(seq) FROM ${log}), (SELECT max(seq) FROM ${log}),
      (SELECT CAST(tbl AS TEXT) || ':' || CASE tbl WHEN 0 THEN k1 END FROM ${log} WHERE seq = ?)`,
    [BigInt(epoch.seq)],
  );
  const [first, last, token] = row ?? [];
  const seq = BigInt(epoch.seq);
  if (
    typeof first === "bigint" &&
    typeof last === "bigint" &&
    (first > seq || (last >= seq && token === `0:${epoch.token}`))
  )
    return;
  throw rewound(location, { epoch: epoch.seq, last: String(last) });
}

/** A log that ends before the watermark belongs to another database, or to an older backup. */
export function refuseRewound(last: bigint, watermark: bigint, location: string): void {
  if (last >= watermark) return;
  throw rewound(location, { last: last.toString(), watermark: watermark.toString() });
}

function rewound(location: string, positions: Readonly<Record<string, string>>): DriftError {
  return new DriftError({
    code: "SOURCE_REWOUND",
    message: [
      `the change log of ${location} is not the one that the target was filled from: the file was replaced by an older`,
      "one or restored from a backup, so any table may have changed unseen",
    ].join(" "),
    hint: [
      "if the file was swapped by mistake, put the right one back and run the same command again;",
      "else start over: `changeover rollback`, then `changeover full`",
    ].join(" "),
    context: { location, ...positions },
  });
}

const ENTRIES_AT_ONCE = 100_000n;

/** Numbers of the tables in the entries after `after`, up to `last`. */
export async function changedTables(source: Source, after: bigint, last: bigint): Promise<Set<number>> {
  const ids = new Set<number>();
  for (let from = after; from < last; from += ENTRIES_AT_ONCE) {
    const to = from + ENTRIES_AT_ONCE < last ? from + ENTRIES_AT_ONCE : last;
    const rows = await source.read((tx) =>
      tx.rows(`SELECT DISTINCT tbl FROM ${sqliteName(LOG_TABLE)} WHERE seq > ? AND seq <= ?`, [from, to]),
    );
    for (const [id] of rows) ids.add(Number(id));
  }
  return ids;
}
