import type { Run } from "../model/run.ts";
import type { Context } from "../run/context.ts";
import { replaying } from "../run/sync.ts";
import { testForeignKeys } from "../target/deferred/deferred-foreign-keys.ts";
import { actAsOrigin } from "../target/deferred/restore-early.ts";
import type { TargetSession } from "../target/target.ts";
import { CatchUp } from "./catch-up.ts";
import type { CutoverResult, CutoverRun, CutoverSettings } from "./cutover-run.ts";
import { canFailBack } from "./failback-possible.ts";
import { finishAfterSwitch } from "./finish-cutover.ts";
import { CutoverHooks } from "./hooks.ts";
import { renderPostponeCondition } from "./postpone-condition.ts";
import { prepareCutover } from "./prepare-cutover.ts";
import { switchOver } from "./switch-over.ts";
import { undoCutover } from "./undo-cutover.ts";
import { verifyDuringSync } from "./verify-during-sync.ts";

/**
 * Verifies and replays while the application writes; fences the source, drains and verifies what is left, and opens the
 * target. Whatever fails before the target is open is undone. The session holds the run's lock.
 */
export async function cutOver(
  context: Context,
  session: TargetSession,
  run: Run,
  settings: CutoverSettings,
): Promise<CutoverResult> {
  await reportViolatedForeignKeys(context, session, run);
  const replay = await replaying(context, session);
  if (settings.when.length > 0)
    context.report({
      kind: "step",
      message:
        `the cutover waits ${settings.when.map(renderPostponeCondition).join(" and ")}; the sync goes on ` +
        `meanwhile`,
    });
  const verified = await verifyDuringSync(context, replay, settings);
  const second = await context.target.session();
  try {
    const facts = { run: run.id, source: run.source, target: context.target.location, rows: verified.totals.rows };
    return await fenceAndOpen({
      context,
      settings,
      replay,
      catchUp: new CatchUp({ context, replay, second, verified }),
      hooks: new CutoverHooks(context, settings.hooks, facts),
      verified: verified.totals,
      hasFailback: settings.failback && (await canFailBack(context, replay.run)),
    });
  } finally {
    await second.close();
    await actAsOrigin(replay.session).catch(() => {});
  }
}

async function fenceAndOpen(cutover: CutoverRun): Promise<CutoverResult> {
  const { context, hooks } = cutover;
  const prepared = await prepareCutover(cutover);
  if (prepared.kind === "undone") return prepared.result;
  context.report({ kind: "step", message: "the fence goes up: from here the source refuses writes" });
  const switching = () => switchOver(cutover, prepared);
  const outcome = await (context.steering === undefined ? switching() : context.steering.whileQuiet(switching));
  const { downtimeMs, timeline } = outcome;
  if (!outcome.ok) return { ...(await undoCutover(cutover, outcome.reason, downtimeMs)), timeline };
  await hooks.runAfterwards("after-open", { downtimeMs });
  return { ...(await finishAfterSwitch(cutover, outcome)), downtimeMs, timeline };
}

/** They are restored NOT VALID behind the fence, so they cannot fail there. Violated ones are reported beforehand. */
async function reportViolatedForeignKeys(context: Context, session: TargetSession, run: Run): Promise<void> {
  for (const { name, relation, definition } of await testForeignKeys(session, run.id)) {
    context.report({
      kind: "warning",
      message:
        `rows of the source break the foreign key ${name} of ${relation} (${definition}): after the ` +
        `cutover it stands, but is not validated`,
    });
  }
}
