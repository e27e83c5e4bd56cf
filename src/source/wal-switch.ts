import { RefusedError } from "../errors.ts";
import { type FileSystem, fileSystemOf } from "./file-system.ts";

/**
 * Throws where a WAL could corrupt the file: https://www.sqlite.org/wal.html says that WAL does not work over a
 * network.
 */
export function refuseUnsharedFileSystem(path: string, ask: (path: string) => FileSystem = fileSystemOf): void {
  const { isNetwork, name } = ask(path);
  if (!isNetwork) return;
  throw new RefusedError({
    code: "JOURNAL_NOT_SWITCHED",
    message:
      `${path} is on ${name}, which may not provide the shared memory that SQLite's WAL needs; the journal mode ` +
      "was not changed",
    hint:
      "omit --source-journal wal, or run changeover and the application on the machine that has the file on a " +
      "local disk",
    context: { path, fileSystem: name },
  });
}

/** `mode`: the journal mode that SQLite reported instead of `wal`. */
export function notSwitched(location: string, mode: string): RefusedError {
  return new RefusedError({
    code: "JOURNAL_NOT_SWITCHED",
    message: `SQLite did not switch ${location} to WAL: its journal mode is still ${mode}`,
    hint: "its file system has no shared memory: omit --source-journal wal",
    context: { location, mode },
  });
}
