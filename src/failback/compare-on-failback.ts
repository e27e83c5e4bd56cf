import { RefusedError } from "../errors.ts";
import { type Context, lockedSession } from "../run/context.ts";
import { refuseRollingBack } from "../run/require-run.ts";
import { type CheckResult, checkResult, NAMED_EXAMPLES } from "../run/verification/check-result.ts";
import { verificationOptions } from "../run/verification/verification-options.ts";
import { loadFailback } from "../target/store/failback-store.ts";
import { loadRun } from "../target/store/run-store.ts";
import { verifyAll } from "../verify/verify-run.ts";
import { failbackLog, openFailback } from "./failback-session.ts";
import { followFailback } from "./follow-failback.ts";
import { presentRun } from "./present-run.ts";

/**
 * The comparison after a cutover with a failback; null where there is none. The source is brought level first; nobody
 * else may bring anything while rows are compared, so a sync hands the run over for that long.
 */
export async function compareOnFailback(
  context: Context,
  options: { readonly examples?: number } = {},
): Promise<CheckResult | null> {
  const reading = await context.target.session();
  const found = await loadRun(reading);
  const failback = found === null ? null : await loadFailback(reading, found.id);
  await reading.close();
  if (found !== null) refuseRollingBack(found);
  if (found === null || failback === null || failback.state === "completed") return null;
  if (failback.state !== "enabled") throw isBack();
  const session = await lockedSession(context, { requestFor: "comparison" });
  try {
    const { run } = await presentRun(session, found);
    const opened = await openFailback(context, session, run);
    await followFailback(context, opened, { until: "caught-up" });
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
    const everything = await verifyAll(
      {
        ...verificationOptions(context, session, run),
        rowidsDropped: false,
        failback: failbackLog(opened, context),
        onRows,
      },
      run.mappings,
    );
    return checkResult([everything], options.examples ?? NAMED_EXAMPLES);
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
