import { AFTERWARDS_COMMANDS } from "./specs/afterwards-commands.ts";
import type { CommandSpec, OptionSpec } from "./specs/command-spec.ts";
import { FLEET_COMMANDS } from "./specs/fleet-commands.ts";
import { LOOK_COMMANDS } from "./specs/look-commands.ts";
import { MOVE_COMMANDS } from "./specs/move-commands.ts";
import { SCHEMA_COMMANDS } from "./specs/schema-commands.ts";
import { SWITCH_COMMANDS } from "./specs/switch-commands.ts";
import { TARGETS } from "./targets.ts";

/** Every command, group by group. */
export const COMMANDS: readonly CommandSpec[] = [
  ...LOOK_COMMANDS,
  ...SCHEMA_COMMANDS,
  ...MOVE_COMMANDS,
  ...SWITCH_COMMANDS,
  ...AFTERWARDS_COMMANDS,
  ...FLEET_COMMANDS,
];

/** Of every command that opens a target. */
export const TARGET_OPTIONS: readonly OptionSpec[] = [
  {
    flags: "--embedded",
    description: "the embedded PostgreSQL under ./.changeover/ as the target, created if it does not exist",
  },
  {
    flags: "-s, --schema <name>",
    description:
      "the schema of the target's tables and of pgmigrations (default: schema= in the URL, or the first of the " +
      "role's " +
      "search_path)",
  },
  {
    flags: "--state-schema <name>",
    description:
      "the schema of the run's state: changeover, or a name that begins with changeover_; with one each, several " +
      "runs live side by side in one database (default: state_schema= in the URL, or changeover)",
  },
];

export const COMMON_OPTIONS: readonly OptionSpec[] = [
  {
    flags: "--source <path|url>",
    description: "the SQLite file or libSQL URL (or CHANGEOVER_SOURCE, also in ./.env)",
  },
  {
    flags: "--target <url>",
    description:
      "the PostgreSQL database, as psql takes it: a URL or key=value pairs (or CHANGEOVER_TARGET, then DATABASE_URL; " +
      "each also in ./.env)",
  },
  {
    flags: "--config <file>",
    description: "config file (default: changeover.config.json, .ts or .js, if there is one)",
  },
  {
    flags: "-m, --migrations-dir <dir>",
    description: "directory of the target's migration files (default: migrations)",
  },
  { flags: "--json", description: "one JSON document, or one object a line for streams, on stdout" },
  { flags: "--quiet", description: "no progress and no logs" },
  {
    flags: "--log-format <text|json>",
    description: "how progress and messages stand on stderr: lines with their time, or JSON objects (default: text)",
  },
  {
    flags: "--yes",
    description:
      "do not ask: neither before something is removed, nor before a cutover, nor about what is not translated",
  },
];

/** All options of a command, its own first. */
export function optionsOf(spec: CommandSpec): readonly OptionSpec[] {
  return [...spec.options, ...(TARGETS[spec.name] === "none" ? [] : TARGET_OPTIONS), ...COMMON_OPTIONS];
}
