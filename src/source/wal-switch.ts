import { statfsSync } from "node:fs";
import { RefusedError } from "../errors.ts";

/**
 * Network file systems by their Linux magic number. The WAL index is memory shared by all processes, which they cannot
 * guarantee.
 */
const UNSHARED: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0xff534d42, "SMB (CIFS)"],
  [0xfe534d42, "SMB"],
  [0x517b, "SMB"],
  [0x01021997, "9p"],
  [0x65735546, "FUSE"],
  [0x5346414f, "AFS"],
  [0x00c36400, "Ceph"],
]);

/**
 * Throws where a WAL could corrupt the file: https://www.sqlite.org/wal.html says that WAL does not work over a
 * network.
 */
export function refuseUnsharedFileSystem(path: string, typeOf: (path: string) => number = fileSystemOf): void {
  const name = UNSHARED.get(typeOf(path));
  if (name === undefined) return;
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

function fileSystemOf(path: string): number {
  try {
    return Number(statfsSync(path).type) >>> 0;
  } catch {
    return 0;
  }
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
