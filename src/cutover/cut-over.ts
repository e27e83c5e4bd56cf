import { setTimeout as delay } from "node:timers/promises";
import { ChangeoverError, messageOf, RefusedError } from "../errors.ts";
import type { TableMapping } from "../model/mapping.ts";
import type { VerificationTotals } from "../model/run.ts";
import type { Source } from "../source/source.ts";
import type { Deferred } from "../target/deferred/deferred-objects.ts";
import { restoreAllDeferred } from "../target/deferred/restore-object.ts";
import { openClosedTarget } from "../target/store/closed-target.ts";
import { setCutover, setPhase } from "../target/store/run-store.ts";
import type { TargetSession, TargetTransaction } from "../target/target.ts";
import { isConnectionLoss } from "../target/target-error.ts";
import { withReconnect } from "../with-reconnect.ts";
import { Budget } from "./budget.ts";
import { announceCutover, lowerFence, raiseFence, sealFence } from "./fence.ts";
import { autoincrementCounters, changedSince, type SetBefore, setSequences } from "./set-sequences.ts";
import { type CutoverEvent, type CutoverState, isFenced, next } from "./states.ts";

export interface CutoverOptions {
  readonly run: string;
  readonly source: Source;
  readonly session: TargetSession;
  readonly mappings: readonly TableMapping[];
  /** What comes back behind the fence: foreign keys and triggers. */
  readonly objects: readonly Deferred[];
  /** Sequences that were set before the fence: of tables that did not change since, they stand. Default: none were. */
  readonly sequences?: SetBefore;
  /** How many triggers of the fence stand already, asleep. */
  readonly triggers: number;
  /** The longest that writes may be refused before the cutover gives up, ms. */
  readonly maxDowntime: number;
  /** Replays until the target holds everything up to `seq`. */
  readonly drain: (seq: bigint) => Promise<void>;
  /** Compares what changed since the last verification. */
  readonly verify: () => Promise<VerificationTotals>;
  /** Runs behind the fence, before anything else there; if it fails, the cutover is undone. */
  readonly afterFence?: (signal: AbortSignal) => Promise<void>;
  /** Runs when all is drained and verified; if it fails, the cutover is undone. */
  readonly beforeOpen?: (signal: AbortSignal) => Promise<void>;
  /** Arms the failback, in the transaction that opens the target. */
  readonly enable?: (tx: TargetTransaction) => Promise<void>;
  /** Asks the target, over a new connection, whether the run is cut over. Throws if it cannot be reached. */
  readonly isCutOver: () => Promise<boolean>;
  readonly onState?: (state: CutoverState) => void;
}

export type CutoverOutcome =
  | {
      readonly ok: true;
      readonly downtimeMs: number;
      readonly reverified: VerificationTotals;
      readonly timeline: Timeline;
    }
  | {
      readonly ok: false;
      readonly downtimeMs: number;
      readonly reason: ChangeoverError | Error;
      readonly timeline: Timeline;
    };

/** What the time behind the fence went to, ms, in its order. */
export type Timeline = readonly { readonly step: CutoverEvent; readonly durationMs: number }[];

// How long after the budget an answer of the target is waited for. A server that is only slow has cancelled its statement by then.
const ANSWER_MS = 750;
// What is left of the five seconds to ask a new connection how the commit ended.
const OUTCOME_MS = 2_000;
/** How long the source's lock is tried for; the application writes meanwhile. */
const LOCK_PATIENCE_MS = 10_000;

/**
 * Fence, drain, re-verify, open. Ends with the target open and the source fenced, or with the fence down and the
 * application going on; only if the target cannot be reached just when it commits does it throw CUTOVER_UNKNOWN, and
 * the next command finds out. All of it within the budget and five seconds, however silent the target is.
 */
export async function cutOver(options: CutoverOptions): Promise<CutoverOutcome> {
  const { source, session } = options;
  const timeline: { step: CutoverEvent; durationMs: number }[] = [];
  const budget = new Budget(options.maxDowntime);
  let state: CutoverState = "preparing";
  let before = Number.NaN;
  const to = (event: CutoverEvent) => {
    state = next(state, event);
    const now = performance.now();
    timeline.push({ step: event, durationMs: Math.round((now - before) * 10) / 10 });
    before = now;
    options.onState?.(state);
  };
  let reverified: VerificationTotals = { rows: 0, differences: 0 };
  const opened = async (): Promise<CutoverOutcome> => {
    const downtimeMs = Math.round(budget.elapsed());
    // Nothing can be undone any more: should it fail, the command that ends the cutover tells it again.
    await announceCutover(source, 1_000).catch(() => {});
    return { ok: true, downtimeMs, reverified, timeline };
  };
  try {
    const fenced = await raiseFence(source, {
      budgetMs: options.maxDowntime,
      triggers: options.triggers,
      patience: LOCK_PATIENCE_MS,
    });
    // Writes were taken until then: what went before is nobody's downtime.
    budget.begin(fenced.raisedAt);
    source.setSoleWriter(true);
    before = fenced.raisedAt;
    to("fence-raised");
    if (options.afterFence !== undefined) await budget.within(options.afterFence);
    await budget.within(() => session.run(renderTimeouts(Math.ceil(budget.remaining()))));
    await budget.within(() => options.drain(fenced.last));
    to("log-drained");
    reverified = await budget.within(options.verify);
    if (reverified.differences > 0) throw notVerified(reverified);
    to("changes-verified");
    if (options.beforeOpen !== undefined) await budget.within(options.beforeOpen);
    await openTarget(options, { fenced: fenced.last, budget, sealed: () => to("fence-sealed") });
    to("target-committed");
    return await opened();
  } catch (error) {
    const reason = error instanceof Error ? error : new Error(messageOf(error));
    if ((state as CutoverState) === "sealed" && isConnectionLoss(error)) {
      to("outcome-unknown");
      if (await outcome(options)) {
        to("target-committed");
        return await opened();
      }
    }
    const wasFenced = isFenced(state);
    to("failed");
    if (wasFenced) {
      // A sealed fence does not fall by itself: a source that fails for a moment must not keep it up.
      await takeDown(source, () => to("failed"));
      to("fence-lowered");
    }
    const downtimeMs = wasFenced ? Math.round(budget.elapsed()) : 0;
    // What was given up may still be at work in this session; a session that does not answer is of no more use.
    if (!(await budget.settled(ANSWER_MS))) session.abandon();
    return { ok: false, downtimeMs, reason, timeline };
  } finally {
    source.setSoleWriter(false);
    if (session.alive)
      await Promise.race([session.run(renderTimeouts(0)).catch(() => {}), delay(ANSWER_MS, undefined, { ref: false })]);
  }
}

