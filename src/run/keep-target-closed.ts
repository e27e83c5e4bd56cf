import { RefusedError } from "../errors.ts";
import type { Run } from "../model/run.ts";
import { withBriefLocks } from "../target/brief-locks.ts";
import { type ClosedTarget, closeTarget, FENCE_CHANGED, isTargetClosed } from "../target/store/closed-target.ts";
import type { TargetSession } from "../target/target.ts";
import type { Context } from "./context.ts";

const MAX_WAIT_MS = 10_000;

/**
 * Until the cutover the target takes no writes but the run's own. Whoever can disable a trigger can write all the same.
 * That is seen, and then all rows are compared again before the target opens.
 */
export async function keepTargetClosed(context: Context, session: TargetSession, run: Run): Promise<void> {
  if (run.phase === "cut-over" || run.phase === "returned") return;
  // What `data` has loaded and opened stays open.
  if (!run.captured && !(await isTargetClosed(session, run.id))) return;
  const { result } = await withBriefLocks(session, { lockWaitMs: MAX_WAIT_MS, busy: targetBusy }, (tx) =>
    closeTarget(tx, { ...closedTarget(run), source: run.source }),
  );
  if (result.kind !== "broken") return;
  const tables = result.tables.join(", ");
  context.report({
    kind: "warning",
    code: "TARGET_FENCE_BROKEN",
    message:
      `others could write to ${tables} of the target, since ${FENCE_CHANGED}: ` +
      "it is there again, and all rows are compared before the cutover",
  });
}

export function closedTarget(run: Pick<Run, "id" | "mappings">): ClosedTarget {
  return { run: run.id, tables: run.mappings.map(({ target }) => target) };
}

function targetBusy(cause: unknown): RefusedError {
  return new RefusedError({
    code: "TARGET_BUSY",
    message:
      "a transaction in PostgreSQL has written to the run's tables and does not end: others are not kept out there",
    hint: "find it in pg_stat_activity and end it; then run the same command again",
    cause,
  });
}
