import { autoincrementCounters, type SetBefore, setSequences } from "../cutover/set-sequences.ts";
import { RefusedError } from "../errors.ts";
import { enableFailback } from "../failback/enable-failback.ts";
import type { VerificationTotals } from "../model/run.ts";
import { replayBatch } from "../replay/replay-batch.ts";
import { lastLogged } from "../rows/change-log.ts";
import type { Context } from "../run/context.ts";
import { closedTarget } from "../run/keep-target-closed.ts";
import type { Replaying } from "../run/sync.ts";
import { type Deferred, deferredAt } from "../target/deferred/deferred-objects.ts";
import { restoreAllDeferred } from "../target/deferred/restore-object.ts";
import { interruptAutovacuum } from "../target/interrupt-autovacuum.ts";
import { openClosedTarget } from "../target/store/closed-target.ts";
import { setPhase } from "../target/store/run-store.ts";
import type { TargetSession } from "../target/target.ts";
import { type Verification, verifyChanges } from "../verify/verify-run.ts";
import { checkResult, differencesFound, pendingRows, verifyOptions } from "./check.ts";
import type { Verified } from "./verify-during-sync.ts";

/** A round that is shorter leaves next to nothing for the time behind the fence, ms. */
const SHORT_MS = 30;
/** Rounds no longer shrink: the application writes as fast as they go. */
const SHORTER = 0.8;
const MOST_ROUNDS = 12;
const KEEP_UP_EVERY_MS = 200;

export interface NearingOptions {
  readonly context: Context;
  readonly replay: Replaying;
  /** For comparing, beside the session that replays. */
  readonly second: TargetSession;
  readonly verified: Verified;
}

/** Replay and verification on the last stretch before the fence and behind it. */
export class Nearing {
  readonly #options: NearingOptions;
  #watermark: bigint;
  /** Keys logged after this are still to be compared. */
  #through: bigint;
  #kept = performance.now();

  constructor(options: NearingOptions) {
    this.#options = options;
    this.#watermark = options.verified.watermark;
    this.#through = options.verified.through;
  }

  /** The target holds everything up to this `seq`. */
  get watermark(): bigint {
    return this.#watermark;
  }

  /** Replays until the target holds everything up to `seq`. */
  async replayTo(seq: bigint): Promise<void> {
    const { context, replay } = this.#options;
    while (this.#watermark < seq) {
      const batch = await replayBatch(
        {
          run: replay.run.id,
          source: context.source,
          session: replay.session,
          stage: replay.stage,
          reader: replay.reader,
          signal: context.signal,
        },
        this.#watermark,
      );
      if (batch === null) break;
      this.#watermark = batch.watermark;
    }
  }

  /** One round of both while the application writes: what is written meanwhile is the next one's work. Returns how long it took, ms. */
  async round(): Promise<number> {
    const { context } = this.#options;
    const started = performance.now();
    await this.replayTo(await context.source.read(lastLogged));
    const changes = await this.#verify();
    const result = checkResult([changes]);
    if (result.differences > 0) throw differencesFound(result);
    this.#through = changes.through;
    this.#kept = performance.now();
    return this.#kept - started;
  }

  /** A round now and then, beside work that takes seconds. */
  async keepUp(): Promise<void> {
    if (performance.now() - this.#kept > KEEP_UP_EVERY_MS) await this.round();
  }

  /** Compares what changed since the last round. Behind the fence nothing can be in flight: what is, was not drained. */
  async verifyRest(): Promise<VerificationTotals> {
    const changes = await this.#verify();
    const result = checkResult([changes]);
    return { rows: result.rows, differences: result.differences + pendingRows(changes) };
  }

  #verify(): Promise<Verification> {
    const { context, replay, second } = this.#options;
    return verifyChanges(verifyOptions(context, second, replay.run), replay.run.mappings, this.#through);
  }
}

export interface Approached {
  readonly triggers: number;
  readonly objects: readonly Deferred[];
  readonly sequences: SetBefore;
}

/**
 * All that can be done before the fence: autovacuum ends, the opening is tried and taken back, and replay and verification go on until their
 * rounds are short, or no longer shrink. What is left then is the downtime; where it would not fit, nothing is fenced.
 */
export async function approach(
  context: Context,
  nearing: Nearing,
  options: { readonly maxDowntime: number; readonly enable: boolean; readonly replay: Replaying },
): Promise<Omit<Approached, "triggers">> {
  const { run, session } = options.replay;
  const objects = await deferredAt(session, run.id, ["cutover"]);
  // It may take seconds, and what is written in them is to be brought before the fence, not behind it.
  await interruptAutovacuum(
    session,
    run.mappings.map(({ target }) => target),
  );
  await setPhase(session, run.id, "cutting-over");
  const sequences = await presetSequences(context, nearing, options.replay);
  const openingMs = await tryOpening(options, objects);
  await context.source.read((tx) => options.replay.drift.checkFull(tx));
  let before = Number.POSITIVE_INFINITY;
  for (let round = 1; ; round++) {
    const durationMs = await nearing.round();
    if (durationMs < SHORT_MS || (round > 2 && durationMs > before * SHORTER) || round >= MOST_ROUNDS) {
      const expectedMs = Math.round(durationMs + openingMs);
      if (expectedMs > options.maxDowntime) throw wouldBeTooSlow(expectedMs, options.maxDowntime);
      return { objects, sequences };
    }
    before = durationMs;
  }
}

/** Nobody draws from them yet. Behind the fence only those of tables that change from here on are set again. */
async function presetSequences(
  context: Context,
  nearing: Nearing,
  { run, session }: Pick<Replaying, "run" | "session">,
): Promise<SetBefore> {
  const { watermark } = nearing;
  const counters = await autoincrementCounters(context.source);
  await session.transaction((tx) => setSequences(tx, run.mappings, counters));
  return { counters, watermark };
}

/** How long the opening's own transaction takes, ms: it is done and taken back. */
async function tryOpening(
  { enable, replay: { run, session } }: { readonly enable: boolean; readonly replay: Replaying },
  objects: readonly Deferred[],
): Promise<number> {
  const undo = new Error("taken back");
  const started = performance.now();
  let durationMs = 0;
  await session
    .transaction(async (tx) => {
      await restoreAllDeferred(tx, objects, { between: () => {} });
      if (enable) await enableFailback(tx, run.id, run.mappings);
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
    message: `the cutover would take about ${expectedMs} ms, longer than the ${budget} ms that it may: nothing was fenced`,
    hint: "give it more time with --max-downtime, or run it again when the application writes less",
    context: { expected_ms: expectedMs, budget },
  });
}
