import { statfsSync } from "node:fs";
import { RefusedError } from "../errors.ts";

/** File systems by their number on Linux. A WAL's index is memory that all processes share, which these cannot be trusted to do. */
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

/** Throws where a WAL would endanger the file: https://www.sqlite.org/wal.html says that it does not work over a network. */
export function refuseUnsharedFileSystem(path: string, typeOf: (path: string) => number = fileSystemOf): void {
  const name = UNSHARED.get(typeOf(path));
  if (name === undefined) return;
  throw new RefusedError({
    code: "JOURNAL_NOT_SWITCHED",
    message: `${path} lies on ${name}: SQLite's WAL needs memory that all processes share, which such a file system may not give; the journal mode stays as it is`,
    hint: "do without --source-journal wal, or run changeover and the application where the file is on a local disk",
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

/** What SQLite answered instead of `wal`. */
export function notSwitched(location: string, mode: string): RefusedError {
  return new RefusedError({
    code: "JOURNAL_NOT_SWITCHED",
    message: `SQLite keeps the journal mode of ${location} at ${mode}`,
    hint: "its file system has no shared memory: do without --source-journal wal",
    context: { location, mode },
  });
}
