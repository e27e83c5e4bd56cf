import { type CommandName, TARGETS } from "./targets.ts";

/**
 * Every command with its words: what `--help` prints and docs/reference/commands.md is made from. Plain data,
 * so that help needs none of the libraries behind the commands.
 */
export interface CommandSpec {
  readonly name: CommandName;
  readonly arguments?: string;
  readonly summary: string;
  readonly description: string;
  readonly options: readonly OptionSpec[];
  readonly example: string;
}

export interface OptionSpec {
  readonly flags: string;
  readonly description: string;
  readonly repeatable?: boolean;
}

const types: OptionSpec = {
  flags: "--types <plain|enhanced>",
  description:
    "how far the proposed types follow what is in the columns: enhanced knows uuid, jsonb, inet and epoch times (default: plain)",
};
const names: OptionSpec = {
  flags: "--names <keep|snake_case>",
  description:
    'whether names stay as they are or fold, so that customerId and "Customer Id" are customer_id (default: keep)',
};
const collationChoice: OptionSpec = {
  flags: "--collation <bytes|database>",
  description:
    'how PostgreSQL orders texts in the proposed tables: byte by byte, as SQLite does (the collation "C"), or by the database\'s collation (default: bytes)',
};
const sourceJournal: OptionSpec = {
  flags: "--source-journal <wal>",
  description:
    "switch the source file to SQLite's write-ahead log first, in which readers and writers do not wait for each other; it stays so afterwards (default: its journal mode is left as it is)",
};
const exclude: OptionSpec = {
  flags: "--exclude <table>",
  description: "a source table that stays behind; may be given several times",
  repeatable: true,
};
const maxRate: OptionSpec = {
  flags: "--max-rate <rows>",
  description: "rows a second at most, in copy and replay (default: as fast as both databases stand)",
};
const jobs: OptionSpec = {
  flags: "--jobs <n>",
  description:
    "how many tables are looked at, copied and compared at once (default: as many as there are processors, half of them beside an application; 4 at most)",
};
const maxDowntime: OptionSpec = {
  flags: "--max-downtime <time>",
  description: "the longest that the application's writes may be refused; then the cutover undoes itself (default: 2s)",
};
const accept: OptionSpec = {
  flags: "--accept <CODE[:table[.column]]>",
  description:
    "let this finding pass: one that blocks, or one that full and cutover want confirmed; may be given several times",
  repeatable: true,
};
const onBadValue: OptionSpec = {
  flags: "--on-bad-value <stop|quarantine|null>",
  description: "what becomes of a value that may not pass, where no rule in the config says otherwise (default: stop)",
};
const when: OptionSpec = {
  flags: "--postpone-until <condition>",
  description:
    "postpone the cutover, in sync, until file-gone=PATH, time=2026-12-24T03:00:00Z or lag=100 (changes) holds; several hold together",
  repeatable: true,
};
const hook: OptionSpec = {
  flags: "--hook <name=command>",
  description:
    "a command to run at before-fence, after-fence, before-open, after-open or on-abort; one that fails before the target is open undoes the cutover; behind the fence it is killed once --max-downtime is spent",
  repeatable: true,
};
const noFailback: OptionSpec = {
  flags: "--no-failback",
  description:
    "do not log what changes in the target from then on: there is no return without loss then, and each write there costs a little less",
};
const backup: OptionSpec = {
  flags: "--backup <file>",
  description: "copy the source into this new file before the first write to either side, while the application writes",
};
const moved: readonly OptionSpec[] = [
  {
    flags: "--source-moved",
    description:
      "the source of the run is this file now: taken for it once the old one is found to be gone, or to refuse writes (without it, a copy is refused)",
  },
  {
    flags: "--only-source",
    description:
      "with --source-moved, where the old file cannot be seen from here: you vouch that the application writes to this one and to no other",
  },
];
const migrating: readonly OptionSpec[] = [
  {
    flags: "--dry-run",
    description:
      "print the SQL and run nothing: nothing is written, no lock is taken, no migration file gets to ask the database",
  },
  {
    flags: "--accept-changed",
    description: "take files that changed since they were applied as they are now, and record them so",
  },
  { flags: "--wait <time>", description: "how long to wait for another process that migrates (default: 60s)" },
  { flags: "--no-wait", description: "do not wait for it" },
  {
    flags: "--lock-timeout <time>",
    description:
      "how long a statement may wait for a lock, and your queries behind it, before all is taken back and tried again (default: 2s)",
  },
  {
    flags: "--lock-attempts <n>",
    description: "how often it is tried, with pauses from half a second to eight (default: 10)",
  },
];

