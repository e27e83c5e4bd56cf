import { setTimeout as delay } from "node:timers/promises";
import { usedBytes } from "./wal-guard.ts";

const POLLS = 6;
const POLL_MS = 1;

export interface CheckpointOptions {
  /** Path of the WAL file. */
  readonly wal: string;
  /** Make the checkpoint even if nobody seems to write. */
  readonly alsoWhenQuiet?: boolean;
}

/** The part of libsql's client that a checkpoint needs; the client has two connections. */
export interface TwoConnections {
  execute(sql: string): Promise<unknown>;
  transaction(mode: "deferred"): Promise<{ execute(sql: string): Promise<unknown>; close(): void }>;
}

/**
 * Copies WAL frames into the database file while others write, as far as no reader needs the old pages. It waits for
 * nobody. Returns whether it ran: while nobody writes it does nothing, unless `alsoWhenQuiet`.
 *
 * Hazard: up to 3.51.2, SQLite (and libsql) can corrupt a file here. A process that begins a checkpoint while another
 * one restarts the WAL may copy stale frames (https://sqlite.org/wal.html#walresetbug,
 * https://github.com/tursodatabase/libsql/issues/2271). Ordinary checkpoints in a loop next to a fast writer corrupted
 * a file within about a minute.
 *
 * So a read snapshot is held during the checkpoint. If the snapshot reads from the WAL, nobody can restart it; if it
 * reads the database file only, SQLite copies nothing. Since others have committed after the snapshot, some frames
 * always stay uncopied, so this checkpoint never allows the WAL to restart during one of the application's own. With
 * `alsoWhenQuiet` all frames may be copied: call it only if nobody has written for long.
 */
export async function checkpointConcurrently(
  client: TwoConnections,
  { alsoWhenQuiet = false, wal }: CheckpointOptions,
): Promise<boolean> {
  const snapshot = await client.transaction("deferred");
  try {
    // BEGIN takes no snapshot; the first statement does.
    await snapshot.execute("PRAGMA schema_version");
    if (!alsoWhenQuiet && !(await isGrowing(wal))) return false;
    await client.execute("PRAGMA wal_checkpoint(PASSIVE)");
    return true;
  } finally {
    snapshot.close();
  }
}

async function isGrowing(wal: string): Promise<boolean> {
  const before = usedBytes(wal);
  for (let poll = 0; poll < POLLS; poll++) {
    if (usedBytes(wal) > before) return true;
    await delay(POLL_MS);
  }
  return false;
}
