import { setTimeout as delay } from "node:timers/promises";
import { InterruptedError } from "../errors.ts";
import type { Run, VerificationTotals } from "../model/run.ts";
import { lastLogged, reachesBackTo } from "../rows/change-log.ts";
import { mustLoad } from "../run/begin.ts";
import type { Context } from "../run/context.ts";
import { followWith, type Replaying } from "../run/sync.ts";
import { renderCount } from "../status/render-count.ts";
import { interruptAutovacuum } from "../target/interrupt-autovacuum.ts";
import { lastPass } from "../target/store/verification-store.ts";
import { extendVerification, setVerified } from "../target/store/verified-store.ts";
import type { TargetSession } from "../target/target.ts";
import { verifyChanges } from "../verify/verify-run.ts";
import {
  checkResult,
  differencesFound,
  pendingRows,
  verify,
  verifyOptions,
  withRetry as waitingForReplay,
} from "./check.ts";

/** What a verification that is kept up to date has reached. */
export interface Verified {
  readonly totals: VerificationTotals;
  /** Keys logged after this are still to be compared. */
  readonly through: bigint;
  readonly watermark: bigint;
}

// Few enough to compare again within milliseconds, behind the fence.
const FEW_CHANGES = 2_000;

const LOOK_EVERY_MS = 200;

/**
 * Replays and verifies side by side until only a few changes are left to compare, and goes on with both for as long as
 * the cutover is postponed.
 */
export async function verifyDuringSync(
  context: Context,
  replay: Replaying,
  isTime: (lag: number) => boolean,
): Promise<Verified> {
  const stop = new AbortController();
  const onAbort = () => stop.abort();
  context.signal.addEventListener("abort", onAbort, { once: true });
  const session = await context.target.session();
  let floor: bigint | null = await neededFrom(session, replay.run);
  const following = followWith(context, replay, { until: "stopped", signal: stop.signal, keepLogFrom: () => floor });
  let autovacuum = Promise.resolve();
  let failed: unknown;
  following.catch((error: unknown) => {
    failed = error;
  });
  const stillFollowing = () => {
    if (failed !== undefined) throw failed;
    if (context.signal.aborted) throw new InterruptedError();
  };
  try {
    const compareAll = async (): Promise<Compared> => {
      const waitForReplay = waitingForReplay(session, replay.run);
      const whileBehind = () => {
        stillFollowing();
        return waitForReplay();
      };
      const whole = await verify(context, session, replay.run, {
        whileBehind,
        onHalf: () => (autovacuum = autovacuum.then(() => endedAutovacuum(context, replay.run))),
      });
      stillFollowing();
      const result = checkResult([whole]);
      if (!result.ok) throw differencesFound(result);
      if (!whole.counts) return compareAll();
      const totals = { rows: result.rows + pendingRows(whole), differences: 0 };
      context.report({ kind: "step", message: `${renderCount(totals.rows, "row")} compared, no difference` });
      await setVerified(session, replay.run.id, { through: whole.through, totals });
      return { totals, through: whole.through };
    };
    let { totals, through } = (await comparedBefore(context, replay.run)) ?? (await compareAll());
    let before = Number.POSITIVE_INFINITY;
    for (;;) {
      stillFollowing();
      floor = through;
      if (!(await extendVerification(session, replay.run.id, { through, totals }))) {
        ({ totals, through } = await compareAll());
        before = Number.POSITIVE_INFINITY;
        continue;
      }
      const left = Number((await context.source.read(lastLogged)) - through);
      // A round takes as long as the writer gives it work: when it no longer shrinks, more rounds are of no use.
      const settled = left < FEW_CHANGES || left > before * 0.8;
      const lag = Number((await context.source.read(lastLogged)) - (await mustLoad(session)).watermark);
      if (settled && isTime(lag)) break;
      before = left;
      if (settled) {
        await delay(LOOK_EVERY_MS, undefined, { signal: stop.signal }).catch(() => {});
        if (left < FEW_CHANGES) continue;
        before = Number.POSITIVE_INFINITY;
      }
      const changes = await verifyChanges(verifyOptions(context, session, replay.run), replay.run.mappings, through);
      stillFollowing();
      const result = checkResult([changes]);
      if (!result.ok) throw differencesFound(result);
      through = changes.through;
    }
    stop.abort();
    const { watermark } = await following;
    return { totals, through, watermark };
  } finally {
    stop.abort();
    context.signal.removeEventListener("abort", onAbort);
    await following.catch(() => {});
    await autovacuum;
    await session.close();
  }
}

/** It takes a second to give way, for each table that it is at: the fence is not far, and whoever waits there waits for less. */
async function endedAutovacuum(context: Context, run: Run): Promise<void> {
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

type Compared = Pick<Verified, "totals" | "through">;

/** What was compared by then, if the log still says what has changed since. */
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
