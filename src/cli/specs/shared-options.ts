import type { OptionSpec } from "./command-spec.ts";

/** Options of several commands. */
export const types: OptionSpec = {
  flags: "--types <plain|enhanced>",
  description:
    "how closely proposed types follow the values: enhanced proposes uuid, jsonb, inet and timestamps of epoch " +
    "numbers (default: plain)",
};
export const app: OptionSpec = {
  flags: "--app <name>",
  description:
    "the preset of an application: schema command, seeded rows and profile, where flags and config say nothing else; " +
    "`changeover apps` lists them",
};
export const ormProfile: readonly OptionSpec[] = [
  {
    flags: "--profile <orm>",
    description:
      "what an ORM expects of the proposed tables: django, rails, drizzle, prisma, typeorm, knex, sequelize, " +
      "sqlalchemy, efcore, laravel, payload or plain (default: plain)",
  },
  {
    flags: "--integers <int4|int8>",
    description: "integer columns of 32 bits where values fit, or of 64, whatever the profile says",
  },
];
export const nameFolding: OptionSpec = {
  flags: "--names <keep|snake_case>",
  description: 'keep names, or fold them: customerId and "Customer Id" become customer_id (default: keep)',
};
export const collationChoice: OptionSpec = {
  flags: "--collation <C|database>",
  description:
    'how PostgreSQL orders texts in the proposed tables: byte by byte as SQLite does (the collation "C"), or by the ' +
    "database's collation (default: C)",
};
export const sourceJournal: OptionSpec = {
  flags: "--source-journal <wal>",
  description:
    "switch the source file to SQLite's write-ahead log first, so that readers and writers do not block each other; " +
    "the file keeps that mode (default: the journal mode stays as it is)",
};
export const exclude: OptionSpec = {
  flags: "--exclude <table>",
  description: "a source table that is not migrated; may be given several times",
  repeatable: true,
};
export const maxRate: OptionSpec = {
  flags: "--max-rate <rows>",
  description: "maximum rows a second, in copy and replay (default: no limit)",
};
export const jobs: OptionSpec = {
  flags: "--jobs <n>",
  description:
    "how many tables are profiled, copied and compared at once (default: the number of processors, half of them " +
    "alongside an application; 4 at most)",
};
export const maxDowntime: OptionSpec = {
  flags: "--max-downtime <time>",
  description: "how long the application's writes may be refused before the cutover undoes itself (default: 2s)",
};
export const accept: OptionSpec = {
  flags: "--accept <CODE[:table[.column]]>",
  description:
    "accept this finding: one that blocks, or one that full and cutover ask to confirm; may be given several times",
  repeatable: true,
};
export const onBadValue: OptionSpec = {
  flags: "--on-bad-value <stop|quarantine|null>",
  description: "what to do with a value that is not convertible, where no rule in the config says it (default: stop)",
};
export const seeded: OptionSpec = {
  flags: "--seeded <truncate|keep|merge>",
  description:
    "rows that the application's own migrations put into the target: replace them, keep them and leave the source's " +
    "table behind, or replace them only where the source has each of them, equal (default: they block)",
};
export const postponeUntil: OptionSpec = {
  flags: "--postpone-until <condition>",
  description:
    "postpone the cutover, in sync, until file-gone=PATH, time=2026-12-24T03:00:00Z or lag=100 (changes); given " +
    "several times, all must hold",
  repeatable: true,
};
export const verifiedWithin: OptionSpec = {
  flags: "--verified-within <time>",
  description:
    "compare all rows again before the fence if the last comparison of them ended longer ago (default: 24h); what " +
    "changed since then is compared in any case",
};
export const requireQueriesOption: OptionSpec = {
  flags: "--require-queries <file>",
  description:
    "try the application's statements in this file first, as `changeover queries` does; one that fails or differs " +
    "stands in the way",
};
export const hook: OptionSpec = {
  flags: "--hook <name=command>",
  description:
    "a command to run at before-fence, after-fence, before-open, after-open or on-abort. If it fails before the " +
    "target is open, the cutover is undone; behind the fence it is killed when --max-downtime is over",
  repeatable: true,
};
export const followSchema: OptionSpec = {
  flags: "--follow-schema <stop|write|apply>",
  description:
    "what becomes of a change of the source's schema: stop the sync; write a migration file and let the tables that " +
    "it is about wait until it is applied, while all others flow (default); or apply what only adds at once",
};
export const noFailback: OptionSpec = {
  flags: "--no-failback",
  description:
    "do not log changes of the target after the cutover: writes there cost a little less, and no failback is possible",
};
export const backup: OptionSpec = {
  flags: "--backup <file>",
  description: "copy the source to this new file before the first write to either side, while the application writes",
};
export const moved: readonly OptionSpec[] = [
  {
    flags: "--source-moved",
    description:
      "the run's source was moved and is this file now: accepted once the old file is gone or refuses writes " +
      "(without it, another file is refused)",
  },
  {
    flags: "--only-source",
    description:
      "with --source-moved, where the old file cannot be seen from here: you vouch that the application writes to " +
      "this file and to no other",
  },
];
/** How migration files are found and recorded: of every command that reads them. */
export const migrationFilesOptions: readonly OptionSpec[] = [
  { flags: "-t, --migrations-table <name>", description: "the table of applied migrations (default: pgmigrations)" },
  {
    flags: "--migrations-schema <name>",
    description: "the schema of that table, created if it is missing (default: public)",
  },
  {
    flags: "--ignore-pattern <regex>",
    description: "files whose whole name matches are no migrations (default: names that begin with a dot)",
  },
  { flags: "--use-glob", description: "--migrations-dir and --ignore-pattern are glob patterns" },
  { flags: "--decamelize", description: "turn names in migration scripts into snake_case" },
  {
    flags: "-d, --database-url-var <name>",
    description: "the environment variable that holds the target's URL, before all others",
  },
  { flags: "--envPath, --env-path <file>", description: "read this file in place of ./.env" },
  { flags: "-f, --config-file <file>", description: "a config file of node-pg-migrate: JSON, .ts or .js" },
  { flags: "--config-value <name>", description: "its section (default: db, if there is one)" },
  {
    flags: "--reject-unauthorized",
    description: "TLS, and only with a certificate of an authority that this machine knows: sslmode=verify-full",
  },
  { flags: "--no-reject-unauthorized", description: "TLS with any certificate: sslmode=require" },
];

