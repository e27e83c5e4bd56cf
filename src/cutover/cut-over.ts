import { openClosedTarget } from "../db/closed-target.ts";
import { endAutovacuum } from "../db/end-autovacuum.ts";
import { persistently } from "../db/persistently.ts";
import { setCutover, setPhase } from "../db/run-store.ts";
import type { Source, SourceReader } from "../db/source.ts";
import { restoreOne, type Suspended, suspendedAt } from "../db/suspended.ts";
import type { TargetSession, TargetTransaction } from "../db/target.ts";
import { isConnectionLoss } from "../db/target-error.ts";
import { ChangeoverError, messageOf, RefusedError } from "../errors.ts";
import type { TableMapping } from "../model/mapping.ts";
import type { VerificationTotals } from "../model/run.ts";
import { announceCutover, lowerFence, raiseFence, sealFence } from "./fence.ts";
import { autoincrementCounters, setSequences } from "./set-sequences.ts";
import { type CutoverEvent, type CutoverState, isFenced, next } from "./states.ts";

export interface CutoverOptions {
  readonly run: string;
  readonly source: Source;
  readonly session: TargetSession;
  readonly mappings: readonly TableMapping[];
  /** Where the data goes, as the application's refused writers will read it. */
  readonly location: string;
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
  /** Arms the way back, in the transaction that opens the target. */
  readonly arm?: (tx: TargetTransaction) => Promise<void>;
  /** Our fence changes the source's schema: tells whoever watches for drift. */
  readonly onSchemaChange: (tx: SourceReader) => Promise<void>;
  /** Asks the target, over a new connection, whether the run is cut over. Throws if it cannot be reached. */
  readonly isCutOver: () => Promise<boolean>;
  readonly onState?: (state: CutoverState) => void;
}

export type CutoverOutcome =
  | { readonly ok: true; readonly downtimeMs: number; readonly reverified: VerificationTotals }
  | { readonly ok: false; readonly downtimeMs: number; readonly reason: ChangeoverError | Error };

/**
 * Fence, drain, re-verify, open. Ends with the target open and the source fenced, or with the fence down and the
 * application going on; only if the target cannot be reached just when it commits does it throw CUTOVER_UNKNOWN, and
 * the next command finds out.
 */
export async function cutOver(options: CutoverOptions): Promise<CutoverOutcome> {
  const { source, session, run } = options;
  let state: CutoverState = "preparing";
  const to = (event: CutoverEvent) => {
    state = next(state, event);
    options.onState?.(state);
  };
  const objects = await suspendedAt(session, run, ["cutover"]);
  await endAutovacuum(
    session,
    options.mappings.map(({ target }) => target),
  );
  await setPhase(session, run, "cutting-over");
  const started = performance.now();
  const remaining = () => {
    const left = options.maxDowntime - (performance.now() - started);
    if (left <= 0) throw outOfTime(options.maxDowntime);
    return left;
  };
  let reverified: VerificationTotals = { rows: 0, differences: 0 };
  const opened = async (): Promise<CutoverOutcome> => {
    // Nothing can be undone any more: should it fail, the command that ends the cutover tells it again.
    await announceCutover(source, 1_000).catch(() => {});
    return { ok: true, downtimeMs: Math.round(performance.now() - started), reverified };
  };
  try {
    const fenced = await raiseFence(source, {
      mappings: options.mappings,
      location: options.location,
      seconds: options.maxDowntime / 1000 + 1,
      alongside: options.onSchemaChange,
      patience: remaining(),
    });
    to("fence-raised");
    if (options.afterFence !== undefined) await within(options.afterFence, remaining(), options.maxDowntime);
    await session.run(
      `set statement_timeout = ${Math.ceil(remaining())}; set lock_timeout = ${Math.ceil(remaining())}`,
    );
    await within(() => options.drain(fenced), remaining(), options.maxDowntime);
    to("log-drained");
    reverified = await within(options.verify, remaining(), options.maxDowntime);
    if (reverified.differences > 0) throw notVerified(reverified);
    to("changes-verified");
    if (options.beforeOpen !== undefined) await within(options.beforeOpen, remaining(), options.maxDowntime);
    const counters = await autoincrementCounters(source);
    await openTarget(options, objects, counters, fenced, { started, remaining, sealed: () => to("fence-sealed") });
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
      await takeDown(options, () => to("failed"));
      to("fence-lowered");
    }
    return { ok: false, downtimeMs: wasFenced ? Math.round(performance.now() - started) : 0, reason };
  } finally {
    if (session.alive) await session.run("set statement_timeout = 0; set lock_timeout = 0").catch(() => {});
  }
}

