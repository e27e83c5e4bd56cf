import { close, fsync, open } from "node:fs";
import { promisify } from "node:util";

// Not the promises' file handle: in Deno 2.0 that has no sync().
const [closeFile, openFile, toDisk] = [promisify(close), promisify(open), promisify(fsync)];

/**
 * Ends when all that was committed into a WAL is on the disk, or in the database and on the disk there: SQLite begins a WAL anew only behind
 * a checkpoint that waited for both. This is what SQLite does in a commit with `synchronous = FULL`, but without its lock. No lock is ever
 * held on this file, so none is lost when it is closed. Nothing to do where there is no WAL: then the commit has waited.
 */
export async function untilOnDisk(wal: string): Promise<void> {
  // To be written to, or Windows would refuse.
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
