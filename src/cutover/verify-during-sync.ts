import { InterruptedError } from "../errors.ts";
import type { Run, VerificationTotals } from "../model/run.ts";
import type { Followed } from "../replay/follow.ts";
import { pause } from "../retry.ts";
import { lastLogged, reachesBackTo } from "../rows/log-entries.ts";
import type { Context } from "../run/context.ts";
import { mustLoad } from "../run/require-run.ts";
import { followWith, type Replaying } from "../run/sync.ts";
import { checkResult, differencesFound, pendingRows } from "../run/verification/check-result.ts";
import { verificationOptions } from "../run/verification/verification-options.ts";
import { verifyEverything } from "../run/verification/verify-everything.ts";
import { waitForReplay } from "../run/verification/wait-for-replay.ts";
import { renderCount, renderDuration } from "../status/render-count.ts";
import { interruptAutovacuum } from "../target/interrupt-autovacuum.ts";
import { secondsSinceVerified } from "../target/store/verification-age.ts";
import { lastPass } from "../target/store/verification-store.ts";
import { extendVerification, setVerified } from "../target/store/verified-store.ts";
import type { TargetSession } from "../target/target.ts";
import { verifyChanges } from "../verify/verify-run.ts";
import type { CutoverSettings } from "./cutover-run.ts";
import { holds } from "./postpone-condition.ts";

interface Compared {
  readonly totals: VerificationTotals;
  /** Keys logged after this are still to be compared. */
  readonly through: bigint;
}

/** What a verification that is kept up to date has reached. */
export interface VerifiedDuringSync extends Compared {
  readonly watermark: bigint;
}

// Few enough to compare again within milliseconds, behind the fence.
const FEW_CHANGES = 2_000;
/** Rounds no longer shrink: the application writes as fast as they go. */
const SHORTER = 0.8;
const PROBE_EVERY_MS = 200;

/**
 * Replays and verifies at once until only a few changes are left to compare, and goes on with both for as long as one
 * of the conditions does not hold. A comparison of all rows that is too old is done again.
 */
export async function verifyDuringSync(
  context: Context,
  replay: Replaying,
  { verifiedWithinMs, when }: Pick<CutoverSettings, "when" | "verifiedWithinMs">,
): Promise<VerifiedDuringSync> {
  const session = await context.target.session();
  const verification = new DuringSync(context, { replay, session, verifiedWithinMs });
  try {
    return await verification.until((lag) => {
      if (context.throttle.isPaused) return false;
      return context.steering?.isCutoverAsked === true || when.every((condition) => holds(condition, lag));
    });
  } finally {
    await verification.end();
    await session.close();
  }
}

interface DuringSyncOptions {
  readonly replay: Replaying;
  readonly session: TargetSession;
  readonly verifiedWithinMs: number;
}

class DuringSync {
  readonly #context: Context;
  readonly #replay: Replaying;
  readonly #session: TargetSession;
  readonly #verifiedWithinMs: number;
  readonly #stop = new AbortController();
  readonly #onAbort = () => this.#stop.abort();
  #following: Promise<Followed> | null = null;
  #failed: unknown;
  /** The log is needed from here. */
  #floor: bigint | null = null;
  #autovacuum: Promise<void> = Promise.resolve();

