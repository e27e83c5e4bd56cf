import { loadRun } from "../db/run-store.ts";
import { loadWayBack } from "../db/way-back-store.ts";
import { RefusedError } from "../errors.ts";
import { verifyAll } from "../verify/verify-run.ts";
import { refuseRollingBack } from "./begin.ts";
import { type CheckOptions, type CheckResult, checkResult, EXAMPLES, verifyOptions } from "./check.ts";
import { type Context, lockedSession } from "./context.ts";
import { presentRun } from "./failback-losses.ts";
import { followBack } from "./follow-back.ts";
import { returning, wayBackLog } from "./way-back.ts";

/**
 * The comparison after a cutover with a way back; null where there is none. The source is brought level first; nobody else may
 * bring anything while rows are compared, so a sync hands the run over for that long.
 */
export async function compareOnWayBack(
  context: Context,
  options: Pick<CheckOptions, "examples"> = {},
): Promise<CheckResult | null> {
  const look = await context.target.session();
  const found = await loadRun(look);
  const wayBack = found === null ? null : await loadWayBack(look, found.id);
  await look.close();
  if (found !== null) refuseRollingBack(found);
  if (found === null || wayBack === null || wayBack.state === "completed") return null;
  if (wayBack.state !== "armed") throw isBack();
  const session = await lockedSession(context, { handover: "comparison" });
  try {
    const { run } = await presentRun(session, found);
    const back = await returning(context, session, run);
    await followBack(context, back, { until: "even" });
    context.report({ kind: "step", message: "comparing both sides" });
    let done = 0;
    const onRows = (detail: string, rows: number) => {
      done += rows;
      context.report({
        kind: "progress",
        phase: "verify",
        done,
        total: Math.max(found.verified?.rows ?? 0, done),
        unit: "rows",
        detail,
      });
    };
    const whole = await verifyAll(
      { ...verifyOptions(context, session, run), rowidsDropped: false, wayBack: wayBackLog(back, context), onRows },
      run.mappings,
    );
    return checkResult([whole], options.examples ?? EXAMPLES);
  } finally {
    await session.close();
  }
}

function isBack(): RefusedError {
  return new RefusedError({
    code: "RETURNED",
    message: "the application is back on the source, or about to be: the target is what the source was at that moment",
    hint: "`changeover sync` goes forward again, and then both sides can be compared",
  });
}
