import type { CommandSpec } from "./command-spec.ts";
import {
  accept,
  hook,
  maxDowntime,
  moved,
  noFailback,
  notifyOption,
  postponeUntil,
  reportOption,
  requireQueriesOption,
  serveOption,
  verifiedWithin,
} from "./shared-options.ts";

export const SWITCH_COMMANDS: readonly CommandSpec[] = [
  {
    name: "rehearse",
    group: "switch",
    summary: "try the cutover, except for the fence, and roll it back",
    description:
      "Compares everything, proves the foreign keys, and does each step of the cutover on both databases, to roll it " +
      "back at once. Says what would fail, and how long writes would be refused. The application notices only one " +
      "short write transaction. With --copy, the whole migration runs on a copy, cutover and failback included, in a " +
      "database that is dropped at the end. Then neither the source nor the target's own database is written to, and " +
      "no hook is called.",
    options: [
      reportOption,
      {
        flags: "--copy <file>",
        description:
          "rehearse everything on this copy of the source; a missing file is made while the application writes",
      },
      maxDowntime,
      noFailback,
      postponeUntil,
      requireQueriesOption,
      hook,
      ...moved,
    ],
    example: "changeover rehearse --source app.db --target postgres://me@localhost/app",
  },
  {
    name: "control",
    group: "switch",
    arguments: "<pause|resume|max-rate=N|verify|cutover|abort>",
    summary: "steer the process that works on the run, from anywhere",
    description:
      "Asks the process that works on the run, wherever it runs, and waits for its answer. It is asked through the " +
      "target, so that any machine that reaches the target can steer. `max-rate=none` lifts a limit. `cutover` " +
      "switches within a sync, or ends the waiting of a postponed one. `abort` ends the process in good order. One " +
      "request at a time: whoever comes second is told who was first. `history` keeps what was asked, by whom, and " +
      "what became of it. `cutover` and `abort` ask to confirm; without a terminal they need --yes.",
    options: [],
    example: "changeover control max-rate=5000 --target postgres://me@localhost/app",
  },
  {
    name: "cutover",
    group: "switch",
    summary: "fence, drain, verify again, open the target",
    description:
      "Verifies what is not verified yet, refuses writes in the source, replays and compares the last changes, and " +
      "opens the target. If anything fails, the fence comes down and the application goes on as before. A sync in " +
      "another process yields by itself. At a terminal it says what will happen and asks first, unless --yes is " +
      "given. " +
      "Elsewhere it asks nothing, but what is not translated from the schema needs --yes or --accept. Once the " +
      "target " +
      "has taken over, it does nothing and says when that was.",
    options: [
      notifyOption,
      serveOption,
      reportOption,
      {
        flags: "--dry-run",
        description: "list the preconditions, try each step on both databases, roll it back, and predict the downtime",
      },
      maxDowntime,
      noFailback,
      postponeUntil,
      verifiedWithin,
      requireQueriesOption,
      hook,
      accept,
      ...moved,
    ],
    example: "changeover cutover --source app.db --target postgres://me@localhost/app",
  },
];
