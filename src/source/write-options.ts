/** How one of our transactions writes to the source. */
export interface WriteOptions {
  /** Wait for locks of others, ms; default: the source's `busyTimeout`. */
  readonly lockWaitMs?: number | undefined;
  /** SQLite neither checks foreign keys nor runs their actions: for rows from a database that did both. */
  readonly foreignKeys?: "off";
  /** The commit may be lost in a power cut: with a WAL, it does not wait for the disk. */
  readonly durable?: false;
  /**
   * The commit makes a checkpoint when one is due, as SQLite does by default: for writes while the application is
   * stopped.
   */
  readonly checkpoint?: true;
}

/** SQLite's default, in pages. */
const CHECKPOINT_PAGES = 1_000;

/**
 * The pragmas to set before a transaction on a file begins; most have no effect inside one. All are set each time, so
 * that none is left from the previous transaction.
 *
 * With a WAL the commit does not wait for the disk. It would hold the write lock meanwhile and block the application,
 * on a disk that PostgreSQL may be filling. `untilOnDisk` waits after the commit instead. With a rollback journal a
 * power cut could then corrupt the file, so that one is FULL; see https://sqlite.org/pragma.html#pragma_synchronous.
 *
 * The application, or `Checkpoints`, makes the checkpoints: an ordinary one within our commit could corrupt the file
 * (see `checkpointConcurrently`).
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
