import type { ConfigFile } from "../../src/config-file.ts";

export interface SettingWords {
  readonly flag?: string;
  readonly environment?: string;
  readonly meaning: string;
}

/** What docs/reference/config.md says of each setting. One without words does not compile. */
export const CONFIG_WORDS: Readonly<Record<keyof ConfigFile, SettingWords>> = {
  source: { flag: "--source", environment: "CHANGEOVER_SOURCE", meaning: "the SQLite file or libSQL URL" },
  sourceAuthToken: { environment: "CHANGEOVER_SOURCE_AUTH_TOKEN", meaning: "token of a libSQL server" },
  sourceJournal: {
    flag: "--source-journal",
    meaning:
      "switches a file to SQLite's write-ahead log before `sync` and `full` begin; it stays so. Default: as it is",
  },
  target: {
    flag: "--target",
    environment: "CHANGEOVER_TARGET",
    meaning: "the PostgreSQL URL: see [the target](#the-target)",
  },
  schema: {
    flag: "--schema",
    environment: "CHANGEOVER_SCHEMA",
    meaning:
      "the schema of the target's tables and of `pgmigrations`. Default: `schema=` in the URL, or the first of " +
      "the role's `search_path`",
  },
  stateSchema: {
    flag: "--state-schema",
    environment: "CHANGEOVER_STATE_SCHEMA",
    meaning:
      "the schema of the run's state: `changeover`, or a name that begins with `changeover_`. With one each, " +
      "[several runs live side by side](../guides/fleet.md#several-runs-in-one-database) in one database. " +
      "Default: `state_schema=` in the URL, or `changeover`",
  },
  migrationsDir: { flag: "--migrations-dir", meaning: "where the migration files are. Default: `migrations`" },
  app: {
    flag: "--app",
    meaning:
      "the preset of an application, whose settings count where nothing else says them: `changeover apps` lists them",
  },
  schemaBy: {
    flag: "--schema-by",
    meaning:
      "who makes the target's tables where there are none: `application` stops `full` where another tool's " +
      "migrations are noticed in the source. Default: `application`",
  },
  schemaCommand: {
    flag: "--schema-command",
    meaning: "the command that makes them, which `full` runs: see [ORMs](../guides/orms.md)",
  },
  migrationsTable: { flag: "--migrations-table", meaning: "the table of applied migrations (default: pgmigrations)" },
  migrationsSchema: { flag: "--migrations-schema", meaning: "the schema of that table (default: public)" },
  ignorePattern: {
    flag: "--ignore-pattern",
    meaning: "files whose whole name matches this regular expression are no migrations",
  },
  useGlob: { flag: "--use-glob", meaning: "`migrationsDir` and `ignorePattern` are glob patterns" },
  decamelize: { flag: "--decamelize", meaning: "names in migration scripts are turned into snake_case" },
  types: {
    flag: "--types",
    meaning: "how far proposed types follow what is in the columns: see [types](#types). Default: `plain`",
  },
  profile: {
    flag: "--profile",
    meaning:
      "what an ORM expects of the proposed tables: see " +
      "[ORMs](../guides/orms.md#when-changeover-makes-the-tables). Default: `plain`",
  },
  integers: {
    flag: "--integers",
    meaning: "integer columns of 32 bits where values fit, or of 64. Default: by the profile",
  },
  names: {
    flag: "--names",
    meaning:
      "whether names stay, or fold: `customerId` and `Customer Id` become `customer_id`. " +
      "Names that collide are findings. Default: `keep`",
  },
  collation: {
    flag: "--collation",
    meaning: 'whether proposed text columns say `collate "C"`, which orders as SQLite does. Default: `C`',
  },
  exclude: { flag: "--exclude", meaning: "source tables that stay behind. The flag may be repeated" },
  maxRate: { flag: "--max-rate", meaning: "rows a second at most, in copy and replay. Default: no limit" },
  jobs: {
    flag: "--jobs",
    meaning:
      "how many tables are profiled, copied and compared at once. Default: " +
      "as many as there are processors, half of them while an application runs; 4 at most",
  },
  maxDowntime: {
    flag: "--max-downtime",
    meaning:
      "how long a cutover may refuse writes before it undoes itself: `500ms`, `2s`; " +
      "a number is milliseconds. Default: `2s`",
  },
  accept: {
    flag: "--accept",
    meaning: "blocking findings that may pass: `CODE`, `CODE:table`, `CODE:table.column`. The flag may be repeated",
  },
  onBadValue: {
    flag: "--on-bad-value",
    meaning: "what happens to a value that may not pass, where no rule says otherwise. Default: `stop`",
  },
  seeded: {
    flag: "--seeded",
    meaning:
      "what becomes of rows that the application's own migrations put into the target: `truncate`, `keep` or " +
      "`merge`, see [ORMs](../guides/orms.md). Default: they block",
  },
  queries: {
    meaning: "`accept`: fingerprints of statements that may fail or differ: see [queries](../guides/queries.md)",
  },
  tables: { meaning: "rules for tables and columns: see [rules](#rules)" },
  listen: { flag: "--listen", meaning: "where `serve` listens. Default: `127.0.0.1:8080`" },
  serve: {
    flag: "--serve",
    meaning: "`full`, `sync` and `cutover` show a live page while they run: true, or where to listen. Default: false",
  },
  notify: { flag: "--notify", meaning: "webhooks that are told what happens; `--notify` is in their place" },
  report: { flag: "--report", meaning: "the HTML file that commands with `--report` write at their end" },
  logFormat: { flag: "--log-format", meaning: "how messages stand on stderr. Default: `text`" },
  followSchema: {
    flag: "--follow-schema",
    meaning: "what becomes of a change of the source's schema. Default: `write`",
  },
  verifyEvery: {
    flag: "--verify-every",
    meaning: "how long after a comparison of all rows a sync compares them again. Default: it does not",
  },
  verifiedWithin: {
    flag: "--verified-within",
    meaning: "how old the last comparison of all rows may be at a cutover. Default: `24h`",
  },
  failback: { flag: "--no-failback", meaning: "false: no failback is made ready at the cutover" },
  failbackWindow: {
    flag: "--failback-window",
    meaning: "how long after the cutover a running sync completes the run. Default: it does not",
  },
  postponeUntil: { flag: "--postpone-until", meaning: "conditions that all must hold before a cutover begins" },
  hooks: {
    flag: "--hook",
    meaning: "commands that run in the course of a cutover, by name: see [applications](../guides/applications.md)",
  },
};

