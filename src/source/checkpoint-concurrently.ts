import { setTimeout as delay } from "node:timers/promises";
import { usedBytes } from "./wal-guard.ts";

const LOOKS = 6;
const BETWEEN_LOOKS_MS = 1;

export interface CheckpointOptions {
  /** The WAL's path. */
  readonly wal: string;
  /** Although nobody seems to write. */
  readonly alsoWhenQuiet?: boolean;
}

/** What it takes of libsql's client, which has two connections. */
export interface TwoConnections {
  execute(sql: string): Promise<unknown>;
  transaction(mode: "deferred"): Promise<{ execute(sql: string): Promise<unknown>; close(): void }>;
}

/**
 * Moves what is in the WAL into the database, as far as nobody reads it there, while others write. Never waits for them. Whether it did:
 * while nobody writes it does not, unless told to.
 *
 * Up to 3.51.2 SQLite can damage a file here, libsql's too: who begins a checkpoint while another begins the WAL anew may copy frames of
 * before (https://sqlite.org/wal.html#walresetbug, https://github.com/tursodatabase/libsql/issues/2271). Plain checkpoints in a loop beside a
 * writer at full speed did so within a minute or so. So a snapshot is held meanwhile: if it reads from the WAL, nobody can begin that anew; if it
 * reads the database alone, SQLite copies nothing. And since others have written behind the snapshot, something is always left uncopied: so
 * it never is us who allow one to begin the WAL anew in the midst of the application's own checkpoint. Where all is copied because it is
 * quiet, nobody should have written for long.
 */
export async function checkpointConcurrently(
  client: TwoConnections,
  { alsoWhenQuiet = false, wal }: CheckpointOptions,
): Promise<boolean> {
  const snapshot = await client.transaction("deferred");
  try {
    // BEGIN takes no snapshot, the first statement does.
    await snapshot.execute("PRAGMA schema_version");
    if (!alsoWhenQuiet && !(await growsOn(wal))) return false;
    await client.execute("PRAGMA wal_checkpoint(PASSIVE)");
    return true;
  } finally {
    snapshot.close();
  }
}

async function growsOn(wal: string): Promise<boolean> {
  const before = usedBytes(wal);
  for (let look = 0; look < LOOKS; look++) {
    if (usedBytes(wal) > before) return true;
    await delay(BETWEEN_LOOKS_MS);
  }
  return false;
}
