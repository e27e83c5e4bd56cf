import { RefusedError } from "../errors.ts";
import type { SealedFailback } from "../model/failback.ts";
import type { TableMapping } from "../model/mapping.ts";
import { pause } from "../retry.ts";
import { withBriefLocks } from "../target/brief-locks.ts";
import { openWriters, waitForOpenWriters } from "../target/open-writers.ts";
import { setFailback, setSealed } from "../target/store/failback-store.ts";
import type { TargetReader, TargetSession } from "../target/target.ts";
import { createTargetFence, setTargetFence } from "../target/target-fence-triggers.ts";
import { anyChange } from "./capture/target-changes.ts";

export interface TargetFence {
  readonly run: string;
  readonly session: TargetSession;
  readonly mappings: readonly TableMapping[];
  /** Where the data goes, as refused writers will read it. */
  readonly location: string;
}

/** How long an attempt waits for those who have written and not yet committed; others are refused meanwhile. */
const DRAIN_MS = 800;
/** Who is still at it after that would keep the fence waiting: it is not raised before they have ended. */
const SHORT_TRANSACTION_MS = 100;

/** Gives the triggers to tables that lack them: those that are new since the cutover. They sleep. */
export async function completeTargetFence({ session, mappings }: TargetFence, lockWaitMs: number): Promise<void> {
  await withBriefLocks(session, { lockWaitMs, busy: targetBusy }, (tx) =>
    createTargetFence(
      tx,
      mappings.map(({ target }) => target),
    ),
  );
}

/**
 * From the commit of one statement on, every new write to the tables is refused: a statement that gets its lock from
 * then on meets the new function. Then those are waited for who have written and not yet committed, so nothing of
 * theirs is missed. No table is locked: a server as it comes has no locks for thousands. The fence falls by itself: a
 * killed command must not stop the application for good. Returns when the attempt began that raised it
 * (performance.now()): no write is taken since.
 */
export async function raiseTargetFence(
  { session, location }: TargetFence,
  options: { readonly standsMs: number; readonly lockWaitMs: number },
): Promise<number> {
  const deadline = performance.now() + options.lockWaitMs;
  for (;;) {
    await waitForLongWriters(session, deadline);
    const began = performance.now();
    const [row] = await session.rows<{ until: string }>(
      "select (clock_timestamp() + make_interval(secs => $1))::text as until",
      [options.standsMs / 1000],
    );
    await setTargetFence(session, { kind: "returning", target: location, until: row?.until ?? "" });
    if (await haveWritersEnded(session, began + DRAIN_MS)) return began;
    await setTargetFence(session, { kind: "open" });
    if (performance.now() > deadline) throw targetBusy();
  }
}

async function waitForLongWriters(session: TargetSession, deadline: number): Promise<void> {
  for (let before = await openWriters(session); before.length > 0; ) {
    await pause(SHORT_TRANSACTION_MS);
    const now = await openWriters(session);
    before = now.filter((writer) => before.includes(writer));
    if (before.length > 0 && performance.now() > deadline) throw targetBusy();
  }
}

async function haveWritersEnded(session: TargetSession, until: number): Promise<boolean> {
  const late = new Error("late");
  const between = () => {
    if (performance.now() > until) throw late;
  };
  return waitForOpenWriters(session, { between }).then(
    () => true,
    (error: unknown) => {
      if (error === late) return false;
      throw error;
    },
  );
}

/**
 * Makes the fence permanent, just before the source is opened. Throws if anything was written behind it after all.
 * `sealed` is kept in the same transaction. `remaining`: what is left of the budget, ms; throws once nothing is. The
 * fence stands for a second longer than the budget; what got in while the commit took longer than that undoes the seal.
 */
export async function sealTargetFence(
  { run, session, mappings, location }: TargetFence,
  { remaining, sealed }: { readonly remaining: () => number; readonly sealed: SealedFailback },
): Promise<void> {
  const refuseWritten = async (tx: TargetReader) => {
    await waitForOpenWriters(tx, { between: () => void remaining() });
    if (await anyChange(tx, mappings)) throw fenceExpired();
  };
  await session.transaction(async (tx) => {
    await tx.run(`set local lock_timeout = ${Math.max(1, Math.ceil(remaining()))}`);
    await refuseWritten(tx);
    await setTargetFence(tx, { kind: "returned", target: location });
    await setSealed(tx, run, sealed);
    remaining();
  });
  await refuseWritten(session);
}

/** Takes the fence down: the application goes on with PostgreSQL. Its triggers stay, asleep, and no table is locked. */
export async function lowerTargetFence({ run, session }: Pick<TargetFence, "run" | "session">): Promise<void> {
  await session.transaction(async (tx) => {
    await setTargetFence(tx, { kind: "open" });
    await setFailback(tx, run, "enabled");
  });
}

function fenceExpired(): RefusedError {
  return new RefusedError({
    code: "FENCE_EXPIRED",
    message: "the target was written to behind its fence: it stood for its whole time and fell by itself",
    hint: "run `changeover rollback` again; if it takes too long each time, give it more with --max-downtime",
  });
}

function targetBusy(cause?: unknown): RefusedError {
  return new RefusedError({
    code: "TARGET_BUSY",
    message:
      "a transaction in PostgreSQL held its locks for too long: the target could not be fenced, and is open as before",
    hint: "find it in pg_stat_activity; then run `changeover rollback` again, or give it more time with --max-downtime",
    cause,
  });
}
