/**
 * What a command does about its target where none is given:
 * - `none`: it never looks at one.
 * - `optional`: it does without, or takes the embedded PostgreSQL that runs here.
 * - `required`: it takes the embedded PostgreSQL that this directory has, and refuses where there is none.
 * - `server`: the same, for the server of a database that it makes and drops.
 * - `embedded`: it makes an embedded PostgreSQL.
 * `--embedded` asks for it in all of them but the first.
 */
export type TargetPolicy = "none" | "optional" | "required" | "server" | "embedded";

/** Every command. A deployment that lost its secret must not go on with an empty database of its own, and be green. */
export const TARGETS = {
  apps: "none",
  validate: "optional",
  schema: "optional",
  up: "required",
  down: "required",
  redo: "required",
  baseline: "required",
  restore: "required",
  migrations: "required",
  new: "none",
  prove: "server",
  data: "required",
  sync: "required",
  check: "required",
  cutover: "required",
  rehearse: "required",
  full: "embedded",
  fleet: "required",
  queries: "required",
  quarantine: "required",
  control: "required",
  serve: "required",
  report: "required",
  status: "required",
  history: "required",
  wait: "required",
  rollback: "required",
  complete: "required",
  clean: "optional",
  doctor: "optional",
  postgres: "none",
  completion: "none",
} as const satisfies Readonly<Record<string, TargetPolicy>>;

export type CommandName = keyof typeof TARGETS;

/** What `--help` and docs/reference/commands.md say of it. */
export const POLICY_WORDS: Readonly<Record<TargetPolicy, string>> = {
  none: "It uses no target.",
  optional: "Without a target it inspects the source alone, or the embedded PostgreSQL of this directory if that runs.",
  required:
    "It needs a target. Without one it takes the embedded PostgreSQL that `full` has made in this directory, " +
    "and refuses where there is none (TARGET_REQUIRED); --embedded makes one.",
  server:
    "It needs a server. Without a target it takes the embedded PostgreSQL that this directory has, " +
    "and refuses where there is none (TARGET_REQUIRED); --embedded makes one.",
  embedded: "Without a target it makes an embedded PostgreSQL under ./.changeover/.",
};
