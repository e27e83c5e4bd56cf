import { open } from "node:fs/promises";

/**
 * Ends when all that was committed into a WAL is on the disk, or in the database and on the disk there: SQLite begins a WAL anew only behind
 * a checkpoint that waited for both. This is what SQLite does in a commit with `synchronous = FULL`, but without its lock. No lock is ever
 * held on this file, so none is lost when it is closed. Nothing to do where there is no WAL: then the commit has waited.
 */
export async function untilOnDisk(wal: string): Promise<void> {
  const file = await open(wal, "r+").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  });
  if (file === null) return;
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