async function takeDown(source: Source, onFailure: () => void): Promise<void> {
  let replaced: unknown = null;
  const lower = async () => {
    try {
      await lowerFence(source);
    } catch (error) {
      // The fence is in a file that is not there any more, and no second try finds it.
      if (!(error instanceof ChangeoverError) || error.code !== "SOURCE_REPLACED") throw error;
      replaced = error;
    }
  };
  await withReconnect(lower, onFailure).catch((cause: unknown) => {
    throw fenceStuck(cause);
  });
  if (replaced !== null) throw fenceStuck(replaced);
}

function renderTimeouts(ms: number): string {
  return `set statement_timeout = ${ms}; set lock_timeout = ${ms}`;
}

interface Opening {
  readonly fenced: bigint;
  readonly budget: Budget;
  readonly sealed: () => void;
}

/**
 * All that makes the target a database of its own, in one transaction; nothing here takes time by the size of the data. Until the seal it can
 * be given up at any moment. From there on the commit's answer is waited for, if it must be beyond the budget, but not for ever.
 */
async function openTarget(options: CutoverOptions, { budget, fenced, sealed }: Opening): Promise<void> {
  const { session } = options;
  const counters = await autoincrementCounters(options.source);
  const { mappings, sequences: before } = options;
  const moved =
    before === undefined ? mappings : await changedSince(options.source, { before, last: fenced, mappings }, counters);
  let isSealing = false;
  const opening = () =>
    session.transaction(async (tx) => {
      await tx.run("set local synchronous_commit = on");
      await setSequences(tx, moved, counters);
      // A foreign key comes back unchecked: checking takes as long as the table is big, and is done once open.
      await restoreAllDeferred(tx, options.objects, { between: () => void budget.remaining() });
      await options.enable?.(tx);
      // Last, since arming has waited for whoever writes there: nobody comes in between.
      await openClosedTarget(tx, { run: options.run, tables: mappings.map(({ target }) => target) });
      await setCutover(tx, options.run, { fenceSeq: fenced, downtimeMs: Math.round(budget.elapsed()) });
      await setPhase(tx, options.run, "cut-over");
      const patience = budget.remaining();
      isSealing = true;
      await sealFence(options.source, fenced, patience);
      sealed();
      budget.remaining();
    });
  const silence = setTimeout(() => session.abandon(), budget.remaining() + ANSWER_MS);
  try {
    await budget.within(opening, { mayEnd: () => !isSealing });
  } finally {
    clearTimeout(silence);
  }
}

async function outcome(options: CutoverOptions): Promise<boolean> {
  const late = new AbortController();
  const silent = delay(OUTCOME_MS, undefined, { signal: late.signal }).then(() => {
    throw new Error(`the target did not answer within ${OUTCOME_MS / 1000} s`);
  });
  silent.catch(() => {});
  const asked = options.isCutOver();
  asked.catch(() => {});
  try {
    return await Promise.race([asked, silent]);
  } catch (cause) {
    throw new RefusedError({
      code: "CUTOVER_UNKNOWN",
      message:
        "the target was lost at the very moment of its commit, so whether it took over is not known; the source stays fenced, since two databases that both take writes would be worse",
      hint: "as soon as the target answers again, run `changeover cutover`: it finds out, and either finishes or takes the fence down",
      cause,
    });
  } finally {
    late.abort();
  }
}

function notVerified(totals: VerificationTotals): RefusedError {
  return new RefusedError({
    code: "CUTOVER_DIFFERENCES",
    message: `${totals.differences} rows that changed since the verification differ between source and target`,
    hint: "`changeover check` names them",
    context: { ...totals },
  });
}

function fenceStuck(cause: unknown): RefusedError {
  return new RefusedError({
    code: "FENCE_NOT_REMOVED",
    message: `the cutover was undone, but the source's fence could not be taken down: ${messageOf(cause)}`,
    hint: "as soon as the source can be written to, run `changeover cutover`, or `changeover sync`: each takes the fence down first",
    cause,
  });
}
