import { messageOf, RefusedError } from "../errors.ts";
import type { FailbackLoss } from "../model/failback-loss.ts";
import type { Run } from "../model/run.ts";
import { withRetry } from "../retry.ts";
import type { Context } from "../run/context.ts";
import { endBackend } from "../target/backend-state.ts";
import { loadFailback } from "../target/store/failback-store.ts";
import type { TargetSession } from "../target/target.ts";
import { FailbackProgress } from "./failback-progress.ts";
import type { FailbackResult, FailbackSettings } from "./failback-result.ts";
import { completeTargetFence, lowerTargetFence, raiseTargetFence, sealTargetFence } from "./fence-target.ts";
import { FAILBACK_DELAYS_MS, finishFailback } from "./finish-failback.ts";
import { applyBatch } from "./follow-failback.ts";
import { sequencesGiven } from "./open-source.ts";
import { type PreparedFailback, prepareFailback, refuseLateLosses } from "./prepare-failback.ts";

/**
 * A cutover in reverse: every write made in PostgreSQL comes along; if anything fails, PostgreSQL goes on as before.
 */
export async function failBack(
  context: Context,
  session: TargetSession,
  run: Run,
  settings: FailbackSettings,
): Promise<FailbackResult> {
  const failback = await loadFailback(session, run.id);
  if (failback === null || failback.state === "completed") throw noFailback(failback !== null);
  // Sealed by a command that was killed: the source is open, or nothing but that is missing.
  if (failback.state === "returning")
    return finishFailback(context, session, run, {
      verified: { rows: 0, differences: 0 },
      fencedAt: performance.now(),
      progress: new FailbackProgress("sealed"),
    });
  // What a killed command left: its fence has expired.
  await lowerTargetFence({ run: run.id, session });
  const prepared = await prepareFailback(context, session, run, settings.acceptLosses);
  if (prepared === "interrupted")
    return undone(run, { downtimeMs: 0, reason: new Error("interrupted before the target was fenced"), losses: [] });
  return fenceAndOpen(context, session, { run, prepared, settings });
}

interface Fencing {
  readonly run: Run;
  readonly prepared: PreparedFailback;
  readonly settings: FailbackSettings;
}

async function fenceAndOpen(context: Context, session: TargetSession, given: Fencing): Promise<FailbackResult> {
  const { prepared, run, settings } = given;
  const { accepted, failback, totals } = prepared;
  const { mappings } = failback.run;
  const progress = new FailbackProgress("preparing");
  const lockWaitMs = Math.max(settings.maxDowntimeMs, 2_000);
  const fence = { run: run.id, session, mappings, location: context.source.location };
  await completeTargetFence(fence, lockWaitMs);
  context.report({ kind: "step", message: "the target is fenced: from here PostgreSQL refuses writes" });
  const fencedAt = await raiseTargetFence(fence, { standsMs: settings.maxDowntimeMs + 1_000, lockWaitMs });
  progress.to("fence-raised");
  let at = session;
  try {
    await applyAndSeal(context, session, { ...given, progress });
  } catch (error) {
    if (progress.state === "caught-up" && !session.alive) {
      progress.to("outcome-unknown");
      at = await newSession(context, session);
    }
    if (progress.state !== "unknown" || (await loadFailback(at, run.id))?.state !== "returning") {
      progress.to("failed");
      await takeDown(context, at, { run, progress });
      const reason = error instanceof Error ? error : new Error(messageOf(error));
      context.report({ kind: "warning", code: "FAILBACK_UNDONE", message: `the return was undone: ${reason.message}` });
      const downtimeMs = Math.round(performance.now() - fencedAt);
      return undone(run, { downtimeMs, reason, losses: [...accepted, ...failback.losses.list()] });
    }
    progress.to("fence-sealed");
  }
  return finishFailback(context, at, failback.run, { verified: totals, fencedAt, progress });
}

/** One batch, of which each row is read back and compared before it commits; behind the fence there is no second. */
async function applyAndSeal(
  context: Context,
  session: TargetSession,
  { prepared, progress, run, settings }: Fencing & { readonly progress: FailbackProgress },
): Promise<void> {
  const { accepted, failback } = prepared;
  const { losses, run: present } = failback;
  const started = performance.now();
  const remaining = () => {
    const left = settings.maxDowntimeMs - (performance.now() - started);
    if (left <= 0) throw outOfTime(settings.maxDowntimeMs);
    return left;
  };
  await session.run(`set statement_timeout = ${Math.ceil(remaining())}`);
  await applyBatch(context, failback, remaining());
  await refuseLateLosses(session, run, { accepted, losses, fingerprint: prepared.fingerprint });
  progress.to("changes-applied");
  const sealed = {
    losses: [...accepted, ...losses.list()],
    keys: losses.rows(),
    sequences: await sequencesGiven(session, failback.tables),
  };
  await session.run("set statement_timeout = 0");
  const fence = { run: run.id, session, mappings: present.mappings, location: context.source.location };
  await sealTargetFence(fence, { remaining, sealed });
  progress.to("fence-sealed");
}

async function takeDown(
  context: Context,
  session: TargetSession,
  { progress, run }: { readonly run: Run; readonly progress: FailbackProgress },
): Promise<void> {
  let at = session;
  const lower = async () => {
    if (!at.alive) at = await newSession(context, at);
    await at.run("set statement_timeout = 0");
    await lowerTargetFence({ run: run.id, session: at });
  };
  const retryIf = () => {
    progress.to("failed");
    return true;
  };
  await withRetry(lower, { delays: FAILBACK_DELAYS_MS, retryIf });
  progress.to("fence-lowered");
}

/**
 * A session in a lost one's place. The server may still be at what was lost on the way, the seal perhaps: that ends
 * first.
 */
async function newSession(context: Context, lost: TargetSession): Promise<TargetSession> {
  const fresh = await withRetry(() => context.target.session(), { delays: FAILBACK_DELAYS_MS });
  if (await endBackend(fresh, lost.backend)) return fresh;
  throw new RefusedError({
    code: "TARGET_BUSY",
    message: "the target is still at work for the connection that was lost",
    hint: "its fence expires by itself unless it was sealed; run `changeover rollback` again: it finds out",
  });
}

interface Undone {
  readonly downtimeMs: number;
  readonly reason: Error;
  readonly losses: readonly FailbackLoss[];
}

function undone(run: Run, given: Undone): FailbackResult {
  return { ok: false, verified: { rows: 0, differences: 0 }, phase: run.phase, rounded: 0, ...given };
}

function noFailback(hasEnded: boolean): RefusedError {
  return new RefusedError({
    code: hasEnded ? "COMPLETED" : "ALREADY_CUT_OVER",
    message: hasEnded
      ? "the run is complete: its failback was removed"
      : "the target has taken over, and no failback was enabled: the application may have written there, " +
        "and going back would lose that",
    hint:
      "to open the old source again without what was written since, run `changeover clean --yes` and " +
      "point the application back",
  });
}

function outOfTime(budget: number): RefusedError {
  return new RefusedError({
    code: "FAILBACK_TIMEOUT",
    message: `the return took longer than the ${budget} ms that it may`,
    hint: "run it again when the application writes less, or give it more time with --max-downtime",
    context: { budget },
  });
}
