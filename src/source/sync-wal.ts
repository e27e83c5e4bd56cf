import { close, fsync, open } from "node:fs";
import { promisify } from "node:util";

// Not a FileHandle of node:fs/promises: in Deno 2.0 it has no sync().
const [closeFile, openFile, toDisk] = [promisify(close), promisify(open), promisify(fsync)];

/**
 * Resolves once all commits in a WAL are on disk, there or in the database file. SQLite restarts a WAL only after a
 * checkpoint that synced both.
 *
 * This is what SQLite does in a commit with `synchronous = FULL`, but without holding its lock. SQLite never locks the
 * WAL file itself, so closing it drops no lock. Without a WAL there is nothing to do: the commit has waited.
 */
export async function syncWal(wal: string): Promise<void> {
  // Opened for writing: Windows refuses to sync a read-only descriptor.
  const file = await openFile(wal, "r+").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  });
  if (file === null) return;
  try {
    await toDisk(file);
  } finally {
    await closeFile(file);
  }
}
