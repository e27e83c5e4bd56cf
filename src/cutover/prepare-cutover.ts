import { messageOf, RefusedError } from "../errors.ts";
import { keepSchemaAtCutover, prepareFailbackCapture } from "../failback/capture/enable-failback.ts";
import { closedTarget } from "../run/keep-target-closed.ts";
import { type PreparedFence, prepareFence } from "../source/fence/prepare-fence.ts";
import { actAsReplica, restoreEarly } from "../target/deferred/restore-early.ts";
import { refuseBrokenFence } from "../target/store/closed-target.ts";
import { type Approached, approach } from "./approach.ts";
import type { CutoverResult, CutoverRun } from "./cutover-run.ts";
import { clearAway, undoCutover } from "./undo-cutover.ts";

export type PreparedCutover =
  | (Approached & {
      readonly kind: "ready";
      /** The triggers of the source's fence, which stand there asleep. */
      readonly fence: PreparedFence;
    })
  | { readonly kind: "undone"; readonly result: CutoverResult };

/** Everything before the fence. The application is not stopped yet: what fails here has no downtime. */
export async function prepareCutover(cutover: CutoverRun): Promise<PreparedCutover> {
  const { catchUp, context, hasFailback, hooks, replay } = cutover;
  const { drift, run, session } = replay;
  // Asked once more in the transaction that opens the target, when the application is stopped already.
  await refuseBrokenFence(session, closedTarget(run));
  let isAnnounced = false;
  try {
    const between = () => catchUp.keepUp();
    if (await actAsReplica(session)) await restoreEarly(session, run.id, { between });
    if (hasFailback) {
      await keepSchemaAtCutover(session, run.id, run.mappings);
      await prepareFailbackCapture(session, run.mappings, between);
    }
    const fence = await prepareFence(context.source, {
      mappings: run.mappings,
      location: shownLocation(context.target.location),
      between,
      onSchemaChange: (by) => drift.moved(by),
    });
    const failed = await hooks.run("before-fence").then(() => null, asError);
    if (failed !== null) return { kind: "undone", result: await undoCutover(cutover, failed) };
    isAnnounced = true;
    return { kind: "ready", fence, ...(await approach(cutover)) };
  } catch (error) {
    if (!isAnnounced) {
      await clearAway(cutover).catch(() => {});
      throw error;
    }
    // Whose hook heard that the fence goes up hears that it does not.
    const result = await undoCutover(cutover, asError(error));
    if (error instanceof RefusedError && error.code === "CUTOVER_TIMEOUT") return { kind: "undone", result };
    throw error;
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(messageOf(error));
}

/** Where the data went, for the application's users: neither user nor password. */
function shownLocation(location: string): string {
  return location.replace(/^postgres:\/\/([^@/]*@)?/, "");
}
