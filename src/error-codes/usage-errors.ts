import type { ErrorTable } from "./error-meaning.ts";

/** Options, config and confirmations. Most have exit code 2. */
export const USAGE_ERRORS = {
  PACKAGE_NOT_ON_DISK: {
    meaning: "The modules of changeover came from an https address; its SQL files cannot be read from there.",
    next: "Install it from npm: `npm install changeover`. Deno runs it from `node_modules`.",
  },
  USAGE: {
    meaning: "An option, an argument or a combination of them is wrong.",
    next: "Read `changeover COMMAND --help`.",
  },
  APP_UNKNOWN: {
    meaning: "There is no preset for the application that `--app` names.",
    next: "See `changeover apps`.",
  },
  STATEMENTS_UNREADABLE: {
    meaning: "A file of the application's statements cannot be read.",
    next: "Give the path of a file of SQL or of JSON Lines.",
  },
  STATEMENTS_INVALID: {
    meaning: "A line of a file of recorded statements is malformed.",
    next: "Correct the line that the message names; docs/guides/queries.md shows the format.",
  },
  COMPAT_PRESENT: {
    meaning: "`queries --compat` would write the schema sqlite_compat, which the target has already.",
    next: "Take its migration back with `changeover down`, remove the file, and run the command again.",
  },
  REPORT_NOT_WRITABLE: {
    meaning: "The file for the report cannot be written.",
    next: "Give a path in a directory that exists and that you may write to.",
  },
  LISTEN_ADDRESS: {
    meaning: "The address to listen on is malformed, in use, or none of this machine.",
    next: "Give another port, or 0 for any free one: `--listen 127.0.0.1:0`.",
  },
  CONFIG_INVALID: {
    meaning: "The config file or an option has an invalid value.",
    next: "Correct the value that the message names; docs/reference/config.md lists all settings.",
  },
  CONFIG_NOT_JSON: {
    meaning: "Rules were to be written into a config that is a program.",
    next: "Copy the rules from the hint into that program.",
  },
  RULE_INVALID: {
    meaning: "SQLite does not understand the expression of a rule.",
    next: "Correct the expression in the config.",
  },
  RULE_ON_KEY: {
    meaning: "A rule changes or excludes a column that identifies the rows of its table.",
    next: "Remove that rule.",
  },
  RULE_UNKNOWN: {
    meaning: "A rule names a table or column that the source does not have.",
    next: "Correct the name in the config, or remove the rule.",
  },
  CONFIRMATION_REQUIRED: {
    meaning: "The command removes or leaves out something, and nobody could be asked.",
    next: "Run it again with `--yes`, or with `--accept CODE` for each code that the hint lists.",
  },
  NOT_CONFIRMED: {
    meaning: "The question at the terminal was answered with no.",
    next: "Nothing was done. Run the command again and answer y, or give `--yes`.",
  },
  INTERRUPTED: {
    meaning: "The command was stopped by Ctrl-C, SIGTERM or an abort signal.",
    next: "Run the same command again; it resumes.",
  },
  HOOK_FAILED: {
    meaning: "A hook command failed or was stopped.",
    next: "Read what it printed, correct it, and run the same command again.",
  },
} as const satisfies ErrorTable;
