import { readSchemaState } from "../capture/schema-state.ts";
import type { Run, VerificationTotals } from "../model/run.ts";
import { withRetry } from "../retry.ts";
import { logKeys } from "../rows/log-entries.ts";
import type { Context } from "../run/context.ts";
import { lowerFence } from "../source/fence/fence.ts";
import { dismantleFence, forgetFenceChanges } from "../source/fence/prepare-fence.ts";
import { loadFailback, loadSealed, setFailback } from "../target/store/failback-store.ts";
import { recordCaughtUp, setPhase, setSourceSchema } from "../target/store/run-store.ts";
import { setVerified } from "../target/store/verified-store.ts";
import type { TargetSession } from "../target/target.ts";
import type { FailbackProgress } from "./failback-progress.ts";
import type { FailbackResult } from "./failback-result.ts";
import { raiseCounters } from "./open-source.ts";
import { openedAt, recordOpened } from "./source-record.ts";

/** What must not be left undone because a database failed for a moment is tried again after these. */
export const FAILBACK_DELAYS_MS = [50, 100, 200, 400, 800, 1_600, 3_200];

export interface Sealed {
  readonly verified: VerificationTotals;
  /** performance.now() from which the target refuses writes. */
  readonly fencedAt: number;
  readonly progress: FailbackProgress;
}

/**
 * The target is fenced for good, so the source is opened: the counters raised and the fence down in one transaction.
 * From there on its log tells what the application writes, in case it wants to go forward again. Needs nothing of the
 * process that sealed.
 */
export async function finishFailback(
  context: Context,
  session: TargetSession,
  run: Run,
  { fencedAt, progress, verified }: Sealed,
): Promise<FailbackResult> {
  const { keys, losses, sequences } = await loadSealed(session, run.id);
  const open = () =>
    lowerFence(context.source, async (tx) => {
      await forgetFenceChanges(tx);
      await raiseCounters(tx, sequences);
      await recordOpened(tx, run.id);
      // Should the run go forward again, PostgreSQL takes these rows as the source has them.
      for (const mapping of run.mappings) await logKeys(tx, mapping, keys.get(mapping.id) ?? []);
    });
  const retryIf = () => {
    progress.to("failed");
    return true;
  };
  await withRetry(open, { delays: FAILBACK_DELAYS_MS, retryIf });
  progress.to("source-opened");
  const downtimeMs = Math.round(performance.now() - fencedAt);
  await recordReturn(context, session, run);
  progress.to("run-recorded");
  const failback = await loadFailback(session, run.id);
  return {
    ok: true,
    downtimeMs,
    verified,
    phase: "returned",
    rounded: Number(failback?.rounded ?? 0n),
    losses,
  };
}

async function recordReturn(context: Context, session: TargetSession, run: Run): Promise<void> {
  const opened = await context.source.read(async (tx) => ({
    schema: await readSchemaState(tx),
    at: await openedAt(tx),
  }));
  await session.transaction(async (tx) => {
    await setSourceSchema(tx, run.id, opened.schema, opened.at);
    await setVerified(tx, run.id, null);
    await setFailback(tx, run.id, "returned");
    await setPhase(tx, run.id, "returned");
    // Both hold the same now; the forward sync was last caught up before the cutover.
    await recordCaughtUp(tx, run.id);
  });
  // Asleep, the triggers cost each write a read; the application has long been let in.
  let moved = 0;
  await dismantleFence(context.source, { onSchemaChange: (by) => void (moved += by) });
  await setSourceSchema(session, run.id, { ...opened.schema, version: opened.schema.version + moved }, opened.at);
}
