import type { Run } from "../../model/run.ts";
import type { TargetSession } from "../../target/target.ts";
import type { Verification } from "../../verify/verify-run.ts";
import { watermarkOf } from "../../verify/watermark.ts";
import type { Context } from "../context.ts";
import { nobodyWrites } from "../nobody-writes.ts";
import { onWorkers, processesFor } from "../on-workers.ts";
import { whileWatched } from "../watch-application.ts";
import { checkResult } from "./check-result.ts";
import { RunComparison, type VerifyAllOptions } from "./compare-tables.ts";
import { rowCounter, sizesOf } from "./compared-sizes.ts";
import { verificationOptions } from "./verification-options.ts";
import { openPass } from "./verification-pass.ts";

/**
 * `isResumed`: some of it was compared earlier, and what changed since then must be compared again. `counts`: false if
 * meanwhile the tables were copied again, or a migration changed rows: what was compared before that says nothing.
 */
export type FullVerification = Verification & { readonly isResumed: boolean; readonly counts: boolean };

/** Verifies everything and shows how far it is; goes on where that was interrupted. */
export function verifyEverything(
  context: Context,
  session: TargetSession,
  run: Run,
  options: VerifyAllOptions = {},
): Promise<FullVerification> {
  return whileWatched(context, run, () => verifyTables(context, session, run, options));
}

async function verifyTables(
  context: Context,
  session: TargetSession,
  run: Run,
  options: VerifyAllOptions,
): Promise<FullVerification> {
  const sizes = await sizesOf(session, run);
  context.report({ kind: "step", message: "comparing both sides" });
  const [auxiliary, keeper] = [await context.target.session(), await context.target.session()];
  const plain = verificationOptions(context, session, run);
  try {
    const pass = await openPass(context, run, { session: keeper, restart: options.restart === true });
    const through = pass?.through ?? (await watermarkOf(session, run.id));
    // After the cutover the application writes to the target.
    const isAtRest = plain.rowidsDropped !== true && (await nobodyWrites(context, run));
    const comparison = new RunComparison({
      context,
      plain,
      options,
      sizes,
      pass,
      onRows: rowCounter(context, sizes, options),
    });
    if (isAtRest) await comparison.inParts(processesFor(context, { isAtRest }));
    const items = comparison.left();
    await onWorkers(context, { session, auxiliary, items, isAtRest }, (mappings, worker) =>
      comparison.compare(mappings, worker),
    );
    const everything = { through, tables: comparison.tables(run.mappings) };
    const { differences, rows } = checkResult([everything]);
    const counts = pass === null || (await pass.end({ rows, differences }));
    if (!counts)
      context.report({
        kind: "warning",
        message: "a migration, a VACUUM or a resync invalidated rows while they were compared: all are compared again",
      });
    return { ...everything, isResumed: pass?.isResumed === true, counts };
  } finally {
    await auxiliary.close();
    await keeper.close();
  }
}
