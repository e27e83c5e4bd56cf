/** How a transaction of ours writes into the source. */
export interface WriteOptions {
  /** How long to wait for others' locks, ms; if not given, as long as the source's `busyTimeout`. */
  readonly patience?: number | undefined;
  /** SQLite neither checks foreign keys nor follows their actions: for rows that come from where that was done. */
  readonly foreignKeys?: "off";
  /**
   * The commit does not wait for the disk, where the file stays whole without (a WAL): a power cut may undo it. Who waits there does so
   * with the lock held, and the application waits as well.
   */
  readonly durable?: false;
  /** The commit makes a checkpoint once one is due, as SQLite does by itself: for who writes while the application does not. */
  readonly checkpoint?: true;
}

/** Statements around a transaction: pragmas that do nothing inside of one, and are the connection's own. */
export interface Settings {
  readonly before: string;
  readonly after: string;
}

interface Connection {
  execute(sql: string): Promise<{ readonly rows: readonly { readonly [column: number]: unknown }[] }>;
}

/** Null where the connection is as it has to be. */
export async function settingsOf(connection: Connection, { durable, foreignKeys }: WriteOptions): Promise<Settings | null> {
  const [before, after]: [string[], string[]] = [[], []];
  if (foreignKeys === "off") {
    before.push("PRAGMA foreign_keys = OFF; ");
    after.push("PRAGMA foreign_keys = ON; ");
  }
  // With a rollback journal a power cut at the wrong moment could leave a damaged file: https://sqlite.org/pragma.html#pragma_synchronous
  if (durable === false && (await connection.execute("PRAGMA journal_mode")).rows[0]?.[0] === "wal") {
    before.push("PRAGMA synchronous = NORMAL; ");
    after.push("PRAGMA synchronous = FULL; ");
  }
  return before.length === 0 ? null : { before: before.join(""), after: after.join("") };
}

/** SQLite's own default, pages. */
const CHECKPOINT_PAGES = 1_000;

/**
 * Else the application makes it, or `Checkpoints`, which knows how to do so beside others: a plain one in a commit of ours might damage the
 * file (see `checkpointBeside`), and waits for the disk.
 */
export function checkpointSetting({ checkpoint }: WriteOptions): string {
  return `PRAGMA wal_autocheckpoint = ${checkpoint === true ? CHECKPOINT_PAGES : 0}`;
}