export const schemaCreation: OptionSpec = {
  flags: "--create-schema",
  description: "create the schema that --schema names, if it is missing",
};

export const migrating: readonly OptionSpec[] = [
  {
    flags: "--dry-run",
    description: "print the SQL and run nothing: no write, no lock, and no migration file may query the database",
  },
  {
    flags: "--accept-changed",
    description: "accept files that changed since they were applied, and record them as they are now",
  },
  { flags: "--wait <time>", description: "how long to wait for another process that migrates (default: 60s)" },
  { flags: "--no-wait", description: "do not wait for it" },
  {
    flags: "--lock-timeout <time>",
    description:
      "how long a statement, and your queries behind it, may wait for a lock before all is rolled back and retried " +
      "(default: 2s)",
  },
  {
    flags: "--lock-attempts <n>",
    description: "how many attempts, with pauses from half a second to eight (default: 10)",
  },
  { flags: "--fake", description: "record the migrations as applied or undone, and run none of them" },
  { flags: "--no-check-order", description: "apply pending files that come before applied ones, too" },
  { flags: "--no-single-transaction", description: "commit each migration by itself: those before a failing one stay" },
  { flags: "--no-lock", description: "take no lock: nothing keeps another process that migrates out" },
  {
    flags: "--timestamp",
    description: "the number is a timestamp: up to it and including it for up, from it on for down",
  },
  { flags: "--verbose", description: "print each statement on stderr before it runs" },
  ...migrationFilesOptions,
];

/** Of commands that take away what may hold rows. */
export const undoing: readonly OptionSpec[] = [
  ...migrating,
  {
    flags: "--backup-dir <dir>",
    description: "where rows and columns are backed up before they go (default: changeover-backups)",
  },
  { flags: "--force", description: "go on where no backup can be made: these rows are lost then" },
];
export const listenOption: OptionSpec = {
  flags: "--listen <host:port>",
  description: "where to listen (default: 127.0.0.1:8080); port 0 takes any free one, :8080 listens on every address",
};
export const serveOption: OptionSpec = {
  flags: "--serve [host:port]",
  description:
    "show this command on a live page with metrics while it runs, as `changeover serve` does (default: 127.0.0.1:8080)",
};
export const reportOption: OptionSpec = {
  flags: "--report <file.html>",
  description:
    "write a report when the command has ended, however it ended: what was moved, verified and left out, by whom and " +
    "how fast; one HTML file without values of rows",
};
export const notifyOption: OptionSpec = {
  flags: "--notify <url>",
  description:
    "tell a webhook what happens (caught up, verified, opened, stopped …), in JSON with a text that chats show; " +
    "signed " +
    "with CHANGEOVER_NOTIFY_SECRET where that is set; may be given several times",
  repeatable: true,
};
