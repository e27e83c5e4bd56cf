import type { CommandSpec } from "./command-spec.ts";
import {
  accept,
  app,
  collationChoice,
  exclude,
  listenOption,
  moved,
  nameFolding,
  notifyOption,
  ormProfile,
  reportOption,
  types,
} from "./shared-options.ts";

export const LOOK_COMMANDS: readonly CommandSpec[] = [
  {
    name: "apps",
    group: "look",
    arguments: "[name]",
    summary: "list the presets of applications, or show one",
    description:
      "Lists the applications that changeover has a preset for: the command that makes the tables, seeded rows, what " +
      "to change and to restart, a smoke test. --app NAME takes such a preset.",
    options: [],
    example: "changeover apps django",
  },
  {
    name: "validate",
    group: "look",
    summary: "profile the source, inspect both sides, list findings",
    description:
      "Reads every value of the source and inspects the target, and lists what must be answered before rows can " +
      "move. Changes nothing. Exit code 1 if a finding blocks.",
    options: [
      { flags: "--show-values", description: "show the values of the rows that findings name, not only their keys" },
      app,
      types,
      ...ormProfile,
      nameFolding,
      collationChoice,
      exclude,
      accept,
      {
        flags: "--write-rules",
        description:
          "write the first rule that each blocking finding suggests into the config (changeover.config.json, created " +
          "if there is none)",
      },
    ],
    example: "changeover validate --source app.db --target postgres://me@localhost/app",
  },
  {
    name: "status",
    group: "look",
    summary: "where the run stands",
    description:
      "Shows phase, lag, copied rows and the verification. With --source it also inspects that file: whether it is " +
      "the run's source or a copy, and whether it refuses writes. Answers at once, also while a sync runs.",
    options: [
      {
        flags: "--watch",
        description: "show it again every second until Ctrl-C; with --json, one object a line whenever it has changed",
      },
    ],
    example: "changeover status --target postgres://me@localhost/app",
  },
  {
    name: "serve",
    group: "look",
    summary: "a live page of the run, with metrics and health",
    description:
      "Shows any run from any machine that reaches the target: phases, tables with rate and time left, lag, " +
      "findings, quarantine, history and what comes next. There is /metrics in Prometheus' text format. " +
      "/healthz says whether the run makes progress, /status.json is all of it. On a loopback address it is open; " +
      "elsewhere it asks for the token that is printed once. Values of rows never appear. It changes nothing, and " +
      "ends with Ctrl-C.",
    options: [notifyOption, listenOption],
    example: "changeover serve --listen 127.0.0.1:8080 --target postgres://me@localhost/app",
  },
  {
    name: "report",
    arguments: "<file.html>",
    group: "look",
    summary: "write a report of the run, to hand to others",
    description:
      "Writes one self-contained HTML file: what was moved, when, by whom and with which version; plan, rules and " +
      "findings, and who confirmed them. Then what was verified, how and with what result; downtime, quarantine, " +
      "history and what comes next. It prints well. Values of rows are not in it. full, check, rehearse, cutover and " +
      "complete write one with --report, with their throughput.",
    options: [],
    example: "changeover report migration.html --target postgres://me@localhost/app",
  },
  {
    name: "check",
    group: "look",
    summary: "compare both sides, online",
    description:
      "Compares every row of both sides, column by column, while a sync may go on. Exit code 1 if they differ, or if " +
      "rows are in quarantine (unless --accept QUARANTINED). With --repair, rows that differ are copied again by the " +
      "replay, and compared once more.",
    options: [
      notifyOption,
      reportOption,
      {
        flags: "--repair",
        description: "copy rows that differ again, delete rows that only the target has, and compare once more",
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
    name: "queries",
    group: "look",
    arguments: "<file...>",
    summary: "try the application's own SQL on both databases",
    description:
      "Reads files of SQL statements, or of JSON Lines as changeover/record writes them. Tries each distinct " +
      "statement on both sides while the sync goes on. The verdict is same, rewritten, differs, fails or slow, with " +
      "the cause and what to do. Reads run in read-only transactions. Writes run on temporary copies of their table " +
      "and are rolled back. Exit code 1 where a statement fails or differs that queries.accept in the config does " +
      "not name.",
    options: [
      { flags: "--show-values", description: "show the values that differ: they are someone's data" },
      { flags: "--timeout <time>", description: "how long a statement may run in PostgreSQL (default: 5s)" },
      { flags: "--max-rows <n>", description: "larger results are not compared (default: 1000)" },
      {
        flags: "--compat",
        description: "write a migration with SQLite's functions that the statements need, in the schema sqlite_compat",
      },
      {
        flags: "--indexes",
        description: "write a migration with the indexes that slow statements need and PostgreSQL lacks",
      },
      ...moved,
    ],
    example: "changeover queries statements.jsonl --source app.db --target postgres://me@localhost/app",
  },
  {
    name: "quarantine",
    group: "look",
    arguments: "[list|export|retry]",
    summary: "list, export or retry rejected rows",
    description:
      "Lists the rows that the target could not take and that a rule put into quarantine: table, key, column and " +
      "reason. `export` prints all of them with their values, one JSON object a line. `retry` tries them again, as " +
      "they are in the source now. Exit code 1 while there are any.",
    options: [
      { flags: "--table <table>", description: "only the rows of this source table" },
      { flags: "--limit <n>", description: "how many rows to list (default: 20)" },
      { flags: "--show-values", description: "show the rejected values: they are someone's data" },
      ...moved,
    ],
    example: "changeover quarantine export --target postgres://me@localhost/app > rejected.jsonl",
  },
  {
    name: "history",
    group: "look",
    summary: "what was done to the target, and by whom",
    description:
      "Lists what changeover did to the target, the newest first: runs, syncs, cutovers, rollbacks, migrations, " +
      "repairs and restores. Each entry says who did it, from where, how long it took and how it ended. A killed " +
      "command did not end. The table changeover.history outlives runs. Changes nothing.",
    options: [{ flags: "--limit <n>", description: "how many entries (default: 20)" }],
    example: "changeover history --target postgres://me@localhost/app",
  },
  {
    name: "wait",
    group: "look",
    summary: "wait until the run is in sync or cut over",
    description:
      "Waits until the run is in sync or cut over, and exits with code 0: for scripts that start or reconfigure the " +
      "application. Exit code 1 after --timeout.",
    options: [
      { flags: "--for <syncing|cut-over>", description: "what to wait for (default: cut-over)" },
      { flags: "--timeout <time>", description: "how long to wait, such as 90s or 2h (default: forever)" },
    ],
    example: "changeover wait --for cut-over --target postgres://me@localhost/app && systemctl restart app",
  },
];
