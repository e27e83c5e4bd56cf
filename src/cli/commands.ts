/**
 * Every command with its words: what `--help` prints and docs/reference.md is made from. Plain data,
 * so that help needs none of the libraries behind the commands.
 */
export interface CommandWords {
  readonly name: string;
  readonly arguments?: string;
  readonly summary: string;
  readonly description: string;
  readonly options: readonly OptionWords[];
  readonly example: string;
  /** False for commands that never look at the source or the target. */
  readonly ends: "both" | "target" | "source" | "none";
}

export interface OptionWords {
  readonly flags: string;
  readonly description: string;
  readonly repeatable?: boolean;
}

const types: OptionWords = { flags: "--types <plain|enhanced>", description: "how far the proposed types follow what is in the columns: enhanced knows uuid, jsonb, inet and epoch times (default: plain)" };
const exclude: OptionWords = { flags: "--exclude <table>", description: "a source table that stays behind; may be given several times", repeatable: true };
const maxRate: OptionWords = { flags: "--max-rate <rows>", description: "rows a second at most during the copy (default: as fast as it goes)" };
const maxDowntime: OptionWords = { flags: "--max-downtime <ms>", description: "the longest that the application's writes may be refused; then the cutover undoes itself (default: 10000)" };
const count = "how many (default: 1)";

export const COMMON_OPTIONS: readonly OptionWords[] = [
  { flags: "--source <path|url>", description: "the SQLite file or libSQL URL (or CHANGEOVER_SOURCE)" },
  { flags: "--target <url>", description: "the PostgreSQL URL (or CHANGEOVER_TARGET, then DATABASE_URL; none: an embedded PostgreSQL under ./.changeover/)" },
  { flags: "--config <file>", description: "config file (default: changeover.config.json, .ts or .js, if there is one)" },
  { flags: "--migrations-dir <dir>", description: "where the target's migration files are (default: migrations)" },
  { flags: "--json", description: "one JSON document, or one object a line for streams, on stdout" },
  { flags: "--quiet", description: "no progress and no logs" },
  { flags: "--yes", description: "do not ask before something is removed" },
];

export const COMMANDS: readonly CommandWords[] = [
  {
    name: "validate",
    summary: "look at every value, both ends; list findings",
    description: "Looks at every value of the source and at what the target would have to hold, and lists what must be answered before the data can move. Changes nothing. Exit code 1 if a finding blocks.",
    options: [types, exclude],
    example: "changeover validate --source app.db",
    ends: "source",
  },
  {
    name: "schema",
    summary: "print or write migration files for the target from the source",
    description: "Proposes a PostgreSQL table for each table of the source, from its declarations and from what is in the columns, and prints the migration files; with --write they are written to the migrations directory, yours to edit.",
    options: [{ flags: "--write", description: "write the files instead of printing them" }, types, exclude],
    example: "changeover schema --source app.db --write",
    ends: "source",
  },
  { name: "up", arguments: "[n]", summary: "apply pending migrations", description: "Applies pending migration files to the target, all in one transaction, or the next n of them.", options: [], example: "changeover up --target postgres://me@localhost/app", ends: "target" },
  { name: "down", arguments: "[n]", summary: "undo the last migrations", description: "Undoes the last n migrations, all in one transaction. Asks first if a table holds rows.", options: [], example: "changeover down 2 --target postgres://me@localhost/app", ends: "target" },
  { name: "redo", arguments: "[n]", summary: "undo and apply again", description: `Undoes the last migrations and applies them again: ${count}. Asks first if a table holds rows.`, options: [], example: "changeover redo --target postgres://me@localhost/app", ends: "target" },
  { name: "migrations", summary: "list migrations and their status", description: "Lists the migration files and whether each is applied to the target.", options: [], example: "changeover migrations --target postgres://me@localhost/app", ends: "target" },
  {
    name: "data",
    summary: "bulk copy only, for a source at rest",
    description: "Copies all rows into the target's tables, restores indexes and constraints, sets sequences and compares both sides. Adds nothing to the source, which nobody may write to meanwhile.",
    options: [exclude, maxRate],
    example: "changeover data --source app.db --target postgres://me@localhost/app",
    ends: "both",
  },
  {
    name: "sync",
    summary: "capture, copy, replay until stopped",
    description: "Installs capture in the source, copies all rows and replays changes as the application makes them, until stopped with Ctrl-C. Run again, it goes on from where it stopped.",
    options: [
      { flags: "--until <caught-up>", description: "end when the target has caught up" },
      { flags: "--resync <table>", description: "bring a source table in line again first, after its schema changed: capture it anew and copy its rows again, and nothing else; may be given several times", repeatable: true },
      exclude,
      maxRate,
    ],
    example: "changeover sync --source app.db --target postgres://me@localhost/app",
    ends: "both",
  },
  { name: "check", summary: "verify both sides, online", description: "Compares every row of both sides, column by column, while a sync may go on. Exit code 1 if they differ.", options: [], example: "changeover check --source app.db --target postgres://me@localhost/app", ends: "both" },
  {
    name: "cutover",
    summary: "fence, drain, re-verify, open the target",
    description: "Verifies what is not verified yet, then refuses writes in the source, brings the last changes over, compares them, and opens the target. If anything fails, the fence comes down and the application goes on as before. A sync in another process hands over by itself.",
    options: [maxDowntime],
    example: "changeover cutover --source app.db --target postgres://me@localhost/app",
    ends: "both",
  },
  {
    name: "full",
    summary: "all of it in order",
    description: "Makes the target's tables (writing migration files if there are none), captures, copies, catches up, verifies and cuts over, while the application keeps writing.",
    options: [{ flags: "--no-cutover", description: "verify, then stay in sync until stopped" }, maxDowntime, types, exclude, maxRate],
    example: "changeover full --source app.db",
    ends: "both",
  },
  { name: "status", summary: "where the run stands", description: "Shows phase, lag, rows copied and what was verified. Answers at once, beside a running sync too.", options: [], example: "changeover status --target postgres://me@localhost/app", ends: "both" },
  { name: "rollback", summary: "before the cutover: undo everything", description: "Removes capture from the source, empties the target's tables, restores what was taken off them and undoes the migrations. Nothing of the run remains; the application never notices.", options: [], example: "changeover rollback --source app.db --target postgres://me@localhost/app", ends: "both" },
  { name: "clean", summary: "remove capture from the source", description: "Drops everything that changeover added to the source (all of it is named _changeover_…), the fence of a cutover included.", options: [], example: "changeover clean --source app.db --yes", ends: "source" },
  { name: "postgres", arguments: "<status|start|stop>", summary: "the embedded PostgreSQL", description: "Shows, starts (and keeps up) or stops the PostgreSQL under ./.changeover/ that serves where no --target is given.", options: [], example: "changeover postgres status", ends: "none" },
];
