import type { RunVerb } from "./run-command.ts";
import type { CommandName } from "./targets.ts";

/** What runs each command. Written out, so that a bundler finds them; loaded when one is wanted. */
export const VERBS: Readonly<Record<CommandName, () => Promise<{ readonly run: RunVerb }>>> = {
  baseline: () => import("./commands/baseline.ts"),
  check: () => import("./commands/check.ts"),
  clean: () => import("./commands/clean.ts"),
  complete: () => import("./commands/complete.ts"),
  completion: () => import("./commands/completion.ts"),
  cutover: () => import("./commands/cutover.ts"),
  data: () => import("./commands/data.ts"),
  down: () => import("./commands/down.ts"),
  full: () => import("./commands/full.ts"),
  history: () => import("./commands/history.ts"),
  migrations: () => import("./commands/migrations.ts"),
  new: () => import("./commands/new.ts"),
  postgres: () => import("./commands/postgres.ts"),
  prove: () => import("./commands/prove.ts"),
  quarantine: () => import("./commands/quarantine.ts"),
  redo: () => import("./commands/redo.ts"),
  rehearse: () => import("./commands/rehearse.ts"),
  report: () => import("./commands/report.ts"),
  restore: () => import("./commands/restore.ts"),
  rollback: () => import("./commands/rollback.ts"),
  schema: () => import("./commands/schema.ts"),
  serve: () => import("./commands/serve.ts"),
  status: () => import("./commands/status.ts"),
  sync: () => import("./commands/sync.ts"),
  up: () => import("./commands/up.ts"),
  validate: () => import("./commands/validate.ts"),
  wait: () => import("./commands/wait.ts"),
};