  constructor(context: Context, { replay, session, verifiedWithinMs }: DuringSyncOptions) {
    this.#context = context;
    this.#replay = replay;
    this.#session = session;
    this.#verifiedWithinMs = verifiedWithinMs;
    context.signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** `isTime` is asked how many changes the target does not hold yet. */
  async until(isTime: (lag: number) => boolean): Promise<VerifiedDuringSync> {
    const { run } = this.#replay;
    this.#floor = await neededFrom(this.#session, run);
    this.#following = this.#follow();
    const isStale = await this.#isStale();
    let compared = (isStale ? null : await comparedBefore(this.#context, run)) ?? (await this.#compareAll());
    let before = Number.POSITIVE_INFINITY;
    for (;;) {
      this.#refuseStopped();
      this.#floor = compared.through;
      if (!(await extendVerification(this.#session, run.id, compared))) {
        compared = await this.#compareAll();
        before = Number.POSITIVE_INFINITY;
        continue;
      }
      const left = Number((await this.#lastLogged()) - compared.through);
      // A round takes as long as the writer gives it work: when it no longer shrinks, more rounds are of no use.
      const isSettled = left < FEW_CHANGES || left > before * SHORTER;
      const lag = Number((await this.#lastLogged()) - (await mustLoad(this.#session)).watermark);
      if (isSettled && isTime(lag)) {
        // A postponed cutover may have waited for days.
        if (!(await this.#isStale())) break;
        compared = await this.#compareAll();
        before = Number.POSITIVE_INFINITY;
        continue;
      }
      before = left;
      if (isSettled) {
        await pause(PROBE_EVERY_MS, this.#stop.signal);
        if (left < FEW_CHANGES) continue;
        before = Number.POSITIVE_INFINITY;
      }
      compared = { ...compared, through: await this.#compareChanges(compared.through) };
    }
    this.#stop.abort();
    const { watermark } = await this.#following;
    return { ...compared, watermark };
  }

  async end(): Promise<void> {
    this.#stop.abort();
    this.#context.signal.removeEventListener("abort", this.#onAbort);
    await this.#following?.catch(() => {});
    await this.#autovacuum;
  }

  /** Whether the last comparison of all rows is too old to switch by. */
  async #isStale(): Promise<boolean> {
    const { run } = this.#replay;
    const seconds = await secondsSinceVerified(this.#session, run.id);
    if (seconds === null || seconds * 1_000 <= this.#verifiedWithinMs) return false;
    this.#context.report({
      kind: "step",
      message: `all rows were compared ${renderDuration(seconds * 1_000)} ago, which is too long: once more`,
    });
    return true;
  }

  #follow(): Promise<Followed> {
    const following = followWith(this.#context, this.#replay, {
      until: "stopped",
      signal: this.#stop.signal,
      keepLogFrom: () => this.#floor,
    });
    following.catch((error: unknown) => {
      this.#failed = error;
    });
    return following;
  }

  #refuseStopped(): void {
    if (this.#failed !== undefined) throw this.#failed;
    if (this.#context.signal.aborted) throw new InterruptedError();
  }

  #lastLogged(): Promise<bigint> {
    return this.#context.source.read(lastLogged);
  }

  async #compareAll(): Promise<Compared> {
    const { run } = this.#replay;
    const wait = waitForReplay(this.#session, run, () => this.#context.throttle.isPaused);
    const everything = await verifyEverything(this.#context, this.#session, run, {
      whileBehind: () => {
        this.#refuseStopped();
        return wait();
      },
      onHalf: () => {
        this.#autovacuum = this.#autovacuum.then(() => tryToEndAutovacuum(this.#context, run));
      },
    });
    this.#refuseStopped();
    const result = checkResult([everything]);
    if (!result.ok) throw differencesFound(result);
    if (!everything.counts) return this.#compareAll();
    const totals = { rows: result.rows + pendingRows(everything), differences: 0 };
    this.#context.report({ kind: "step", message: `${renderCount(totals.rows, "row")} compared, no difference` });
    await setVerified(this.#session, run.id, { through: everything.through, totals });
    return { totals, through: everything.through };
  }

  async #compareChanges(through: bigint): Promise<bigint> {
    const { run } = this.#replay;
    const options = verificationOptions(this.#context, this.#session, run);
    const changes = await verifyChanges(options, run.mappings, through);
    this.#refuseStopped();
    const result = checkResult([changes]);
    if (!result.ok) throw differencesFound(result);
    return changes.through;
  }
}

/**
 * It takes a second to give way, for each table that it is at: the fence is not far, and who waits there waits for
 * less.
 */
async function tryToEndAutovacuum(context: Context, run: Run): Promise<void> {
  const session = await context.target.session().catch(() => null);
  if (session === null) return;
  try {
    await interruptAutovacuum(
      session,
      run.mappings.map(({ target }) => target),
    );
  } catch {
    // It is asked once more right before the fence.
  } finally {
    await session.close();
  }
}

/** What was compared by then, if the log still names what has changed since. */
async function comparedBefore(context: Context, { verified, verifiedThrough }: Run): Promise<Compared | null> {
  if (verified === null || verifiedThrough === null) return null;
  return (await context.source.read((tx) => reachesBackTo(tx, verifiedThrough)))
    ? { totals: verified, through: verifiedThrough }
    : null;
}

/** The log from which what was compared already can be brought up to date. */
async function neededFrom(session: TargetSession, run: Run): Promise<bigint> {
  const last = await lastPass(session, run.id);
  const verified = run.verifiedThrough ?? run.watermark;
  return last !== null && last.endedAt === null && last.through < verified ? last.through : verified;
}
