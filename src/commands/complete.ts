import { removeCapture } from "../capture/install.ts";
import { RefusedError } from "../errors.ts";
import { dropFailbackTriggers, forgetLogs } from "../failback/capture/enable-failback.ts";
import { FENCE_TABLE } from "../model/change-log.ts";
import type { Run } from "../model/run.ts";
import type { Context } from "../run/context.ts";
import { dropSleepingFence, dropSyncObjects, runWithBriefLock } from "../run/drop-sync-objects.ts";
import { noRun, refuseRollingBack } from "../run/require-run.ts";
import { validateForeignKeys } from "../target/deferred/deferred-foreign-keys.ts";
import { stateOf } from "../target/state-schema.ts";
import { loadFailback, setFailback } from "../target/store/failback-store.ts";
import { loadRun } from "../target/store/run-store.ts";
import type { TargetSession } from "../target/target.ts";

export interface CompleteResult {
  readonly ok: true;
  readonly phase: Run["phase"];
  /** Objects removed from the source; after a cutover its fence stays. */
  readonly removed: readonly string[];
  /** Rows that came back while there was a failback. */
  readonly returned: number;
  /** Foreign keys that the rows break: they stand, unchecked. */
  readonly brokenForeignKeys: readonly string[];
  readonly quarantined: number;
}

/**
 * Ends a run for good: no failback, nothing of changeover on the application's tables. After a cutover the source's
 * fence stays: a forgotten process that goes on writing to a file that nobody reads any more would be worse than one
 * that fails. `clean` removes it.
 */
export async function complete(context: Context, session: TargetSession): Promise<CompleteResult> {
  const run = await loadRun(session);
  if (run === null) throw noRun();
  refuseRollingBack(run);
  if (run.phase !== "cut-over" && run.phase !== "returned") throw notOver(run);
  const failback = await loadFailback(session, run.id);
  if (failback?.state === "returning") throw halfway();
  const removed = context.hasSource
    ? await removeCapture(context.source, run.phase === "cut-over" ? { keep: FENCE_TABLE } : {})
    : [];
  // Each table on its own, and briefly: the application is at work there.
  if (failback !== null)
    for (const mapping of run.mappings) await runWithBriefLock(session, dropFailbackTriggers(mapping));
  // After a return it is awake, and stays: nobody reads here any more.
  if (run.phase === "cut-over") await dropSleepingFence(session);
  const broken = await validateForeignKeys({ first: session, target: context.target, max: 1 }, run.id);
  await dropSyncObjects(session, run.mappings);
  await forgetLogs(session, run.mappings);
  await setFailback(session, run.id, "completed");
  for (const { name, relation } of broken)
    context.report({
      kind: "warning",
      message: `foreign key ${name} of ${relation} stands but is not validated: rows break it`,
    });
  const [quarantined] = await session.rows<{ n: string }>(
    `select count(*)::text as n from ${stateOf(session)}.quarantine where run = $1`,
    [run.id],
  );
  return {
    ok: true,
    phase: run.phase,
    removed,
    returned: Number(failback?.rows ?? 0n),
    brokenForeignKeys: broken.map(({ name }) => name),
    quarantined: Number(quarantined?.n ?? 0),
  };
}

function notOver(run: Run): RefusedError {
  return new RefusedError({
    code: "NOT_CUT_OVER",
    message: `the run is ${run.phase}: there is nothing to complete before the cutover`,
    hint: "`changeover cutover` comes first; `changeover rollback` undoes everything",
    context: { phase: run.phase },
  });
}

function halfway(): RefusedError {
  return new RefusedError({
    code: "FAILBACK_HALFWAY",
    message: "a return to the source was interrupted just before it ended: both databases refuse writes",
    hint: "`changeover rollback` ends it within seconds",
  });
}
