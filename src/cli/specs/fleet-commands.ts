import type { CommandSpec } from "./command-spec.ts";
import { ormProfile, types } from "./shared-options.ts";

/** Many tenants, one target. */
export const FLEET_COMMANDS: readonly CommandSpec[] = [
  {
    name: "fleet",
    group: "fleet",
    arguments: "<plan|run|status|pause|cutover|rollback|complete|work>",
    summary: "move many databases, one for each tenant, into schemas of one PostgreSQL",
    description:
      "`plan` looks at all sources, names those whose schema is another, writes the migration files for all that are " +
      "alike, and puts the tenants into waves; it changes nothing else. `run` brings them into sync, wave by wave, the " +
      "canary first. `cutover`, `rollback` and `complete` do for all, a wave or a tenant what the commands of these " +
      "names do for one. `pause` lets what is under way end. `work` is one more process that works on tenants, on any " +
      "machine that reaches the target and the files; it keeps tenants in sync that are written to. A tenant that " +
      "fails stops nobody else: `status` says why, --retry tries it again. `cutover`, `rollback` and `complete` ask " +
      "to confirm; without a terminal they need --yes.",
    options: [
      {
        flags: "--sources <pattern>",
        description: "plan: the tenants' files, such as '/srv/tenants/*/app.db'; may be given several times",
        repeatable: true,
      },
      {
        flags: "--list <file>",
        description: "plan: a file with one source a line, or a CSV with the columns source, name, schema, host, wave",
      },
      {
        flags: "--sources-query <sql>",
        description: "plan: a query at the target that returns these columns",
      },
      {
        flags: "--name-pattern <regex>",
        description: "plan: finds the tenant's name in its path, by a group (default: the file's name)",
      },
      {
        flags: "--tenant-schema <pattern>",
        description: "plan: the name of a tenant's schema (default: {tenant})",
      },
      { flags: "--canary <n>", description: "plan: tenants of wave 0, the smallest ones (default: 1)" },
      { flags: "--wave-size <n>", description: "plan: tenants of each later wave (default: 50)" },
      {
        flags: "--max-failures <n>",
        description: "plan: how many tenants may fail before the fleet pauses; one of wave 0 always does (default: 5)",
      },
      {
        flags: "--target-concurrency <n>",
        description: "plan: tenants that are worked on at once, by all workers together (default: 16)",
      },
      types,
      ...ormProfile,
      { flags: "--tenant <name>", description: "only this tenant; may be given several times", repeatable: true },
      { flags: "--wave <n>", description: "only the tenants of this wave" },
      { flags: "--retry", description: "try the tenants that failed again, and begin no others" },
      { flags: "--detach", description: "ask only: workers elsewhere do it" },
      { flags: "--concurrency <n>", description: "tenants that this process works on at once (default: 2)" },
      { flags: "--host <name>", description: "this machine's name in the list of sources (default: its host name)" },
      {
        flags: "--max-downtime <time>",
        description: "how long writes of a tenant may be refused before its cutover undoes itself (default: 2s)",
      },
    ],
    example: "changeover fleet plan --sources '/srv/tenants/*.db' --target postgres://me@localhost/app",
  },
];
