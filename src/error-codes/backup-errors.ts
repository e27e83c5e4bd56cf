import type { ErrorTable } from "./error-meaning.ts";

/** Backups of the source, and backups of rows that `down` and `redo` take away. */
export const BACKUP_ERRORS = {
  BACKUP_EXISTS: {
    meaning: "The backup's file exists, and nothing is overwritten.",
    next: "Give `--backup` another name.",
  },
  BACKUP_DIRECTORY: {
    meaning: "The directory of the backup does not exist.",
    next: "Make it, or give another path.",
  },
  BACKUP_NO_SPACE: {
    meaning: "The disk has too little space for the backup.",
    next: "Give a path on another disk, or free some space.",
  },
  BACKUP_REMOTE: {
    meaning: "The source is a libSQL server, whose file cannot be copied from here.",
    next: "Take the backup at the server, and leave out `--backup`.",
  },
  BACKUP_LATE: {
    meaning: "The run has begun already, so a backup would not be of the source as it was before.",
    next: "Leave out `--backup`.",
  },
  BACKUP_FAILED: {
    meaning: "The backup of the source was not made. Nothing else was done.",
    next: "Read the cause, such as a full disk, and run the same command again.",
  },
  DOWN_NO_BACKUP: {
    meaning: "Rows would be lost, and their backup could not be written. Nothing was undone.",
    next: "Give `--backup-dir` another place; `--force` goes on without a backup.",
  },
  DOWN_TAKES_MORE: {
    meaning: "A trial of `down` or `redo` takes away more than its list said: a DO block or a function does it.",
    next: "Read the down section, and give `--yes` if that is what you want.",
  },
  DOWN_OUTSIDE_LOSES_ROWS: {
    meaning: "A migration without a transaction would take away rows, so that no exact backup is possible.",
    next: "Move what drops tables or columns into a migration of its own.",
  },
  RESTORE_NOT_A_BACKUP: {
    meaning: "The directory is not a backup of rows.",
    next: "Give the directory that `changeover down` named.",
  },
  RESTORE_DAMAGED: {
    meaning: "A file of the backup does not have its checksum. Nothing was restored.",
    next: "Take the directory from a copy of it.",
  },
  RESTORE_DURING_RUN: {
    meaning: "A run keeps these tables in sync with the source.",
    next: "End the run first.",
  },
  RESTORE_NOT_EMPTY: {
    meaning: "The tables or columns hold values already. Nothing was restored.",
    next: "Give `--into-filled` if that is meant.",
  },
  RESTORE_SCHEMA_MISMATCH: {
    meaning: "The tables are not as they were when the backup was made. Nothing was restored.",
    next: "Apply the migrations that made them so.",
  },
  RESTORE_ROWS_GONE: {
    meaning: "Rows whose column values are in the backup no longer exist. Nothing was restored.",
    next: "Give `--partial` to restore the others.",
  },
  RESTORE_MISCOUNTED: {
    meaning: "Fewer rows arrived than the backup holds. Nothing was restored.",
    next: "Remove the rule or policy that keeps them out.",
  },
  RESTORE_REFUSED_BY_TARGET: {
    meaning: "The target's tables refuse rows of the backup. Nothing was restored.",
    next: "Bring the tables into the state of the backup first.",
  },
} as const satisfies ErrorTable;