const undoing: readonly OptionSpec[] = [
  ...migrating,
  {
    flags: "--backup-dir <dir>",
    description: "where rows and columns that go are backed up, one directory each (default: changeover-backups)",
  },
  { flags: "--force", description: "go on where that backup cannot be made: what goes is gone for good then" },
];

/** Of every command that looks at a target. */
export const EMBEDDED_OPTION: OptionSpec = {
  flags: "--embedded",
  description: "the embedded PostgreSQL under ./.changeover/ as the target, made if it is not there",
};

export const COMMON_OPTIONS: readonly OptionSpec[] = [
  {
    flags: "--source <path|url>",
    description: "the SQLite file or libSQL URL (or CHANGEOVER_SOURCE, also in ./.env)",
  },
  {
    flags: "--target <url>",
    description: "the PostgreSQL URL (or CHANGEOVER_TARGET, then DATABASE_URL; each also in ./.env)",
  },
  {
    flags: "--config <file>",
    description: "config file (default: changeover.config.json, .ts or .js, if there is one)",
  },
  { flags: "--migrations-dir <dir>", description: "where the target's migration files are (default: migrations)" },
  { flags: "--json", description: "one JSON document, or one object a line for streams, on stdout" },
  { flags: "--quiet", description: "no progress and no logs" },
  {
    flags: "--yes",
    description: "do not ask: before something is removed, nor of what full and cutover leave out of the schema",
  },
];

/** All options of a command, its own first. */
export function optionsOf(spec: CommandSpec): readonly OptionSpec[] {
  return [...spec.options, ...(TARGETS[spec.name] === "none" ? [] : [EMBEDDED_OPTION]), ...COMMON_OPTIONS];
}

