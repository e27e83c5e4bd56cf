import type { DriftWatch } from "../capture/check-drift.ts";
import { rowidsRenumbered } from "../capture/drift-error.ts";
import { DriftError, InterruptedError, RefusedError, SourceError } from "../errors.ts";
import { flowing, heldSince, namesOfHeld } from "../model/held-table.ts";
import type { Run } from "../model/run.ts";
import { type Followed, type FollowOptions, follow } from "../replay/follow.ts";
import { type ChangeReader, changeReader } from "../replay/read-changes.ts";
import { Stage } from "../replay/stage.ts";
import { beginEpoch } from "../rows/log-entries.ts";
import { deferEarlyAgain } from "../target/deferred/restore-early.ts";
import { setSourceSchema } from "../target/store/run-store.ts";
import { loadTables } from "../target/store/table-store.ts";
import type { TargetSession } from "../target/target.ts";
import type { Context } from "./context.ts";
import { driftOfRun } from "./drift-of-run.ts";
import { keepCatalogue } from "./follow-schema/keep-catalogue.ts";
import { schemaWaits } from "./follow-schema/schema-waits.ts";
import { mustLoad } from "./require-run.ts";
import { renumberedTables } from "./resync/renumbered.ts";
import { voidVerification } from "./void-verification.ts";

// A backup that is older than the last epoch is recognised when it comes back.
const EPOCH_EVERY_MS = 10_000;
// A writer at full speed hardly ever leaves the lock free, and changes wait while we do: at first it is only tried now
// and then.
const EPOCH_AGAIN_MS = 1_000;
const MAX_EPOCH_AGE_MS = 60_000;
const FIRST_EPOCH_WAIT_MS = 3_000;
const LONG_EPOCH_WAIT_MS = 5_000;
const CHECK_EVERY_MS = 1_000;

/** Replay as one session does it: its staging tables, its reader, its watch for drift. */
export interface Replaying {
  readonly run: Run;
  readonly session: TargetSession;
  readonly stage: Stage;
  readonly reader: ChangeReader;
  readonly drift: DriftWatch;
}

export interface ReplayingOptions {
  /** Whether tables may wait for the target meanwhile: only a sync goes on without them. Default: no. */
  readonly withoutHeld?: boolean;
}

export async function replaying(
  context: Context,
  session: TargetSession,
  { withoutHeld = false }: ReplayingOptions = {},
): Promise<Replaying> {
  const run = await mustLoad(session);
  if (!withoutHeld && run.held.length > 0) throw schemaWaits(run.held);
  if (run.sourceSchema === null) throw new RangeError("the run has no capture");
  // Of a cutover that was killed: nothing is replayed while they stand.
  if (run.phase !== "cut-over") await deferEarlyAgain(session, run.id);
  const unfinished = await unfinishedResyncs(session, run);
  if (unfinished.length > 0) throw resyncUnfinished(unfinished);
  const drift = driftOfRun(context, run);
  const reader = changeReader({
    source: context.source,
    mappings: flowing(run.mappings, run.held),
    checkSchema: (tx) => drift.check(tx),
    maxEntries: context.throttle.maxRows,
  });
  const replay = { run, session, stage: new Stage(session), reader, drift };
  // Without an epoch an older state of the source is known a little later. Whoever asks for the run is not to wait for
  // it.
  if (!(await beginsEpochUnlessBusy(context, replay, FIRST_EPOCH_WAIT_MS))) await refuseDrift(context, session, run);
  await keepCatalogue(context, session, run);
  return replay;
}

/** Throws if the source is no longer the captured one: said before a statement fails for it in words of its own. */
export async function refuseDrift(context: Context, session: TargetSession, run: Run): Promise<void> {
  if (!run.captured || run.sourceSchema === null) return;
  const drift = driftOfRun(context, run);
  await exceptSoundRowids(context, { run, session, drift }, () => context.source.read((tx) => drift.check(tx)));
}

/** Tables whose rows are to be copied again: a resync of them was begun and did not end. */
export async function unfinishedResyncs(session: TargetSession, run: Run): Promise<string[]> {
  if (run.phase !== "syncing") return [];
  // Those that wait for the target flow again in their own time.
  const held = namesOfHeld(run.held);
  return (await loadTables(session, run.id))
    .filter(({ done, id, source }) => !done && !held.has(source) && !run.held.some((table) => table.id === id))
    .map(({ source }) => source);
}

/**
 * Checks the source and begins a new epoch in its log, by which an older state of it is known from now on.
 * `lockWaitMs` is for the source's lock.
 */
async function beginSourceEpoch(
  context: Context,
  { run, session, drift }: Pick<Replaying, "run" | "session" | "drift">,
  lockWaitMs?: number,
): Promise<void> {
  const epoch = await exceptSoundRowids(context, { run, session, drift }, () =>
    context.source.write(
      async (tx) => {
        await drift.check(tx);
        return beginEpoch(tx);
      },
      { lockWaitMs },
    ),
  );
  drift.setEpoch(epoch);
  await keepKnown(context, { run, session, drift });
}

