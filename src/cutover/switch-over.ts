import { ChangeoverError, messageOf, RefusedError } from "../errors.ts";
import { inTime } from "../in-time.ts";
import type { VerificationTotals } from "../model/run.ts";
import { withRetry } from "../retry.ts";
import { announceCutover, lowerFence, type RaisedFence, raiseFence } from "../source/fence/fence.ts";
import type { Source } from "../source/source.ts";
import { isConnectionLoss } from "../target/target-error.ts";
import { askOutcome } from "./ask-outcome.ts";
import { ANSWER_MS, Budget } from "./budget.ts";
import { CutoverProgress, type Timeline } from "./cutover-progress.ts";
import type { CutoverRun } from "./cutover-run.ts";
import { isFenced } from "./cutover-states.ts";
import { openTargetToWrites } from "./open-target.ts";
import type { PreparedCutover } from "./prepare-cutover.ts";

export type SwitchOutcome =
  | {
      readonly ok: true;
      readonly downtimeMs: number;
      readonly verified: VerificationTotals;
      readonly timeline: Timeline;
    }
  | {
      readonly ok: false;
      readonly downtimeMs: number;
      readonly reason: ChangeoverError | Error;
      readonly timeline: Timeline;
    };

/** How long the source's lock is tried for; the application writes meanwhile. */
const LOCK_WAIT_MS = 10_000;
const ANNOUNCE_MS = 1_000;
// A source that fails for a moment must not keep a sealed fence up, which does not expire.
const LOWER_DELAYS_MS = [50, 100, 200, 400, 800, 1_600, 3_200];

/**
 * Fence, drain, verify, open. Ends with the target open and the source fenced, or with the fence down and the
 * application going on. If the target cannot be reached during its commit, it throws CUTOVER_UNKNOWN, and the next
 * command finds out. All of it within the budget and five seconds, however silent the target is.
 */
export async function switchOver(
  cutover: CutoverRun,
  prepared: Extract<PreparedCutover, { kind: "ready" }>,
): Promise<SwitchOutcome> {
  const { context, replay, settings } = cutover;
  const { source } = context;
  const { session } = replay;
  const budget = new Budget(settings.maxDowntimeMs);
  const progress = new CutoverProgress();
  let verified: VerificationTotals = { rows: 0, differences: 0 };
  const opened = async (): Promise<SwitchOutcome> => {
    progress.to("target-committed");
    const downtimeMs = Math.round(budget.elapsed());
    // Nothing can be undone any more: should it fail, the command that finishes the cutover does it.
    await announceCutover(source, ANNOUNCE_MS).catch(() => {});
    return { ok: true, downtimeMs, verified, timeline: progress.timeline };
  };
  try {
    const fence = await raiseFence(source, {
      budgetMs: settings.maxDowntimeMs,
      prepared: prepared.fence,
      lockWaitMs: LOCK_WAIT_MS,
    });
    // Writes were taken until then: what went before is nobody's downtime.
    budget.begin(fence.raisedAt);
    progress.begin(fence.raisedAt);
    source.setSoleWriter(true);
    progress.to("fence-raised");
    verified = await drainAndVerify(cutover, fence, { budget, progress });
    await openTargetToWrites(cutover, prepared, { drained: fence.last, budget, progress });
    return await opened();
  } catch (error) {
    if (progress.state === "sealed" && isConnectionLoss(error)) {
      progress.to("outcome-unknown");
      if (await askOutcome(cutover)) return await opened();
    }
    const wasFenced = isFenced(progress.state);
    progress.to("failed");
    if (wasFenced) await takeDown(source, progress);
    const downtimeMs = wasFenced ? Math.round(budget.elapsed()) : 0;
    // What was given up may still be at work in this session; a session that does not answer is of no more use.
    if (!(await budget.settled(ANSWER_MS))) session.abandon();
    const reason = error instanceof Error ? error : new Error(messageOf(error));
    return { ok: false, downtimeMs, reason, timeline: progress.timeline };
  } finally {
    source.setSoleWriter(false);
    if (session.alive) await inTime(() => session.run(renderTimeouts(0)), ANSWER_MS).catch(() => {});
  }
}

async function drainAndVerify(
  { catchUp, context, hooks, replay: { drift, session } }: CutoverRun,
  fence: RaisedFence,
  { budget, progress }: { readonly budget: Budget; readonly progress: CutoverProgress },
): Promise<VerificationTotals> {
  await budget.within((late) => hooks.run("after-fence", late));
  // Heard of with the answers to what follows: it is sent right behind.
  const limited = session.run(renderTimeouts(Math.ceil(budget.remaining())));
  limited.catch(() => {});
  await budget.within(async () => {
    // The schema as the fence left it, also where there is nothing more to replay.
    await context.source.read((tx) => drift.check(tx));
    await catchUp.replayTo(fence.last);
  });
  progress.to("log-drained");
  const verified = await budget.within(async () => {
    const totals = await catchUp.verifyRemaining();
    await limited;
    return totals;
  });
  if (verified.differences > 0) throw notVerified(verified);
  progress.to("changes-verified");
  await budget.within((late) => hooks.run("before-open", late));
  return verified;
}

async function takeDown(source: Source, progress: CutoverProgress): Promise<void> {
  const options = {
    delays: LOWER_DELAYS_MS,
    retryIf(error: unknown) {
      progress.to("failed");
      // The fence is in a file that is not there any more, and no second attempt finds it.
      return !(error instanceof ChangeoverError && error.code === "SOURCE_REPLACED");
    },
  };
  await withRetry(() => lowerFence(source), options).catch((cause: unknown) => {
    throw fenceNotRemoved(cause);
  });
  progress.to("fence-lowered");
}

function renderTimeouts(ms: number): string {
  return `set statement_timeout = ${ms}; set lock_timeout = ${ms}`;
}

function notVerified(totals: VerificationTotals): RefusedError {
  return new RefusedError({
    code: "CUTOVER_DIFFERENCES",
    message: `${totals.differences} rows that changed since the verification differ between source and target`,
    hint: "`changeover check` names them",
    context: { ...totals },
  });
}

function fenceNotRemoved(cause: unknown): RefusedError {
  return new RefusedError({
    code: "FENCE_NOT_REMOVED",
    message: `the cutover was undone, but the source's fence could not be taken down: ${messageOf(cause)}`,
    hint:
      "as soon as the source can be written to, run `changeover cutover`, or `changeover sync`: each " +
      "takes the fence down first",
    cause,
  });
}