export const COMMANDS: readonly CommandSpec[] = [
  {
    name: "validate",
    summary: "look at every value, both ends; list findings",
    description:
      "Looks at every value of the source and at what the target would have to hold, and lists what must be answered before the data can move. Changes nothing. Exit code 1 if a finding blocks.",
    options: [
      { flags: "--show-values", description: "show the values of the rows that findings name, not only their keys" },
      types,
      names,
      collationChoice,
      exclude,
      accept,
      {
        flags: "--write-rules",
        description:
          "write the first rule that each blocking finding proposes into the config (changeover.config.json, made if there is none)",
      },
    ],
    example: "changeover validate --source app.db --target postgres://me@localhost/app",
  },
  {
    name: "schema",
    summary: "show the plan; print or write migration files for the target",
    description:
      "Proposes a PostgreSQL table for each table of the source, from its declarations and from what is in the columns, and shows the plan: each column with its type and why, then what has no translation. With --sql it prints the migration files instead; with --write they are written to the migrations directory, yours to edit.",
    options: [
      { flags: "--sql", description: "print the migration files instead of the plan" },
      { flags: "--write", description: "write the migration files" },
      types,
      names,
      collationChoice,
      exclude,
      accept,
    ],
    example: "changeover schema --source app.db --write",
  },
  {
    name: "up",
    arguments: "[n|to]",
    summary: "apply pending migrations",
    description:
      "Applies pending migration files to the target, all in one transaction: all of them, the next n, or those up to the one named. Refuses if an applied file was changed or is gone. While a run is in progress, only what it can go on with.",
    options: migrating,
    example: "changeover up --target postgres://me@localhost/app",
  },
  {
    name: "down",
    arguments: "[n|to]",
    summary: "undo the last migrations",
    description:
      "Undoes the last migration, the last n, or those after the one named, all in one transaction; `all` undoes all. Asks first if a table holds rows; tables and columns that it takes away are backed up before, where there is something in them, for `restore`. With --print it changes nothing, and prints SQL that does the same with psql alone.",
    options: [{ flags: "--print", description: "print a rollback file for psql, and change nothing" }, ...undoing],
    example: "changeover down 2 --target postgres://me@localhost/app",
  },
  {
    name: "redo",
    arguments: "[n|to]",
    summary: "undo and apply again",
    description:
      "Undoes the last migration, the last n, or those after the one named, and applies them again, in one transaction. Asks first if a table holds rows; tables and columns that it takes away are backed up before, where there is something in them, for `restore`.",
    options: undoing,
    example: "changeover redo --target postgres://me@localhost/app",
  },
  {
    name: "restore",
    arguments: "<directory>",
    summary: "put back what down or redo backed up",
    description:
      "Puts the rows and columns of a backup that `down` or `redo` wrote back into the tables, once these are there again: files are compared with their checksums, all goes in one transaction, and is counted again. Triggers do not fire for it; foreign keys hold when it ends. Refuses tables that hold rows, and tables that are not as they were.",
    options: [
      {
        flags: "--into-filled",
        description: "add to the rows that are there, and replace the values of columns that hold some",
      },
      { flags: "--partial", description: "leave out values of columns whose rows are not there any more" },
    ],
    example: "changeover restore changeover-backups/20261123T101500Z-0002_price --target postgres://me@localhost/app",
  },
  {
    name: "migrations",
    summary: "list migrations and their status",
    description:
      "Lists the migrations: applied, pending, changed since they were applied, missing (applied, and the file is gone) or out-of-order (pending, before one that is applied); when each was applied, by whom and how long it took. Changes nothing.",
    options: [
      { flags: "--diff", description: "show what changed since, as unified diffs" },
      { flags: "--show <name>", description: "print a file as it was when it was applied, instead of the list" },
      {
        flags: "--exit-code",
        description:
          "for scripts: 0 if all is applied and unchanged, 3 if something is pending, 4 if something is changed, missing or out of order",
      },
    ],
    example: "changeover migrations --exit-code --target postgres://me@localhost/app",
  },
  {
    name: "new",
    arguments: "<name>",
    summary: "write an empty migration file",
    description:
      "Writes a migration file with both halves, under the next free number, in the way in which the directory is numbered (0001, or times). Looks at no database.",
    options: [{ flags: "--ts", description: "in TypeScript, for node-pg-migrate's builder (default: SQL)" }],
    example: "changeover new add_price_to_items",
  },
  {
    name: "prove",
    summary: "try all migrations up, down and up again, and say what would hurt in production",
    description:
      "Makes a database of its own, takes each migration up, down and up again in it and then all of them together, and compares all that the database holds but rows: each down half must undo its up half. The database is dropped afterwards. It is made on the target's server, whose own database is only read: to see which migrations it lacks, and how many rows its tables have. With --embedded it is made in the embedded PostgreSQL, also where a target is given. Then it warns of what would hurt there: a table written anew, an index built while writes wait, and the like. docs/guides/prove.md lists the codes. Exit code 1 if a migration fails; with --strict, also if there is a warning.",
    options: [
      {
        flags: "--before <file>",
        description:
          "SQL to run in that database before the first migration: what they expect to be there, such as another tool's schema",
      },
      { flags: "--lint-only", description: "run nothing, only look at the files for what would hurt" },
      {
        flags: "--since <migration>",
        description:
          "the last migration that production has, where no target can say so: only later ones are warned of",
      },
      { flags: "--large <rows>", description: "from how many rows on a table of the target is large (default: 10000)" },
      {
        flags: "--other-runner",
        description:
          "the files are not applied by `changeover up`, which limits how long they wait for locks: warn of that too",
      },
      { flags: "--strict", description: "exit code 1 if there is a warning" },
    ],
    example: "changeover prove --embedded --migrations-dir migrations --json",
  },
  {
    name: "data",
    summary: "bulk copy only, for a source at rest",
    description:
      "Copies all rows into the target's tables, restores indexes and constraints, sets sequences and compares both sides. Adds nothing to the source, which nobody may write to meanwhile.",
    options: [
      backup,
      {
        flags: "--no-verify",
        description: "do not compare both sides in the end; `changeover check` can do that later",
      },
      names,
      exclude,
      maxRate,
      jobs,
      accept,
      onBadValue,
      ...moved,
    ],
    example: "changeover data --source app.db --target postgres://me@localhost/app",
  },
  {
    name: "sync",
    summary: "capture, copy, replay until stopped",
    description:
      "Installs capture in the source, copies all rows and replays changes as the application makes them, until stopped with Ctrl-C. Run again, it goes on from where it stopped. After the cutover it goes the other way: what changes in PostgreSQL is brought back to the source, which stays fenced for everyone else. After a return it goes forward again, without a copy.",
    options: [
      {
        flags: "--until <caught-up>",
        description: "end when the target has caught up; after the cutover, when the source has",
      },
      backup,
      {
        flags: "--resync <table>",
        description:
          "bring a source table in line again first, after its schema changed: capture it anew and copy its rows again, and nothing else; may be given several times",
        repeatable: true,
      },
      sourceJournal,
      names,
      exclude,
      maxRate,
      jobs,
      accept,
      onBadValue,
      ...moved,
    ],
    example: "changeover sync --source app.db --target postgres://me@localhost/app",
  },
  {
    name: "check",
    summary: "verify both sides, online",
    description:
      "Compares every row of both sides, column by column, while a sync may go on. Exit code 1 if they differ, or if rows are in quarantine (but for --accept QUARANTINED). With --repair, rows that differ are brought over again by the replay, and compared once more.",
    options: [
      {
        flags: "--repair",
        description: "bring rows that differ over again, delete what only the target has, and compare once more",
      },
      {
        flags: "--restart",
        description: "compare everything again, also what an interrupted check or sync has compared",
      },
      {
        flags: "--examples <n>",
        description: "how many differing rows of each table are named (default: 5, at most 1000)",
      },
      accept,
      ...moved,
    ],
    example: "changeover check --source app.db --target postgres://me@localhost/app",
  },
  {
    name: "cutover",
    summary: "fence, drain, re-verify, open the target",
    description:
      "Verifies what is not verified yet, then refuses writes in the source, brings the last changes over, compares them, and opens the target. If anything fails, the fence comes down and the application goes on as before. A sync in another process hands over by itself. What of the schema does not come over as it is has to be confirmed first: at a terminal it asks, elsewhere --yes or --accept says so.",
    options: [
      {
        flags: "--dry-run",
        description:
          "list the preconditions, try each step on both databases and take it back, and predict the downtime",
      },
      maxDowntime,
      noFailback,
      when,
      hook,
      accept,
      ...moved,
    ],
    example: "changeover cutover --source app.db --target postgres://me@localhost/app",
  },
  {
    name: "rehearse",
    summary: "the whole cutover but for the fence, taken back",
    description:
      "Compares everything, proves the foreign keys, and does each step of the cutover on both databases, to take it back at once: says what would fail, and how long writes would be refused. The application notices nothing but one short write transaction. With --copy, all of the migration is done on a copy, cutover and failback included, in a database that is dropped in the end: neither the source nor the target's own database is written to, and no hook is called.",
    options: [
      {
        flags: "--copy <file>",
        description:
          "rehearse all of it on this copy of the source; made while the application writes, where no file is there",
      },
      maxDowntime,
      noFailback,
      when,
      hook,
      ...moved,
    ],
    example: "changeover rehearse --source app.db --target postgres://me@localhost/app",
  },
  {
    name: "full",
    summary: "all of it in order",
    description:
      "Makes the target's tables (writing migration files if there are none), captures, copies, catches up, verifies and cuts over, while the application keeps writing. At a terminal it says what will happen and what of the schema does not come over as it is, and asks before anything is written; elsewhere it refuses where something is left out, unless --yes or --accept says otherwise.",
    options: [
      { flags: "--no-cutover", description: "verify, then stay in sync until stopped" },
      backup,
      maxDowntime,
      noFailback,
      when,
      hook,
      sourceJournal,
      types,
      names,
      collationChoice,
      exclude,
      maxRate,
      jobs,
      accept,
      onBadValue,
      ...moved,
    ],
    example: "changeover full --source app.db",
  },
  {
    name: "quarantine",
    arguments: "[list|export|retry]",
    summary: "rows that were quarantined",
    description:
      "Lists the rows that the target could not take and a rule quarantine: table, key, column and reason. With export, all of them with their values, one JSON object a line; with retry, they are tried again as they are in the source now. Exit code 1 while there are any.",
    options: [
      { flags: "--table <table>", description: "only the rows of this source table" },
      { flags: "--limit <n>", description: "how many rows to list (default: 20)" },
      { flags: "--show-values", description: "show the values at fault: they are someone's data" },
      ...moved,
    ],
    example: "changeover quarantine export --target postgres://me@localhost/app > rejected.jsonl",
  },
  {
    name: "status",
    summary: "where the run stands",
    description:
      "Shows phase, lag, rows copied and what was verified. With --source it looks into that file: whether it is the one that the run reads, or a copy, and whether it refuses writes. Answers at once, beside a running sync too.",
    options: [],
    example: "changeover status --target postgres://me@localhost/app",
  },
  {
    name: "history",
    summary: "what was done with the target, and by whom",
    description:
      "Lists what changeover did with the target, the newest first: runs, syncs, cutovers, rollbacks, migrations, repairs, restores; who did it, from where, how long it took and how it ended. What was killed did not end. It is kept in changeover.history, which outlives runs. Changes nothing.",
    options: [{ flags: "--limit <n>", description: "how many entries (default: 20)" }],
    example: "changeover history --target postgres://me@localhost/app",
  },
  {
    name: "wait",
    summary: "wait until the run is so far",
    description:
      "Waits until the run is in sync or cut over, and then exits with code 0: for scripts that start or reconfigure the application. Exit code 1 after --timeout.",
    options: [
      { flags: "--for <syncing|cut-over>", description: "what to wait for (default: cut-over)" },
      { flags: "--timeout <time>", description: "the longest to wait, such as 90s or 2h (default: for ever)" },
    ],
    example: "changeover wait --for cut-over --target postgres://me@localhost/app && systemctl restart app",
  },
  {
    name: "rollback",
    summary: "before the cutover: undo everything; after it: return to the source, nothing lost",
    description:
      "Before the cutover: removes capture from the source, empties the target's tables, restores what was taken off them and undoes the migrations. Nothing of the run remains; the application never notices. After it: a cutover in reverse. What changed in PostgreSQL is brought back and all rows are compared while the application goes on; then PostgreSQL refuses writes for a moment, the last changes are brought back and compared, and the source is opened. If anything fails, PostgreSQL goes on as before. Then `sync` goes forward again, and another `rollback` undoes everything.",
    options: [
      {
        flags: "--max-downtime <time>",
        description:
          "after the cutover: the longest that PostgreSQL may refuse writes; then the return undoes itself (default: 2s)",
      },
      {
        flags: "--accept-loss",
        description:
          "after the cutover: return without what the source cannot hold, such as tables and columns made since; it is listed before anything is fenced (default: ask at a terminal, else refuse)",
      },
      ...moved,
    ],
    example: "changeover rollback --source app.db --target postgres://me@localhost/app",
  },
  {
    name: "complete",
    summary: "after the cutover: end the run, there is no failback then",
    description:
      "Removes the failback and all else that changeover put on the target's tables, validates foreign keys, and removes capture from the source. The source stays fenced, since nobody should go on writing to a file that is not read any more: `clean` takes that off too. After a return it removes capture from the source, and the target stays as it was then, fenced.",
    options: moved,
    example: "changeover complete --source app.db --target postgres://me@localhost/app --yes",
  },
  {
    name: "clean",
    summary: "remove capture from the source",
    description:
      "Drops everything that changeover added to the source (all of it is named _changeover_…), the fence of a cutover included. Where a target is known, it is asked first whether this is the file of its run.",
    options: [
      { flags: "--copy", description: "the file is a copy of the run's source: take capture and fence off that" },
      ...moved,
    ],
    example: "changeover clean --source app.db --yes",
  },
  {
    name: "postgres",
    arguments: "<status|start|stop>",
    summary: "the embedded PostgreSQL",
    description:
      "Shows, starts (and keeps up) or stops the PostgreSQL under ./.changeover/ that serves `full` where no target is given, and what follows it in this directory.",
    options: [],
    example: "changeover postgres status",
  },
];
