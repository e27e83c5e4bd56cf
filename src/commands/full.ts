import { noticesOf } from "../plan/notices.ts";
import type { SourceBackup } from "../run/back-up-source.ts";
import { beginRun } from "../run/begin.ts";
import { refuseUnusable } from "../run/begin-refusals.ts";
import { type Confirmation, keepAnswers } from "../run/confirmation.ts";
import { type Context, inPhase, withReconnect } from "../run/context.ts";
import { type FollowUntil, followUntil, type SyncResult } from "../run/follow-until.ts";
import type { Inspected } from "../run/inspect.ts";
import { load } from "../run/load.ts";
import { readTargetSide } from "../run/read-target-side.ts";
import type { CheckResult } from "../run/verification/check-result.ts";
import { migrateUp } from "../schema/migrate/migrate-target.ts";
import { isMigrationsDirectory } from "../schema/migrate/read-migration-files.ts";
import { renderCount } from "../status/render-count.ts";
import { loadRun } from "../target/store/run-store.ts";
import type { TargetSession } from "../target/target.ts";
import { check } from "./check.ts";
import { writeSchemaForRun } from "./schema.ts";
import { hasTables, makeBy, refuseOtherMaker, type SchemaMaker } from "./tool-schema.ts";

export interface PrepareOptions extends SchemaMaker {
  readonly backup: SourceBackup | undefined;
  readonly confirmation: Confirmation;
}

/** The target's tables, and the run loaded and caught up: all of `full` before verification and cutover. */
export async function prepareAndLoad(
  context: Context,
  session: TargetSession,
  { backup, confirmation, ...maker }: PrepareOptions,
): Promise<void> {
  const run = await loadRun(session);
  const options = { capture: true, backup, confirmation };
  if (run === null) {
    await refuseUnusable(context, { capture: true });
    const inspected = await prepareTables(context, session, { backup, confirmation, ...maker });
    await beginRun(context, session, { ...options, ...(inspected === null ? {} : { inspected }) });
  } else {
    const begun = await beginRun(context, session, options);
    await keepAnswers(context, session, begun, confirmation);
  }
  await load(inPhase(context, "copy"), session);
}

/**
 * Applies the migration files; makes them from the source first where there are none. Tables that something else made,
 * an ORM say, are taken as they are. Returns what was seen of the source, if it was looked at.
 */
async function prepareTables(
  context: Context,
  session: TargetSession,
  { backup, confirmation, makeSchema, schemaBy }: PrepareOptions,
): Promise<Inspected | null> {
  const { migrationsDirectory: directory } = context;
  let inspected: Inspected | null = null;
  if (makeSchema !== undefined) {
    await backup?.beforeFirstWrite();
    await makeBy(context, session, makeSchema);
    return null;
  }
  if (!isMigrationsDirectory(directory)) {
    const side = await readTargetSide(session, context.rules);
    if (await hasTables(context, side)) return null;
    if (schemaBy !== "changeover") await refuseOtherMaker(context, side);
    const written = await writeSchemaForRun(context, {
      ...side,
      confirm: async (findings) => {
        await confirmation.settle(noticesOf(findings, context.rules));
        await backup?.beforeFirstWrite();
      },
    });
    inspected = written.inspected;
    context.report({
      kind: "step",
      message:
        `${renderCount(written.files.length, "migration file")} written to ${directory}: they are yours, ` +
        `edit them as you like`,
    });
  } else await backup?.beforeFirstWrite();
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

/** Follows until stopped, and meanwhile compares everything once, as `check` next to it would. */
export async function verifyAndFollow(
  context: Context,
  session: TargetSession,
  options: Pick<FollowUntil, "followSchema"> = {},
): Promise<{ readonly check: CheckResult | null; readonly sync: SyncResult }> {
  const following = withReconnect(
    context,
    (again) => followUntil(context, again, { ...options, until: "stopped" }),
    session,
  );
  following.catch(() => {});
  const checked = await Promise.race([check(context), following.then(() => null)]);
  if (checked !== null)
    context.report({
      kind: "step",
      message:
        `${renderCount(checked.rows, "row")} compared: ${renderCount(checked.differences, "difference")}. ` +
        `In sync until stopped; next: changeover cutover`,
    });
  const sync = await following;
  return { check: checked, sync };
}
