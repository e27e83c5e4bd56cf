import type { CommandSpec } from "./command-spec.ts";
import {
  accept,
  app,
  backup,
  collationChoice,
  exclude,
  followSchema,
  hook,
  jobs,
  maxDowntime,
  maxRate,
  moved,
  nameFolding,
  noFailback,
  notifyOption,
  onBadValue,
  ormProfile,
  postponeUntil,
  reportOption,
  seeded,
  serveOption,
  sourceJournal,
  types,
  verifiedWithin,
} from "./shared-options.ts";

export const MOVE_COMMANDS: readonly CommandSpec[] = [
  {
    name: "data",
    group: "move",
    summary: "copy a source at rest, once",
    description:
      "Copies all rows into the target's tables, restores indexes and constraints, sets sequences and compares both " +
      "sides. Adds nothing to the source, which nobody may write to meanwhile.",
    options: [
      backup,
      {
        flags: "--no-verify",
        description: "do not compare both sides at the end; `changeover check` can do that later",
      },
      app,
      nameFolding,
      exclude,
      maxRate,
      jobs,
      accept,
      onBadValue,
      seeded,
      ...moved,
    ],
    example: "changeover data --source app.db --target postgres://me@localhost/app",
  },
  {
    name: "sync",
    group: "move",
    summary: "capture, copy, and replay changes until stopped",
    description:
      "Installs capture in the source, copies all rows and replays changes as the application makes them, until " +
      "Ctrl-C. Run again, it resumes. After the cutover it goes the other way: changes of PostgreSQL go back to the " +
      "source, which stays fenced for everyone else. After a failback it goes forward again, without a copy.",
    options: [
      notifyOption,
      serveOption,
      {
        flags: "--until <caught-up>",
        description: "end when the target has caught up; after the cutover, when the source has",
      },
      {
        flags: "--verify-every <time>",
        description:
          "compare all rows again whenever the last comparison ended that long ago, with a quarter of the time: 1h, " +
          "for example",
      },
      {
        flags: "--failback-window <time>",
        description:
          "after the cutover, complete the run by itself when that long has passed since then: 24h, for example; " +
          "announced beforehand",
      },
      followSchema,
      backup,
      {
        flags: "--resync <table>",
        description:
          "first capture and copy this source table again, and nothing else, after its schema changed; may be given " +
          "several times",
        repeatable: true,
      },
      sourceJournal,
      app,
      nameFolding,
      exclude,
      maxRate,
      jobs,
      accept,
      onBadValue,
      seeded,
      ...moved,
    ],
    example: "changeover sync --source app.db --target postgres://me@localhost/app",
  },
  {
    name: "full",
    group: "move",
    summary: "everything in order, cutover included",
    description:
      "Creates the target's tables (writing migration files if there are none), captures, copies, catches up, " +
      "verifies and cuts over, while the application keeps writing. At a terminal it lists what is not translated " +
      "from the schema, and asks before anything is written. Elsewhere it refuses in that case, unless --yes or " +
      "--accept is given.",
    options: [
      notifyOption,
      serveOption,
      reportOption,
      {
        flags: "--schema-by <changeover|application>",
        description:
          "who makes the target's tables where there are none: where another tool's migrations are noticed in the " +
          "source, application stops and names its command (default: application)",
      },
      {
        flags: "--schema-command <command>",
        description:
          "the command that makes them, by the application's own migrations; it gets the target's URL in " +
          "DATABASE_URL " +
          "and CHANGEOVER_TARGET",
      },
      { flags: "--no-cutover", description: "verify, then stay in sync until stopped" },
      followSchema,
      backup,
      maxDowntime,
      noFailback,
      postponeUntil,
      verifiedWithin,
      hook,
      sourceJournal,
      app,
      types,
      ...ormProfile,
      nameFolding,
      collationChoice,
      exclude,
      maxRate,
      jobs,
      accept,
      onBadValue,
      seeded,
      ...moved,
    ],
    example: "changeover full --source app.db",
  },
];