export const RULE_WORDS = {
  table: {
    exclude:
      "`true`: the table stays behind. `false`: another tool's migrations table comes over like any other, " +
      "even where the target has its own with rows, which blocks until it is emptied",
    name: "its name in the target",
    onBadValue: "what happens to a value that the target's type cannot hold, in this table",
    seeded: "what becomes of rows that the target's table holds already",
    columns: "rules for columns, by name",
  },
  column: {
    name: "its name in the target",
    type: "its type in the target, in PostgreSQL's spelling. Columns that foreign keys join to it get the same type",
    expression:
      "SQL of SQLite over the columns of the row. Its result is profiled, copied, replayed and verified. " +
      "Not for columns of an `INTEGER PRIMARY KEY` or of a `WITHOUT ROWID` table's key",
    unit:
      "what its integers count, where the target's type is a time or an `interval`: `seconds`, `milliseconds` or " +
      "`microseconds`. Default: by their size, where only one unit makes sense; Django's durations are known",
    nullAndEmpty: "how NULL and the empty text relate. Default: `distinct`",
    default: "SQL of the target's default; `null` for none",
    exclude: "the column stays behind, and so does what needs it: an index, a foreign key, a CHECK",
    onBadValue: "the same for this column: the nearest rule counts",
  },
} as const;
