import type { CommandSpec } from "./command-spec.ts";
import {
  accept,
  app,
  collationChoice,
  exclude,
  migrating,
  migrationFilesOptions,
  nameFolding,
  ormProfile,
  schemaCreation,
  types,
  undoing,
} from "./shared-options.ts";

export const SCHEMA_COMMANDS: readonly CommandSpec[] = [
  {
    name: "schema",
    group: "schema",
    summary: "show the plan; print or write the target's migration files",
    description:
      "Proposes a PostgreSQL table for each table of the source, from its declarations and its values. Shows the " +
      "plan: each column with its type and the reason, then what has no translation. --sql prints the migration " +
      "files instead; --write writes them to the migrations directory, for you to edit. --changes shows what " +
      "happened to the source's schema since the run captured it, and the migration that would follow it.",
    options: [
      { flags: "--changes", description: "show what changed in the source since the run captured it; writes nothing" },
      { flags: "--sql", description: "print the migration files instead of the plan" },
      { flags: "--write", description: "write the migration files" },
      app,
      types,
      ...ormProfile,
      nameFolding,
      collationChoice,
      exclude,
      accept,
    ],
    example: "changeover schema --source app.db --write",
  },
  {
    name: "up",
    group: "schema",
    arguments: "[n|to]",
    summary: "apply pending migrations",
    description:
      "Applies pending migration files to the target, up to 500 statements in one transaction: all of them, the " +
      "next n, or those up " +
      "to the one named. Refuses if an applied file was changed or is gone. During a run it refuses what the run " +
      "cannot follow.",
    options: [...migrating, schemaCreation],
    example: "changeover up --target postgres://me@localhost/app",
  },
  {
    name: "down",
    group: "schema",
    arguments: "[n|to]",
    summary: "undo the last migrations",
    description:
      "Undoes the last migration, the last n, or those after the one named, up to 500 statements in one " +
      "transaction; `all` undoes " +
      "all. Asks first if a table holds rows. Tables and columns that it drops are backed up before, if they hold " +
      "values, for `restore`. --print changes nothing, and prints SQL that does the same with psql alone.",
    options: [{ flags: "--print", description: "print a rollback file for psql, and change nothing" }, ...undoing],
    example: "changeover down 2 --target postgres://me@localhost/app",
  },
  {
    name: "baseline",
    group: "schema",
    arguments: "<to>",
    summary: "record migrations as applied to a database that has their objects already",
    description:
      "Records the migrations up to the one named as applied, and runs none of them: for a database whose objects " +
      "were made in another way. `all` records every file. Those that are applied already stay as they are. " +
      "`down 1 --fake` takes a record back.",
    options: [
      { flags: "--wait <time>", description: "how long to wait for another process that migrates (default: 60s)" },
      schemaCreation,
      ...migrationFilesOptions,
    ],
    example: "changeover baseline 0042_orders --target postgres://me@localhost/app",
  },
  {
    name: "redo",
    group: "schema",
    arguments: "[n|to]",
    summary: "undo and apply again",
    description:
      "Undoes the last migration, the last n, or those after the one named, and applies them again, in one " +
      "transaction. Asks first if a table holds rows. Tables and columns that it drops are backed up before, if they " +
      "hold values, for `restore`.",
    options: undoing,
    example: "changeover redo --target postgres://me@localhost/app",
  },
  {
    name: "restore",
    group: "schema",
    arguments: "<directory>",
    summary: "restore what down or redo backed up",
    description:
      "Loads a backup of `down` or `redo` into its tables, once these exist again. Files are compared with their " +
      "checksums, all rows go in one transaction, and are counted. Triggers do not fire; foreign keys hold at the " +
      "end. Refuses tables that hold rows, and tables that differ from the backup's.",
    options: [
      { flags: "--into-filled", description: "add to existing rows, and replace values of columns that hold some" },
      { flags: "--partial", description: "leave out values of columns whose rows no longer exist" },
    ],
    example: "changeover restore changeover-backups/20261123T101500Z-0002_price --target postgres://me@localhost/app",
  },
  {
    name: "migrations",
    group: "schema",
    summary: "list migrations and their states",
    description:
      "Lists the migrations: applied, pending, changed (since they were applied), missing (applied, and the file is " +
      "gone) or out-of-order (pending, before an applied one). Shows when each was applied, by whom and how long it " +
      "took. Changes nothing.",
    options: [
      { flags: "--diff", description: "show changes since the application, as unified diffs" },
      { flags: "--show <name>", description: "print a file as it was when it was applied, instead of the list" },
      {
        flags: "--exit-code",
        description:
          "for scripts: 0 if all are applied and unchanged, 3 if one is pending, 4 if one is changed, missing or out " +
          "of order",
      },
      ...migrationFilesOptions,
    ],
    example: "changeover migrations --exit-code --target postgres://me@localhost/app",
  },
  {
    name: "new",
    group: "schema",
    arguments: "<name>",
    summary: "write an empty migration file",
    description:
      "Writes a migration file with both halves under the next free number, numbered as the directory is (0001, or " +
      "timestamps). Opens no database.",
    options: [
      {
        flags: "-j, --migration-file-language <language>",
        description: "sql, ts, js, mts, mjs, cts or cjs (default: sql)",
      },
      { flags: "--ts", description: "the same as -j ts" },
      {
        flags: "--migration-filename-format <format>",
        description: "timestamp (ms since 1970), utc (17 digits) or index (0001) (default: as the last file has it)",
      },
      { flags: "--template-file-name <file>", description: "a file to copy in place of the built-in one" },
      {
        flags: "--ignore-pattern <regex>",
        description: "files whose whole name matches are no migrations (default: names that begin with a dot)",
      },
    ],
    example: "changeover new add_price_to_items",
  },
  {
    name: "prove",
    group: "schema",
    summary: "try all migrations up, down and up again, and warn of what would hurt in production",
    description:
      "Creates a scratch database, runs each migration up, down and up again in it, then all of them together, and " +
      "compares everything except rows: each down half must undo its up half. The database is dropped afterwards. It " +
      "is created on the target's server. The target's own database is only read, for pending migrations and table " +
      "sizes. With --embedded it is created in the embedded PostgreSQL, even if a target is given. Then it warns of " +
      "what would hurt in production, such as a rewritten table or an index built under a lock. docs/guides/prove.md " +
      "lists the codes. Exit code 1 if a migration fails; with --strict, also if there is a warning.",
    options: [
      {
        flags: "--before <file>",
        description:
          "SQL to run in the scratch database before the first migration, such as another tool's schema that " +
          "they expect",
      },
      { flags: "--lint-only", description: "run nothing, only read the files and warn" },
      {
        flags: "--since <migration>",
        description: "the last migration that production has, if no target is given: only later ones are warned of",
      },
      {
        flags: "--changed <revision>",
        description:
          "prove only what is new or changed since a revision of git, such as origin/main; the others are only applied",
      },
      { flags: "--large <rows>", description: "how many rows make a table of the target large (default: 10000)" },
      {
        flags: "--other-runner",
        description: "the files are not applied by `changeover up`, which limits lock waits: warn of these, too",
      },
      { flags: "--strict", description: "exit code 1 if there is a warning" },
      ...migrationFilesOptions,
    ],
    example: "changeover prove --embedded --migrations-dir migrations --json",
  },
];
