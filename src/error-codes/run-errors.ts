import type { ErrorTable } from "./error-meaning.ts";

/** A run: its lock, its copy, its replay and its verification. */
export const RUN_ERRORS = {
  FLEET_MISSING: {
    meaning: "There is no fleet in this target.",
    next: "Run `changeover fleet plan` first.",
  },
  FLEET_SOURCES: {
    meaning: "The sources of a fleet cannot be listed.",
    next: "Correct `--sources`, `--list` or `--sources-query`.",
  },
  FLEET_NAMES: {
    meaning: "Tenants of a fleet have no name, or two have the same.",
    next: "Give `--name-pattern`, or names in the list.",
  },
  FLEET_TENANT_UNKNOWN: {
    meaning: "The fleet has no tenant or wave of that name.",
    next: "`changeover fleet status` lists them.",
  },
  NO_RUN: {
    meaning: "No run has begun in this target.",
    next: "Begin one with `changeover sync` or `changeover full`.",
  },
  RUN_LOCKED: {
    meaning: "Another changeover process works on this run and did not yield the run lock.",
    next: "Wait for it or stop it; `changeover status` shows what it does.",
  },
  RUN_CONFLICT: {
    meaning: "Another process moved the run on, so this step was rolled back.",
    next: "Read `changeover status`, and run the same command again.",
  },
  RUN_OTHER_KIND: {
    meaning: "The run captures changes and the command does not, or the other way round.",
    next: "Go on with `changeover sync`, or start over with `changeover rollback`.",
  },
  RUN_COPYING: {
    meaning: "The run is rebuilding indexes and constraints, and must not be interrupted.",
    next: "Wait until the sync has caught up, and run the same command again.",
  },
  SCHEMA_WAITING: {
    meaning: "The source's schema changed, and tables of it wait until the target has the change, too.",
    next: "Read the migration file that was written, and apply it with `changeover up`.",
  },
  CONTROL_NOT_ALLOWED: {
    meaning: "The phase of the run does not allow what was asked of it.",
    next: "`changeover status` says where it stands; ask again when it is further on.",
  },
  CONTROL_CONFLICT: {
    meaning: "Somebody else asked something of the run first. The message says who, what and when.",
    next: "Read `changeover history`, and ask again if it is still wanted.",
  },
  CONTROL_UNANSWERED: {
    meaning: "No process works on the run, or it did not answer in time. What was asked is withdrawn.",
    next: "Start one with `changeover sync`, then ask again.",
  },
  CONTROL_REFUSED: {
    meaning: "The process that works on the run refused what was asked, or failed at it. The message says why.",
    next: "Read that process's output; `changeover history` keeps the code.",
  },
  BLOCKING_FINDINGS: {
    meaning: "Findings must be answered before rows can move.",
    next: "Read `changeover validate`; correct the source, write a rule, or accept the finding.",
  },
  NOT_MAPPED: {
    meaning: "The target lacks tables or columns of the source.",
    next: "Add them in a migration file, or let `changeover schema --write` propose the files.",
  },
  VALUE_NOT_CONVERTIBLE: {
    meaning: "A value has no equal in its target column.",
    next: "Correct the value, change the column's type, or quarantine such rows with a rule.",
  },
  ROW_TOO_LARGE: {
    meaning: "A row is larger than PostgreSQL takes.",
    next: "Keep such values in files, or exclude the table.",
  },
  CAPTURE_SELF_TEST_FAILED: {
    meaning: "Capture was tried on a table and missed a change. Nothing was copied.",
    next: "Exclude the table, and please report its schema.",
  },
  CAPTURE_MISSING: {
    meaning: "The capture triggers are gone from the source.",
    next: "Put the right file back, or start over with `changeover rollback`.",
  },
  SCHEMA_DRIFT: {
    meaning: "The source's schema changed during the run.",
    next: "Undo the change, or make it in the target too and resync the tables.",
  },
  ROWIDS_RENUMBERED: {
    meaning: "A VACUUM may have renumbered the rows of tables without a key.",
    next: "Resync these tables. A sync with `--follow-schema write` does that by itself.",
  },
  NO_SUCH_TABLE: {
    meaning: "A table to resync is not in the source or not in the run.",
    next: "Correct its name.",
  },
  RESYNC_NEEDS_MIGRATION: {
    meaning: "A table changed so that the target's table must change too.",
    next: "Write and apply that migration, and resync again.",
  },
  RESYNC_REFUSED: {
    meaning: "The run is in a phase in which no table can be resynced.",
    next: "`changeover status` shows the phase.",
  },
  RESYNC_UNFINISHED: {
    meaning: "A resync was interrupted.",
    next: "Finish it with `changeover sync`.",
  },
  NOT_COPIED: {
    meaning: "The copy has not ended yet.",
    next: "Let `changeover sync --until caught-up` end it.",
  },
  NOT_SYNCED: {
    meaning: "The target has not caught up, or the run captures nothing.",
    next: "Run `changeover sync --until caught-up`.",
  },
  NOT_REPAIRABLE: {
    meaning: "Differences cannot be repaired by replay in this phase.",
    next: "`changeover check` names the rows.",
  },
  DIFFERENCES: {
    meaning: "Source and target differ.",
    next: "`changeover check` names the rows; `changeover check --repair` copies them again.",
  },
  REPLICATION_LAG_TOO_HIGH: {
    meaning: "The target is too far behind the source and does not catch up.",
    next: "See that `changeover sync` runs; `changeover status` shows the lag.",
  },
  ROLLBACK_UNFINISHED: {
    meaning: "A rollback of this run was interrupted.",
    next: "Run `changeover rollback` again.",
  },
  COPY_IS_THE_SOURCE: {
    meaning: "The file given as a copy is the source itself.",
    next: "Give the path of a copy.",
  },
  COPY_IN_USE: {
    meaning: "Another process has the copy open, and a rehearsal would fence it.",
    next: "Give a file that no application uses.",
  },
  COPY_DAMAGED: {
    meaning: "The copy is damaged, such as a plain copy of a file that was being written.",
    next: "Remove it, and let changeover make the copy with `--source`.",
  },
  COPY_NOT_FOUND: {
    meaning: "There is no copy, and no source to make it from.",
    next: "Give `--copy` an existing file, or add `--source`.",
  },
} as const satisfies ErrorTable;
