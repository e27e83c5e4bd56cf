import { existsSync } from "node:fs";
import { LibsqlError } from "@libsql/client/sqlite3";
import type { ErrorCode } from "../error-codes.ts";
import { ChangeoverError, DriftError, messageOf, SourceError } from "../errors.ts";

/** Turns an error of SQLite into a ChangeoverError, by its code, never by its text. */
export function sourceError(error: unknown, location: string): ChangeoverError {
  if (error instanceof ChangeoverError) return error;
  const code = sqliteCode(error);
  const known = code === undefined ? undefined : code === "SQLITE_BUSY" ? busy(location) : KNOWN[code];
  const detail = messageOf(error);
  return new SourceError({
    code: known?.code ?? "SOURCE_FAILED",
    message: `${known?.message ?? "the source could not be read"}: ${location} (${detail})`,
    hint: known?.hint ?? "see the cause; `sqlite3 FILE 'PRAGMA integrity_check'` shows whether the file is damaged",
    context: { location, sqlite: code },
    cause: error,
  });
}

/** Whoever has a WAL for themselves keeps its index in memory: next to their -wal file there is no -shm file. */
function busy(location: string): Known | undefined {
  const isExclusive = existsSync(`${location}-wal`) && !existsSync(`${location}-shm`);
  if (!isExclusive) return KNOWN["SQLITE_BUSY"];
  return {
    code: "SOURCE_BUSY",
    message: "another process has the source for itself, as PRAGMA locking_mode = EXCLUSIVE has it",
    hint:
      "take PRAGMA locking_mode = EXCLUSIVE out of the application and restart it, or stop it; then run the same " +
      "command again",
  };
}

export function sourceReplacedError(location: string): DriftError {
  return new DriftError({
    code: "SOURCE_REPLACED",
    message: `${location} was replaced or removed since this process opened it: changes to it were not captured`,
    hint:
      "stop the application, put the captured file back in place, and run the same command again; if you moved or " +
      "replaced the file on purpose, add `--source-moved`",
    context: { location },
  });
}

/** The base code of a SQLite error, as libsql names it. */
export function sqliteCode(error: unknown): string | undefined {
  // Also by name: the client for servers has an error class of its own.
  return error instanceof LibsqlError ||
    (error instanceof Error &&
      /^Libsql(Batch)?Error$/.test(error.name) &&
      "code" in error &&
      typeof error.code === "string")
    ? String(error.code)
    : undefined;
}

export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === "SQLITE_BUSY" || code === "SQLITE_LOCKED";
}

/** The database or its disk failed, or a lock was in the way: the statement itself is not at fault. */
export function isOutage(error: unknown): boolean {
  return (
    isBusy(error) ||
    /^SQLITE_(IOERR|FULL|CORRUPT|NOMEM|READONLY|CANTOPEN|NOTADB|PROTOCOL|INTERRUPT)/.test(sqliteCode(error) ?? "")
  );
}

interface Known {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

const readOnly: Known = {
  code: "SOURCE_READ_ONLY",
  message: "the source is read-only, and capture must write to it",
  hint:
    "run changeover as the application's user, with write permission on the file and its directory (SQLite creates " +
    "-wal and -journal files next to it)",
};

const KNOWN: Readonly<Record<string, Known>> = {
  SQLITE_NOTADB: {
    code: "SOURCE_NOT_SQLITE",
    message: "this is not a SQLite database, or it is encrypted",
    hint: "check the path; decrypt a SQLCipher or SEE database first",
  },
  SQLITE_CORRUPT: {
    code: "SOURCE_CORRUPT",
    message: "the SQLite file is damaged",
    hint: "`sqlite3 FILE .recover` can save the remaining rows into a new file",
  },
  SQLITE_READONLY: readOnly,
  SQLITE_PERM: readOnly,
  SQLITE_CANTOPEN: {
    code: "SOURCE_CANNOT_OPEN",
    message: "the SQLite file cannot be opened",
    hint:
      "check the path and the permissions of the file and of its directory (in WAL mode SQLite must be able to " +
      "create -wal and -shm files next to it)",
  },
  SQLITE_BUSY: {
    code: "SOURCE_BUSY",
    message: "another process held the source's lock for too long",
    hint:
      "find the application's long transaction, then run the same command again: it continues where it stopped. " +
      "With a rollback journal, `--source-journal wal` on `sync` or `full` keeps readers and writers from blocking " +
      "each other",
  },
  SQLITE_FULL: {
    code: "SOURCE_DISK_FULL",
    message: "the source's disk is full",
    hint: "free some space; then run the same command again: it continues where it stopped",
  },
  SQLITE_IOERR: {
    code: "SOURCE_IO",
    message: "reading or writing the source's file failed",
    hint: "check the disk and the permissions of the file's directory",
  },
};
