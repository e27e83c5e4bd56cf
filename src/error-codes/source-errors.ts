import type { ErrorTable } from "./error-meaning.ts";

/** The source: its file or server, and which file it is. */
export const SOURCE_ERRORS = {
  SOURCE_MISSING: {
    meaning: "No source is given.",
    next: "Give `--source app.db`, or set CHANGEOVER_SOURCE.",
  },
  SOURCE_URL: {
    meaning: "The source is a URL of something that is neither a SQLite file nor a libSQL server.",
    next: "Give the file's path, or the `libsql://`, `https://` or `wss://` URL of the server.",
  },
  SOURCE_UNREACHABLE: {
    meaning: "No libSQL server answers at the source's URL.",
    next: "Check the address and the server.",
  },
  SOURCE_LOGIN: {
    meaning: "The libSQL server refuses the token, or it has expired.",
    next: "Give a valid one in `CHANGEOVER_SOURCE_AUTH_TOKEN`.",
  },
  SOURCE_RATE_LIMITED: {
    meaning: "The libSQL server takes no more requests for now, and did not for a minute.",
    next: "Wait, or raise the plan's limits; then run the same command again.",
  },
  SOURCE_BLOCKED: {
    meaning: "The libSQL server blocks reads or writes: a quota is used up, or its owner said so.",
    next: "Lift the block at the provider; then run the same command again.",
  },
  SOURCE_ANSWER_TOO_LARGE: {
    meaning: "A value of the source, or an answer, is larger than the libSQL server returns.",
    next: "Raise the server's limits (`max_row_size`, `--max-response-size`), or leave the table out.",
  },
  SOURCE_NOT_FOUND: {
    meaning: "There is no file at the path of the source.",
    next: "Correct the path.",
  },
  SOURCE_NOT_SQLITE: {
    meaning: "The source is not a SQLite database, or it is encrypted.",
    next: "Correct the path; decrypt the database first.",
  },
  SOURCE_EMPTY: {
    meaning: "The source is an empty file.",
    next: "Correct the path: the application's database has tables.",
  },
  SOURCE_CANNOT_OPEN: {
    meaning: "The source's file or its directory may not be opened.",
    next: "Correct the permissions of the file and its directory.",
  },
  SOURCE_READ_ONLY: {
    meaning: "The source may not be written, and capture needs to.",
    next: "Run changeover as the application's user.",
  },
  SOURCE_CORRUPT: {
    meaning: "The SQLite file is damaged.",
    next: "Save the readable rows with `sqlite3 FILE .recover` into a new file.",
  },
  SOURCE_BUSY: {
    meaning: "Another process held SQLite's lock for too long.",
    next: "End the long transaction, and run the same command again; consider `--source-journal wal`.",
  },
  SOURCE_DISK_FULL: {
    meaning: "The source's disk is full.",
    next: "Free some space, and run the same command again.",
  },
  SOURCE_IO: {
    meaning: "Reading or writing the source's file failed.",
    next: "Check the disk and the permissions of the file's directory.",
  },
  SOURCE_FAILED: {
    meaning: "SQLite returned an error that changeover does not know.",
    next: "Read the cause; `sqlite3 FILE 'PRAGMA integrity_check'` tells whether the file is sound.",
  },
  SOURCE_REPLACED: {
    meaning: "The source's file was replaced or removed while changeover had it open.",
    next: "Stop the application, put the captured file back, and run the same command again.",
  },
  SOURCE_REWOUND: {
    meaning: "The source was replaced by an older state of itself.",
    next: "Put the right file back, or start over with `changeover rollback`.",
  },
  SOURCE_IS_ANOTHER_FILE: {
    meaning: "The given source is not the file of the run, or that cannot be seen from here.",
    next: "Give the run's own file; if the file was moved, add `--source-moved`.",
  },
  SOURCE_OTHER_NAME: {
    meaning: "The given source is the run's file under another name, and SQLite keeps the WAL next to the name.",
    next: "Give the name that the run knows.",
  },
  SOURCE_MOVE_UNPROVED: {
    meaning: "The old file of a moved source cannot be seen, so it may still be in use.",
    next: "If the application writes only to the new file, add `--only-source`.",
  },
  OLD_SOURCE_IN_USE: {
    meaning: "The old file of a source that was said to be moved still takes writes.",
    next: "Stop what uses the old file, as the hint says.",
  },
  SOURCE_IN_USE: {
    meaning: "The source already belongs to another run.",
    next: "Give the target of that run, or end it with `changeover rollback`.",
  },
  SOURCE_NOT_AT_REST: {
    meaning: "The source was written to during `changeover data`, which captures no changes.",
    next: "Stop the application and start over, or use `changeover sync`.",
  },
  SOURCE_UNFENCED: {
    meaning: "The source's fence is gone after the cutover, so somebody may have written there.",
    next: "No failback is possible; `changeover complete` ends the run.",
  },
  JOURNAL_NOT_SWITCHED: {
    meaning: "SQLite's write-ahead log is not possible where the source lies.",
    next: "Leave out `--source-journal wal`, or move the file to a local disk.",
  },
  NO_ROW_IDENTITY: {
    meaning: "A table has no key by which its rows can be identified.",
    next: "Add a UNIQUE index over NOT NULL columns, or exclude the table.",
  },
  NULL_KEY: {
    meaning: "A row has NULL in its primary key, which PostgreSQL does not allow.",
    next: "Give the row a key in the source, or delete it.",
  },
  PROCESS_LOST: {
    meaning: "A worker process ended unexpectedly.",
    next: "Run the same command again, perhaps with `--jobs 1`.",
  },
} as const satisfies ErrorTable;
