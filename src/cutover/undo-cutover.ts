import { type ChangeoverError, messageOf } from "../errors.ts";
import { forgetPrepared } from "../failback/capture/enable-failback.ts";
import { inTime } from "../in-time.ts";
import { dismantleFence } from "../source/fence/prepare-fence.ts";
import { deferEarlyAgain } from "../target/deferred/restore-early.ts";
import { setPhase, setSourceSchema } from "../target/store/run-store.ts";
import type { CutoverResult, CutoverRun } from "./cutover-run.ts";

const RECORD_MS = 750;
const FORGET_MS = 2_000;

/** The fence is down: removes what the cutover had prepared, tells the hook and the person, and the sync goes on. */
export async function undoCutover(
  cutover: CutoverRun,
  reason: ChangeoverError | Error,
  downtimeMs = 0,
): Promise<CutoverResult> {
  const { context, hooks, verified } = cutover;
  await clearAway(cutover).catch((error: unknown) => {
    context.report({
      kind: "warning",
      message:
        `the application writes as before; what is left of the cutover could not be cleared away, which ` +
        `the next \`changeover sync\` or \`cutover\` does: ${messageOf(error)}`,
    });
  });
  await hooks.runAfterwards("on-abort", { downtimeMs, reason: reason.message });
  context.report({
    kind: "warning",
    code: "CUTOVER_UNDONE",
    message: `the cutover was undone after ${downtimeMs} ms: ${reason.message}`,
  });
  return {
    ok: false,
    downtimeMs,
    verified,
    phase: "syncing",
    cutOverAt: null,
    isRepeated: false,
    reason,
    brokenForeignKeys: [],
    failback: false,
    notices: [],
  };
}

/** Drops the fence's triggers and the failback's, which sleep, and records that the run syncs as before. */
export async function clearAway({ context, replay: { drift, run, session } }: CutoverRun): Promise<void> {
  // How often they moved the schema's version is kept in the source: the next command records it, and drops them.
  if (!session.alive) return;
  await dismantleFence(context.source, { onSchemaChange: (by) => drift.moved(by) });
  // The fence came and went: its schema changes are ours, and no reason to stop the next process.
  await inTime(async () => {
    await setSourceSchema(session, run.id, drift.known);
    await setPhase(session, run.id, "syncing");
  }, RECORD_MS);
  // They sleep, so what is left of them is the next command's to drop. It does so before it replays.
  await inTime(async () => {
    await deferEarlyAgain(session, run.id);
    await forgetPrepared(session, run.mappings);
  }, FORGET_MS).catch(() => {});
}
