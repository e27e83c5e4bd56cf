import { ChangeoverError, InterruptedError, messageOf } from "../errors.ts";
import type { Phase } from "../model/run.ts";
import { pause } from "../retry.ts";
import { type Context, inPhase, withSession } from "../run/context.ts";
import { renderDuration } from "../status/render-count.ts";
import { stateOf } from "../target/state-schema.ts";
import { failbackAge, setFailbackEnd } from "../target/store/failback-window.ts";
import { secondsSinceVerified } from "../target/store/verification-age.ts";
import type { TargetSession } from "../target/target.ts";
import { verifyWhenAsked } from "./steered.ts";

export interface WaitingOptions {
  readonly verifyEveryMs: number | undefined;
  readonly failbackWindowMs: number | undefined;
  readonly complete: () => Promise<unknown>;
}

const LOOK_EVERY_MS = 30_000;
/** Before the end of the window. */
const ANNOUNCED_MS = [3_600_000, 600_000, 60_000];
/** Nobody is surprised by a window that was over when the sync began. */
const GRACE_MS = 60_000;

/** Runs a sync, and meanwhile compares again and ends the failback when it is time. */
export async function whileWaiting<T>(context: Context, options: WaitingOptions, work: () => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const { failbackWindowMs, verifyEveryMs } = options;
  const going = [
    ...(verifyEveryMs === undefined ? [] : [verifyRegularly(context, verifyEveryMs, stop.signal)]),
    ...(failbackWindowMs === undefined ? [] : [closeWindow(context, failbackWindowMs, options.complete, stop.signal)]),
  ];
  try {
    return await work();
  } finally {
    stop.abort();
    await Promise.all(going);
  }
}

/** Compares again whenever the last comparison is old enough. A difference is reported; the sync goes on. */
async function verifyRegularly(context: Context, everyMs: number, signal: AbortSignal): Promise<void> {
  const began = performance.now();
  while (!signal.aborted) {
    const age = await ask(context, async (session, run) =>
      run.phase === "syncing" ? await secondsSinceVerified(session, run.id) : undefined,
    );
    const leftMs =
      age === undefined ? LOOK_EVERY_MS : everyMs - (age === null ? performance.now() - began : age * 1_000);
    if (leftMs > 0) await pause(Math.min(leftMs + 10, everyMs, LOOK_EVERY_MS), signal);
    else await verifyOnce(context, everyMs, signal);
  }
}

async function verifyOnce(context: Context, everyMs: number, signal: AbortSignal): Promise<void> {
  const { report } = inPhase(context, "verify");
  try {
    report({ kind: "step", message: `the last comparison is older than ${renderDuration(everyMs)}: comparing again` });
    report({ kind: "step", message: await verifyWhenAsked(context, { isGentle: true }) });
  } catch (error) {
    if (error instanceof InterruptedError) return;
    const code = error instanceof ChangeoverError ? { code: error.code } : {};
    report({ kind: "warning", ...code, message: `the comparison: ${messageOf(error)}` });
    await pause(Math.min(everyMs, LOOK_EVERY_MS), signal);
  }
}

/** Completes the run when the window for a failback is over, and says so before. */
async function closeWindow(
  context: Context,
  windowMs: number,
  complete: () => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  const began = performance.now();
  const { report } = inPhase(context, "complete");
  let announced = Number.POSITIVE_INFINITY;
  while (!signal.aborted) {
    const leftMs = await ask(context, async (session, run) => {
      const ageMs = await failbackAge(session, run.id);
      if (ageMs === null) return undefined;
      const left = Math.max(windowMs - ageMs, Math.min(windowMs, GRACE_MS) - (performance.now() - began));
      await setFailbackEnd(session, run.id, left);
      return left;
    });
    if (leftMs !== undefined && leftMs <= 0) {
      try {
        await complete();
        report({ kind: "step", message: "the window for a failback is over: the run is complete" });
        return;
      } catch (error) {
        if (error instanceof InterruptedError) return;
        report({ kind: "warning", message: `the run was not completed, and will be tried again: ${messageOf(error)}` });
        await pause(LOOK_EVERY_MS, signal);
      }
      continue;
    }
    const mark = leftMs === undefined ? announced : nextMark(leftMs);
    if (leftMs !== undefined && mark < announced) {
      announced = mark;
      report({
        kind: "warning",
        message:
          `a failback is possible for ${renderDuration(leftMs)} more; then the run completes by itself. ` +
          "`changeover rollback` returns to the source before that",
      });
    }
    await pause(Math.min(leftMs ?? windowMs, LOOK_EVERY_MS) + 10, signal);
  }
}

/** What was passed of the times to announce; the whole window is the first. */
function nextMark(leftMs: number): number {
  return ANNOUNCED_MS.findLast((mark) => leftMs <= mark) ?? Number.MAX_SAFE_INTEGER;
}

/** Undefined where the target cannot be asked just now, or there is no run. */
async function ask<T>(
  context: Context,
  work: (session: TargetSession, run: { readonly id: string; readonly phase: Phase }) => Promise<T | undefined>,
): Promise<T | undefined> {
  try {
    return await withSession(context, async (session) => {
      const [run] = await session.rows<{ id: string; phase: Phase }>(`select id, phase from ${stateOf(session)}.run`);
      return run === undefined ? undefined : await work(session, run);
    });
  } catch {
    return undefined;
  }
}
