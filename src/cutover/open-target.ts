import { enableFailback } from "../failback/capture/enable-failback.ts";
import { closedTarget } from "../run/keep-target-closed.ts";
import { sealFence } from "../source/fence/fence.ts";
import { restoreAllDeferred } from "../target/deferred/restore-object.ts";
import { openClosedTarget } from "../target/store/closed-target.ts";
import { setCutover, setPhase } from "../target/store/run-store.ts";
import type { Approached } from "./approach.ts";
import { ANSWER_MS, type Budget } from "./budget.ts";
import type { CutoverProgress } from "./cutover-progress.ts";
import type { CutoverRun } from "./cutover-run.ts";
import { autoincrementCounters, changedSince, setSequences } from "./set-sequences.ts";

export interface Opening {
  /** Nothing is logged after this `seq`, and the target holds everything up to it. */
  readonly drained: bigint;
  readonly budget: Budget;
  readonly progress: CutoverProgress;
}

/**
 * All that makes the target a database of its own, in one transaction: sequences, deferred objects, failback, phase.
 * Nothing here takes time by the size of the data. Until the seal it can be given up at any time. From there on the
 * commit's answer is waited for, if it must be beyond the budget, but not for ever.
 */
export async function openTargetToWrites(
  { context, hasFailback, replay: { run, session } }: CutoverRun,
  { objects, sequences }: Approached,
  { budget, drained, progress }: Opening,
): Promise<void> {
  const counters = await autoincrementCounters(context.source);
  const changed = await changedSince(
    context.source,
    { before: sequences, last: drained, mappings: run.mappings },
    counters,
  );
  let isSealing = false;
  const opening = () =>
    session.transaction(async (tx) => {
      await tx.run("set local synchronous_commit = on");
      await setSequences(tx, changed, counters);
      // Foreign keys are NOT VALID: validating takes as long as the table is large, and is done once open.
      await restoreAllDeferred(tx, objects, { between: () => void budget.remaining() });
      const between = () => void budget.remaining();
      if (hasFailback) await enableFailback(tx, run.id, { changed, hasRestored: objects.length > 0, between });
      // Last, since enabling has waited for whoever has written there: nobody comes in between.
      await openClosedTarget(tx, closedTarget(run));
      await setCutover(tx, run.id, { fenceSeq: drained, downtimeMs: Math.round(budget.elapsed()) });
      await setPhase(tx, run.id, "cut-over");
      const lockWaitMs = budget.remaining();
      isSealing = true;
      await sealFence(context.source, drained, lockWaitMs);
      progress.to("fence-sealed");
      budget.remaining();
    });
  const silence = setTimeout(() => session.abandon(), budget.remaining() + ANSWER_MS);
  try {
    await budget.within(opening, { mayEnd: () => !isSealing });
  } finally {
    clearTimeout(silence);
  }
}