async function takeDown({ onSchemaChange, source }: CutoverOptions, onFailure: () => void): Promise<void> {
  let replaced: unknown = null;
  const lower = async () => {
    try {
      await lowerFence(source, onSchemaChange);
    } catch (error) {
      // The fence is in a file that is not there any more, and no second try finds it.
      if (!(error instanceof ChangeoverError) || error.code !== "SOURCE_REPLACED") throw error;
      replaced = error;
    }
  };
  await persistently(lower, onFailure).catch((cause: unknown) => {
    throw fenceStuck(cause);
  });
  if (replaced !== null) throw fenceStuck(replaced);
}

interface Clock {
  readonly started: number;
  readonly remaining: () => number;
  readonly sealed: () => void;
}

/** All that makes the target a database of its own, in one transaction; nothing here takes time by the size of the data. */
async function openTarget(
  options: CutoverOptions,
  objects: readonly Suspended[],
  counters: ReadonlyMap<string, bigint>,
  fenced: bigint,
  clock: Clock,
): Promise<void> {
  await options.session.transaction(async (tx) => {
    await tx.run("set local synchronous_commit = on");
    await setSequences(tx, options.mappings, counters);
    for (const object of objects) {
      clock.remaining();
      // A foreign key comes back unchecked: checking takes as long as the table is big, and is done once open.
      await restoreOne(tx, object, { validate: false });
    }
    await options.arm?.(tx);
    // Last, since arming has waited for whoever writes there: nobody comes in between.
    await openClosedTarget(tx, { run: options.run, tables: options.mappings.map(({ target }) => target) });
    await setCutover(tx, options.run, { fenceSeq: fenced, downtimeMs: Math.round(performance.now() - clock.started) });
    await setPhase(tx, options.run, "cut-over");
    await sealFence(options.source, fenced, clock.remaining());
    clock.sealed();
    clock.remaining();
  });
}

async function outcome(options: CutoverOptions): Promise<boolean> {
  try {
    return await options.isCutOver();
  } catch (cause) {
    throw new RefusedError({
      code: "CUTOVER_UNKNOWN",
      message:
        "the target was lost at the very moment of its commit, so whether it took over is not known; the source stays fenced, since two databases that both take writes would be worse",
      hint: "as soon as the target answers again, run `changeover cutover`: it finds out, and either finishes or takes the fence down",
      cause,
    });
  }
}

/** What is not done in time is told so by its signal, and not waited for. */
async function within<T>(work: (signal: AbortSignal) => Promise<T>, ms: number, budget: number): Promise<T> {
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      stop.abort();
      reject(outOfTime(budget));
    }, ms);
  });
  const done = work(stop.signal);
  try {
    return await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
    done.catch(() => {});
  }
}

function outOfTime(budget: number): RefusedError {
  return new RefusedError({
    code: "CUTOVER_TOO_SLOW",
    message: `the cutover took longer than the ${budget} ms that it may`,
    hint: "run it again when the application writes less, or give it more time with --max-downtime",
    context: { budget },
  });
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
    code: "FENCE_STUCK",
    message: `the cutover was undone, but the source's fence could not be taken down: ${messageOf(cause)}`,
    hint: "as soon as the source can be written to, run `changeover cutover`, or `changeover sync`: each takes the fence down first",
    cause,
  });
}
