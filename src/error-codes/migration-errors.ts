import type { ErrorTable } from "./error-meaning.ts";

/** Migration files: up, down, redo, migrations, new and prove. */
export const MIGRATION_ERRORS = {
  MIGRATIONS_MISSING: {
    meaning: "There are no migration files in the directory.",
    next: "Make them with `changeover schema --write`, or correct `--migrations-dir`.",
  },
  MIGRATIONS_PRESENT: {
    meaning: "The directory already holds files, and `schema --write` overwrites nothing.",
    next: "Apply them with `changeover up`, or give another `--migrations-dir`.",
  },
  MIGRATIONS_PENDING: {
    meaning: "Migrations are not applied to the target yet.",
    next: "Apply them with `changeover up`.",
  },
  MIGRATIONS_LOCKED: {
    meaning: "Another process migrates this database.",
    next: "Wait for it, with `--wait 10m` for example.",
  },
  MIGRATIONS_OF_OTHERS: {
    meaning: "The directory holds the migrations of another tool.",
    next: "Let that tool make the schema, or give another `--migrations-dir`.",
  },
  SCHEMA_OF_TOOL: {
    meaning: "Another tool made the source's schema, and should make the target's tables, which has none.",
    next: "Run that tool against the target, or give `--schema-command` or `--schema-by changeover`.",
  },
  SCHEMA_COMMAND_MADE_NOTHING: {
    meaning: "The schema command ended well, and the target has none of the source's tables.",
    next: "See that it uses DATABASE_URL or CHANGEOVER_TARGET.",
  },
  SCHEMA_COMMAND_FAILED: {
    meaning: "The schema command failed.",
    next: "See what it printed, and run the same command again.",
  },
  MIGRATION_CHANGED: {
    meaning: "A file changed since it was applied.",
    next: "Restore it and make the change in a new file, or give `--accept-changed`.",
  },
  MIGRATION_MISSING: {
    meaning: "A migration is applied, and its file is gone.",
    next: "Restore the file; `changeover migrations --show NAME` prints it.",
  },
  MIGRATION_OUT_OF_ORDER: {
    meaning: "A pending file comes before one that is applied.",
    next: "Rename it so that it comes last.",
  },
  MIGRATION_ORDER_UNCLEAR: {
    meaning: "The times in the migrations table contradict the order of the files.",
    next: "Correct `run_on` there so that it rises in the order of application.",
  },
  MIGRATIONS_MOVED_ON: {
    meaning: "Another process applied or undid migrations after `down` or `redo` had listed what it would undo.",
    next: "Run the same command again, and read its list.",
  },
  MIGRATION_UNKNOWN: {
    meaning: "No migration, or more than one, has the given name.",
    next: "`changeover migrations` lists the names.",
  },
  MIGRATION_NOT_RECORDED: {
    meaning: "The text of that migration is not recorded in the target.",
    next: "`changeover migrations` lists the names.",
  },
  MIGRATION_NAME: {
    meaning: "A file name is not one that node-pg-migrate can order.",
    next: "Rename it; `changeover new NAME` makes files with the next number.",
  },
  MIGRATION_NOT_WRITTEN: {
    meaning: "Migration files cannot be written to their directory.",
    next: "Make the directory writable, or name another one with `--migrations-dir`.",
  },
  MIGRATIONS_UNREADABLE: {
    meaning: "The migrations directory, or a file in it, cannot be read.",
    next: "Correct its permissions, or name another one with `--migrations-dir`.",
  },
  MIGRATION_UNREADABLE: {
    meaning: "A migration file cannot be loaded.",
    next: "Correct the file; nothing was run.",
  },
  MIGRATION_FAILED: {
    meaning: "A statement of a migration failed.",
    next: "Correct the file, and run the same command again.",
  },
  MIGRATION_LOCK_TIMEOUT: {
    meaning: "A migration did not get its locks in any of its attempts. Nothing was kept.",
    next: "End what holds them, or allow more with `--lock-attempts` and `--lock-timeout`.",
  },
  MIGRATION_NO_DOWN: {
    meaning: "A migration says that it cannot be undone.",
    next: "Write its down half, or undo its work by a new migration.",
  },
  MIGRATION_NO_UP: {
    meaning: "A migration says that it cannot be applied.",
    next: "Write its up half.",
  },
  MIGRATION_NO_TRANSACTION: {
    meaning: "A migration asks for no transaction only while it already runs in one.",
    next: "Call `pgm.noTransaction()` in the file itself.",
  },
  MIGRATION_OWN_TRANSACTION: {
    meaning: "A migration contains BEGIN, COMMIT or ROLLBACK.",
    next: "Remove it: each migration runs in a transaction anyway.",
  },
  MIGRATION_OUTSIDE_RUN: {
    meaning: "During a run, a migration without a transaction does more than build an index.",
    next: "Put the rest into a file of its own.",
  },
  MIGRATION_TOUCHES_DEFERRED: {
    meaning: "A migration names an index, constraint or trigger that the run has deferred.",
    next: "Apply it when the copy is done, or after the cutover.",
  },
  MIGRATION_INCOMPATIBLE_WITH_RUN: {
    meaning: "The sync or failback cannot follow a change that a migration makes.",
    next: "Do as the hint says; everything was rolled back.",
  },
  NOTHING_APPLIED: {
    meaning: "No migration is applied that could be undone.",
    next: "`changeover migrations` shows their states.",
  },
  ALLOW_UNKNOWN: {
    meaning: "A file allows a code that does not exist.",
    next: "Correct the code; docs/guides/prove.md lists them.",
  },
  BEFORE_UNREADABLE: {
    meaning: "The file given to `--before` cannot be read.",
    next: "Correct the path.",
  },
  BEFORE_FAILED: {
    meaning: "The SQL given to `--before` failed.",
    next: "Correct it; a dump must be made with `pg_dump --schema-only --no-owner`.",
  },
  PROOF_CLUSTER_WIDE: {
    meaning: "A migration changes something of the whole server, such as a role.",
    next: "Keep it out of migrations, or allow CLUSTER_WIDE in the file.",
  },
  SCRATCH_DENIED: {
    meaning: "The role may not create the database in which migrations are tried.",
    next: "Give `--embedded`, or grant CREATEDB.",
  },
  SCRATCH_UNREACHABLE: {
    meaning: "The database in which migrations are tried cannot be reached, perhaps through a pooler.",
    next: "Give the server's own address.",
  },
} as const satisfies ErrorTable;
