/** How a transaction of ours writes into the source. */
export interface WriteOptions {
  /** How long to wait for others' locks, ms; if not given, as long as the source's `busyTimeout`. */
  readonly patience?: number | undefined;
  /** SQLite neither checks foreign keys nor follows their actions: for rows that come from where that was done. */
  readonly foreignKeys?: "off";
  /** It does not matter whether a power cut undoes it: with a WAL, nothing waits for the disk. */
  readonly durable?: false;
  /** The commit makes a checkpoint once one is due, as SQLite does by itself: for who writes while the application does not. */
  readonly checkpoint?: true;
}

/** SQLite's own default, pages. */
const CHECKPOINT_PAGES = 1_000;

/**
 * Pragmas of a file's connection, before a transaction begins: most do nothing inside of one. All of them, so that none is left over from
 * the transaction before.
 *
 * With a WAL the commit does not wait for the disk: that would hold the lock, and the application would wait as well, on
 * a disk that PostgreSQL may be filling. Whoever wants a commit to last waits behind it, see `untilOnDisk`. With a rollback journal a power
 * cut could then damage the file: https://sqlite.org/pragma.html#pragma_synchronous
 *
 * Checkpoints are the application's, or `Checkpoints` makes them, which knows how to do so beside others: a plain one in a commit of ours
 * might damage the file (see `checkpointBeside`).
 */
export function renderSettings(
  { checkpoint, foreignKeys }: WriteOptions,
  { hasWal }: { readonly hasWal: boolean },
): string {
  return [
    `PRAGMA foreign_keys = ${foreignKeys === "off" ? "OFF" : "ON"}`,
    `PRAGMA synchronous = ${hasWal ? "NORMAL" : "FULL"}`,
    `PRAGMA wal_autocheckpoint = ${checkpoint === true ? CHECKPOINT_PAGES : 0}`,
  ].join("; ");
}
