import { RefusedError } from "../errors.ts";
import { enableFailback } from "../failback/capture/enable-failback.ts";
import { closedTarget } from "../run/keep-target-closed.ts";
import { type Deferred, deferredAt } from "../target/deferred/deferred-objects.ts";
import { restoreAllDeferred } from "../target/deferred/restore-object.ts";
import { interruptAutovacuum } from "../target/interrupt-autovacuum.ts";
import { openClosedTarget } from "../target/store/closed-target.ts";
import { setPhase } from "../target/store/run-store.ts";
import type { CutoverRun } from "./cutover-run.ts";
import { autoincrementCounters, type PresetSequences, setSequences } from "./set-sequences.ts";

/** A round that is shorter leaves next to nothing for the time behind the fence, ms. */
const SHORT_MS = 30;
/** Rounds no longer shrink: the application writes as fast as they go. */
const SHORTER = 0.8;
const MAX_ROUNDS = 12;

/** What was prepared, for the steps behind the fence. */
export interface Approached {
  /** What is restored behind the fence: foreign keys, CHECKs that are NOT VALID, triggers. */
  readonly objects: readonly Deferred[];
  readonly sequences: PresetSequences;
}

/**
 * All that can be done before the fence: autovacuum ends, the opening is tried and rolled back, and replay and
 * verification go on until their rounds are short, or no longer shrink. What is left then is the downtime; where it
 * would not fit, nothing is fenced.
 */
export async function approach(cutover: CutoverRun): Promise<Approached> {
  const { catchUp, context, replay, settings } = cutover;
  const { run, session } = replay;
  const objects = await deferredAt(session, run.id, ["cutover"]);
  // It may take seconds, and what is written in them is to be replayed before the fence, not behind it.
  await interruptAutovacuum(
    session,
    run.mappings.map(({ target }) => target),
  );
  await setPhase(session, run.id, "cutting-over");
  const sequences = await presetSequences(cutover);
  const openingMs = await tryOpening(cutover, objects);
  await context.source.read((tx) => replay.drift.checkFull(tx));
  let before = Number.POSITIVE_INFINITY;
  for (let round = 1; ; round++) {
    const durationMs = await catchUp.round();
    if (durationMs < SHORT_MS || (round > 2 && durationMs > before * SHORTER) || round >= MAX_ROUNDS) {
      const expectedMs = Math.round(durationMs + openingMs);
      if (expectedMs > settings.maxDowntimeMs) throw wouldBeTooSlow(expectedMs, settings.maxDowntimeMs);
      return { objects, sequences };
    }
    before = durationMs;
  }
}

/** Nobody draws from them yet. Behind the fence only those of tables that change from here on are set once more. */
async function presetSequences({ catchUp, context, replay }: CutoverRun): Promise<PresetSequences> {
  const { watermark } = catchUp;
  const counters = await autoincrementCounters(context.source);
  await replay.session.transaction((tx) => setSequences(tx, replay.run.mappings, counters));
  return { counters, watermark };
}

/** How long the opening's own transaction takes, ms: it is done and rolled back. */
async function tryOpening(
  { hasFailback, replay: { run, session } }: CutoverRun,
  objects: readonly Deferred[],
): Promise<number> {
  const undo = new Error("rolled back");
  const started = performance.now();
  let durationMs = 0;
  await session
    .transaction(async (tx) => {
      await restoreAllDeferred(tx, objects, { between: () => {} });
      if (hasFailback) await enableFailback(tx, run.id, run.mappings);
      await openClosedTarget(tx, closedTarget(run));
      durationMs = performance.now() - started;
      throw undo;
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error;
    });
  return durationMs;
}

function wouldBeTooSlow(expectedMs: number, budget: number): RefusedError {
  return new RefusedError({
    code: "CUTOVER_TIMEOUT",
    message:
      `the cutover would take about ${expectedMs} ms, longer than the ${budget} ms that it may: nothing ` +
      `was fenced`,
    hint: "give it more time with --max-downtime, or run it again when the application writes less",
    context: { expected_ms: expectedMs, budget },
  });
}
