import type { VerificationTotals } from "../model/run.ts";
import { replayBatch } from "../replay/replay-batch.ts";
import { lastLogged } from "../rows/log-entries.ts";
import type { Context } from "../run/context.ts";
import type { Replaying } from "../run/sync.ts";
import { checkResult, differencesFound, pendingRows } from "../run/verification/check-result.ts";
import { verificationOptions } from "../run/verification/verification-options.ts";
import type { TargetSession } from "../target/target.ts";
import { lookUpOf } from "../verify/look-up.ts";
import { type Verification, verifyChanges } from "../verify/verify-run.ts";
import type { VerifiedDuringSync } from "./verify-during-sync.ts";

const KEEP_UP_EVERY_MS = 200;

export interface CatchUpOptions {
  readonly context: Context;
  readonly replay: Replaying;
  /** For comparing; the other session replays. */
  readonly second: TargetSession;
  readonly verified: VerifiedDuringSync;
}

/** Replay and verification on the last stretch before the fence and behind it. */
export class CatchUp {
  readonly #options: CatchUpOptions;
  #watermark: bigint;
  /** Keys logged after this are still to be compared. */
  #through: bigint;
  #caughtUpAt = performance.now();

  constructor(options: CatchUpOptions) {
    this.#options = options;
    this.#watermark = options.verified.watermark;
    this.#through = options.verified.through;
  }

  /** The target holds everything up to this `seq`. */
  get watermark(): bigint {
    return this.#watermark;
  }

  /** What comparing a table for the first time would ask of the target, asked before the fence. */
  async prepare(): Promise<void> {
    const { replay, second } = this.#options;
    await lookUpOf(second).prepare(replay.run.mappings);
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

  /**
   * One round of both while the application writes: what is written meanwhile is the next round's work. Returns how
   * long it took, ms.
   */
  async round(): Promise<number> {
    const { context } = this.#options;
    const started = performance.now();
    await this.replayTo(await context.source.read(lastLogged));
    const changes = await this.#verify();
    const result = checkResult([changes]);
    if (result.differences > 0) throw differencesFound(result);
    this.#through = changes.through;
    this.#caughtUpAt = performance.now();
    return this.#caughtUpAt - started;
  }

  /** A round now and then, between parts of work that takes seconds. */
  async keepUp(): Promise<void> {
    if (performance.now() - this.#caughtUpAt > KEEP_UP_EVERY_MS) await this.round();
  }

  /** Compares what changed since the last round. Behind the fence nothing may be pending: what is, was not drained. */
  async verifyRemaining(): Promise<VerificationTotals> {
    const changes = await this.#verify();
    const result = checkResult([changes]);
    return { rows: result.rows, differences: result.differences + pendingRows(changes) };
  }

  #verify(): Promise<Verification> {
    const { context, replay, second } = this.#options;
    return verifyChanges(verificationOptions(context, second, replay.run), replay.run.mappings, this.#through);
  }
}
