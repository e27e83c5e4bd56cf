import type { CommandName } from "./targets.ts";

/**
 * How a command ends, after its result: with a table of what it did, for a ticket, and what comes next; with what comes
 * next alone; or with nothing. What comes next is in `--json` as `next_steps`.
 */
export type CommandEnding = "table" | "next" | "nothing";

export const ENDINGS: Readonly<Record<CommandName, CommandEnding>> = {
  // They are about no run.
  apps: "nothing",
  new: "nothing",
  prove: "nothing",
  doctor: "nothing",
  postgres: "nothing",
  completion: "nothing",
  clean: "nothing",
  // They say it themselves, and go on saying it.
  status: "nothing",
  serve: "nothing",
  fleet: "nothing",
  data: "table",
  sync: "table",
  full: "table",
  check: "table",
  cutover: "table",
  rehearse: "table",
  rollback: "table",
  complete: "table",
  validate: "next",
  schema: "next",
  up: "next",
  down: "next",
  redo: "next",
  baseline: "next",
  restore: "next",
  migrations: "next",
  queries: "next",
  quarantine: "next",
  control: "next",
  report: "next",
  history: "next",
  wait: "next",
};

/** Commands that begin a run: what comes next is said before there is one. To others, it may be of no concern. */
export const BEGIN_A_RUN: ReadonlySet<CommandName> = new Set(["validate", "schema", "data", "sync", "full"]);
