import { renderEnabling } from "../failback/capture/enable-failback.ts";
import type { TableMapping } from "../model/mapping.ts";
import type { Run } from "../model/run.ts";
import { closedTarget } from "../run/keep-target-closed.ts";
import { sealFence } from "../source/fence/fence.ts";
import type { Deferred } from "../target/deferred/deferred-objects.ts";
import { restoreAllDeferred } from "../target/deferred/restore-object.ts";
import { waitForOpenWriters } from "../target/open-writers.ts";
import { stateSql } from "../target/state-schema.ts";
import { fenceQuestions, judgeFence, renderTargetOpening } from "../target/store/closed-target.ts";
import { renderCutoverState } from "../target/store/run-store.ts";
import type { TargetStatement, TargetTransaction } from "../target/target.ts";
import type { Approached } from "./approach.ts";
import { ANSWER_MS, type Budget } from "./budget.ts";
import type { CutoverProgress } from "./cutover-progress.ts";
import type { CutoverRun } from "./cutover-run.ts";
import { autoincrementCounters, changedSince, renderSequences } from "./set-sequences.ts";

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
  const between = () => void budget.remaining();
  const opening = () =>
    session.transaction(async (tx) => {
      await openInMessages(tx, {
        run,
        objects,
        hasFailback,
        changed,
        between,
        sequences: renderSequences(sequences.columns, changed, counters),
        last: () =>
          renderCutoverState(session, run.id, { fenceSeq: drained, downtimeMs: Math.round(budget.elapsed()) }),
      });
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

export interface OpeningWork {
  readonly run: Pick<Run, "id" | "mappings">;
  /** Objects that are recreated only now. */
  readonly objects: readonly Deferred[];
  readonly hasFailback: boolean;
  /** Tables with rows that came since what depends on them was preset. */
  readonly changed: readonly TableMapping[];
  /** What sets their sequences. */
  readonly sequences: readonly string[];
  /** May throw to give up. */
  readonly between: () => void;
  /** Said in the last message. */
  readonly last?: () => TargetStatement;
}

/**
 * The opening but for its commit, in two messages where nothing is to be recreated and nobody is still writing: each
 * answer that is waited for is time in which the application cannot write.
 */
export async function openInMessages(tx: TargetTransaction, work: OpeningWork): Promise<void> {
  const { between, changed, hasFailback, last, objects, run, sequences } = work;
  const closed = closedTarget(run);
  const questions = fenceQuestions(tx, closed);
  // Foreign keys are NOT VALID: validating takes as long as the table is large, and is done once open.
  await restoreAllDeferred(tx, objects, { between });
  const first = [
    "set local synchronous_commit = on",
    ...sequences,
    // Before the fence is judged: where nobody is writing, nobody comes in between.
    ...(hasFailback ? [stateSql(tx, "target/open-writers")] : []),
  ].map((text) => ({ text }));
  let answers = await tx.batch(first.concat(questions));
  const writers = hasFailback ? (answers.at(-questions.length - 1) ?? []) : [];
  if (writers.length > 0) {
    await waitForOpenWriters(tx, { between, known: writers.map((row) => String(row["writer"])) });
    answers = await tx.batch(questions);
  }
  between();
  judgeFence(tx, closed, answers.slice(-questions.length));
  await tx.batch([
    ...(hasFailback ? renderEnabling(tx, run.id, { changed, hasRestored: objects.length > 0 }) : []),
    ...renderTargetOpening(tx, closed),
    ...(last === undefined ? [] : [last()]),
  ]);
}
