import { loadRun } from "../db/run-store.ts";
import type { TargetSession } from "../db/target.ts";
import { readCatalogue } from "../inspect/read-catalogue.ts";
import { readSchema } from "../inspect/read-schema.ts";
import { isMigrationsDirectory } from "../migrate/files.ts";
import { migrateUp } from "../migrate/migrate-target.ts";
import { withoutExcluded } from "../plan/shape-columns.ts";
import { tableNames } from "../plan/target-names.ts";
import { renderCount } from "../status/render-count.ts";
import type { SourceBackup } from "./back-up-source.ts";
import { beginRun, refuseUnusable } from "./begin.ts";
import type { Context } from "./context.ts";
import type { Inspected } from "./inspect.ts";
import { load } from "./load.ts";
import { writeSchemaForRun } from "./schema.ts";

/** The target's tables, and the run loaded and caught up: all of `full` before verification and cutover. */
export async function prepareAndLoad(context: Context, session: TargetSession, backup?: SourceBackup): Promise<void> {
  const run = await loadRun(session);
  if (run === null) {
    await refuseUnusable(context, { capture: true });
    await backup?.beforeFirstWrite();
    const inspected = await prepareTables(context, session);
    await beginRun(context, session, { capture: true, backup, ...(inspected === null ? {} : { inspected }) });
  } else await beginRun(context, session, { capture: true, backup });
  await load(context, session);
}

/**
 * Applies the migration files; makes them from the source first where there are none. Tables that something else made, an ORM
 * say, are taken as they are. Returns what was seen of the source, if it was looked at.
 */
async function prepareTables(context: Context, session: TargetSession): Promise<Inspected | null> {
  const { migrationsDirectory: directory } = context;
  let inspected: Inspected | null = null;
  if (!isMigrationsDirectory(directory)) {
    if (await hasTables(context, session)) return null;
    const written = await writeSchemaForRun(context);
    inspected = written.inspected;
    context.report({
      kind: "step",
      message: `${renderCount(written.files.length, "migration file")} written to ${directory}: they are yours, edit them as you like`,
    });
  }
  const applied = await migrateUp({
    url: context.targetUrl,
    directory,
    report: context.report,
    signal: context.signal,
  });
  await context.record?.begin(session);
  if (applied.length > 0)
    context.report({
      kind: "step",
      message: `${renderCount(applied.length, "migration")} applied: ${applied.join(", ")}`,
    });
  return inspected;
}

async function hasTables(context: Context, session: TargetSession): Promise<boolean> {
  const [source, target] = [
    withoutExcluded(await context.source.read(readSchema), context.rules),
    await readCatalogue(session),
  ];
  const names = new Set(target.tables.map(({ name }) => name.toLowerCase()));
  return [...tableNames(source, context).values()].some((name) => names.has(name.toLowerCase()));
}