/** The same; false if the application kept the lock. */
async function beginsEpochUnlessBusy(context: Context, replay: Replaying, lockWaitMs: number): Promise<boolean> {
  try {
    await beginSourceEpoch(context, replay, lockWaitMs);
    return true;
  } catch (error) {
    if (error instanceof SourceError && error.code === "SOURCE_BUSY") return false;
    throw error;
  }
}

/** Keeps with the run what its source is measured against. */
async function keepKnown(
  context: Context,
  { run, session, drift }: Pick<Replaying, "run" | "session" | "drift">,
): Promise<void> {
  if (drift.touched) await voidVerification(context, { run, session });
  drift.settle(drift.known);
  await setSourceSchema(session, run.id, drift.known);
}

/** Runs `work`, again if it stopped for a VACUUM that turns out to have renumbered nothing. */
export async function exceptSoundRowids<T>(
  context: Context,
  { run, session, drift }: Pick<Replaying, "run" | "session" | "drift">,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DriftError) || error.code !== "ROWIDS_RENUMBERED") throw error;
    // Pages of a copy may be from before and from after the VACUUM.
    if (run.phase === "copying") throw error;
    const { tables, version, rest } = await renumberedTables(context.source, session, run);
    if (tables.length > 0) throw rowidsRenumbered(tables);
    drift.settle({ ...drift.known, version, rest });
    await voidVerification(context, { run, session });
    return work();
  }
}

/** Brings the target level with the source once. */
export async function catchUp(context: Context, session: TargetSession): Promise<bigint> {
  const { watermark } = await followWith(context, await replaying(context, session), { until: "caught-up" });
  return watermark;
}

export async function followWith(
  context: Context,
  replay: Replaying,
  options: Pick<FollowOptions, "until" | "keepLogFrom" | "onBatch"> & {
    /** Ends the following, between two batches, where it resolves to true. */
    readonly isToEnd?: () => Promise<boolean>;
    readonly signal?: AbortSignal;
    readonly watermark?: bigint;
  },
): Promise<Followed> {
  const signal = options.signal ?? context.signal;
  let watermark = options.watermark ?? replay.run.watermark;
  let kept = replay.drift.known;
  let begunAt = performance.now();
  let triedToBeginEpoch = begunAt;
  let checked = performance.now();
  try {
    return await exceptSoundRowids(context, replay, () =>
      follow({
        ...options,
        keepLogFrom: () => leastOf(options.keepLogFrom?.() ?? null, heldSince(replay.run.held)),
        run: replay.run.id,
        source: context.source,
        session: replay.session,
        stage: replay.stage,
        reader: replay.reader,
        watermark,
        signal,
        rest: (pass) => context.throttle.delayOfRate(pass),
        isPaused: () => context.throttle.isPaused,
        onPass: (changes) => reportBacklog(context, replay.run, changes),
        async between(reached) {
          watermark = reached;
          // Also where nothing is logged: of a file that is renamed over the open one, nothing ever would be.
          if (performance.now() - checked > CHECK_EVERY_MS) {
            checked = performance.now();
            await context.source.read((tx) => replay.drift.check(tx));
          }
          const now = performance.now();
          const isDue =
            now - begunAt > EPOCH_EVERY_MS &&
            now - triedToBeginEpoch > EPOCH_AGAIN_MS &&
            reached > BigInt(replay.drift.known.epoch?.seq ?? 0);
          if (isDue) triedToBeginEpoch = now;
          if (
            isDue &&
            (await beginsEpochUnlessBusy(context, replay, now - begunAt > MAX_EPOCH_AGE_MS ? LONG_EPOCH_WAIT_MS : 0))
          )
            begunAt = performance.now();
          else if (replay.drift.known !== kept) await keepKnown(context, replay);
          kept = replay.drift.known;
          return (await options.isToEnd?.()) === true ? "end" : undefined;
        },
      }),
    );
  } catch (error) {
    const isOwnStop = signal.aborted && options.signal !== undefined && !context.signal.aborted;
    if (error instanceof InterruptedError && isOwnStop) {
      const run = await mustLoad(replay.session);
      return { watermark: run.watermark, ended: "stopped", lockRequestedBy: null };
    }
    throw error;
  }
}

function leastOf(one: bigint | null, other: bigint | null): bigint | null {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
}

/** Only where it takes a while. */
function reportBacklog(
  context: Context,
  { watermark }: Run,
  { last, through }: { readonly last: bigint; readonly through: bigint },
): void {
  if (last - through <= 100_000n) return;
  const [done, total] = [Number(through - watermark), Number(last - watermark)];
  context.report({ kind: "progress", phase: "replay", done, total, unit: "changes" });
}

function resyncUnfinished(tables: readonly string[]): RefusedError {
  return new RefusedError({
    code: "RESYNC_UNFINISHED",
    message: `the resync of ${tables.join(", ")} was begun and did not end`,
    hint: "`changeover sync` ends it; then run the same command again",
    context: { table: tables[0], tables },
  });
}
