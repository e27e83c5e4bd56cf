import { UsageError } from "../errors.ts";
import { reportTo } from "../events.ts";
import { type FleetDatabase, prepareFleet } from "../fleet/fleet-database.ts";
import { type FleetPlan, planFleet, savePlan } from "../fleet/plan-fleet.ts";
import { globSources, type ListedSource, listedSource, readSourceList } from "../fleet/source-list.ts";
import { openMigration } from "../migration.ts";
import { isMigrationsDirectory } from "../schema/migrate/read-migration-files.ts";
import { renderFleetPlan } from "./render-fleet.ts";
import type { CommandContext } from "./run-command.ts";
import { countFrom, wholeNumber } from "./whole-number.ts";

/** `fleet plan`: looks at all sources, writes the migration files of those that are alike, records the rest. */
export async function planForFleet(context: CommandContext, database: FleetDatabase): Promise<number> {
  const { connections, options, output } = context;
  const report = reportTo(output.onEvent, "inspect");
  const sources = await sourcesOf(context, database);
  const plan = await planFleet({
    sources,
    namePattern: patternOf(options["namePattern"]),
    tenantSchema: schemaPattern(options["tenantSchema"] ?? "{tenant}"),
    waves: {
      canary: countFrom(options["canary"] ?? 1, "--canary"),
      size: wholeNumber(options["waveSize"] ?? 50, "--wave-size"),
    },
    ...(connections.config.sourceAuthToken === null ? {} : { authToken: connections.config.sourceAuthToken }),
    onRead: (done, total) => report({ kind: "progress", phase: "inspect", done, total, unit: "sources" }),
  });
  const files = await writeMigrations(context, plan);
  await prepareFleet(database.url);
  await savePlan(database, plan, {
    maxFailures: countFrom(options["maxFailures"] ?? 5, "--max-failures"),
    targetConcurrency: wholeNumber(options["targetConcurrency"] ?? 16, "--target-concurrency"),
  });
  const odd = plan.tenants.filter((tenant) => tenant.odd !== null);
  output.result(renderFleetPlan(plan, files), {
    ok: odd.length === 0,
    tenants: plan.tenants,
    files,
    nextSteps: [{ command: "changeover fleet run", why: "bring the tenants into sync, the canary first" }],
  });
  return 0;
}

async function sourcesOf({ options }: CommandContext, database: FleetDatabase): Promise<ListedSource[]> {
  const patterns = Array.isArray(options["sources"]) ? options["sources"].map(String) : [];
  const found = patterns.flatMap(globSources);
  if (typeof options["list"] === "string") found.push(...readSourceList(options["list"]));
  if (typeof options["sourcesQuery"] === "string")
    found.push(...(await database.rows<Record<string, unknown>>(options["sourcesQuery"])).map(listedSource));
  if (found.length > 0) return found;
  throw new UsageError({
    code: "FLEET_SOURCES",
    message: "no source was found",
    hint: "give --sources '/srv/tenants/*.db', --list FILE or --sources-query SQL",
  });
}

/** Once for all: files that are there stay. */
async function writeMigrations({ connections, signal }: CommandContext, plan: FleetPlan): Promise<readonly string[]> {
  const { representative } = plan;
  const options = await connections.fleetOptions();
  if (representative === null || isMigrationsDirectory(options.migrationsDirectory ?? "migrations")) return [];
  const migration = openMigration({ ...options, signal, source: representative.source });
  try {
    return (await migration.schema({ write: true })).files.map(({ name }) => name);
  } finally {
    await migration.close();
  }
}

function patternOf(given: unknown): RegExp | null {
  if (typeof given !== "string") return null;
  try {
    return new RegExp(given);
  } catch (cause) {
    throw new UsageError({
      code: "USAGE",
      message: `--name-pattern is no regular expression: ${given}`,
      hint: "such as '/tenants/([^/]+)/app\\.db$'",
      cause,
    });
  }
}

function schemaPattern(given: unknown): string {
  if (typeof given === "string" && given.includes("{tenant}")) return given;
  throw new UsageError({
    code: "USAGE",
    message: "--tenant-schema has no {tenant}, so all tenants would meet in one schema",
    hint: "such as --tenant-schema 'app_{tenant}'",
  });
}
