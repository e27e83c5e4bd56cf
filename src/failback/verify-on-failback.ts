import type { VerificationTotals } from "../model/run.ts";
import type { Context } from "../run/context.ts";
import { checkResult, differencesFound } from "../run/verification/check-result.ts";
import { verificationOptions } from "../run/verification/verification-options.ts";
import { renderCount } from "../status/render-count.ts";
import { verifyAll } from "../verify/verify-run.ts";
import { type FailbackSession, failbackLog } from "./failback-session.ts";
import { applyBatch } from "./follow-failback.ts";

// Each page looks its keys up in the log, so that a log that only grows makes a comparison as slow as the square of its
// length. Not after each page: new rows at a table's end must be read sooner than more of them come.
const APPLY_EVERY_MS = 2_000;

/**
 * Compares every row of both sides, and brings what changes meanwhile in PostgreSQL between two pages: of each, one
 * snapshot is compared.
 */
export async function verifyOnFailback(
  context: Context,
  failback: FailbackSession,
  { applyEvery = APPLY_EVERY_MS }: { readonly applyEvery?: number } = {},
): Promise<VerificationTotals> {
  const { run, session } = failback;
  let done = 0;
  let appliedAt = performance.now();
  const everything = await verifyAll(
    {
      ...verificationOptions(context, session, run),
      rowidsDropped: false,
      failback: failbackLog(failback, context),
      async rest({ rows }) {
        // Counting rests as well, but amid its snapshot, and tells of no rows: there the source must stay as it is.
        if (rows === 0 || performance.now() - appliedAt < applyEvery) return;
        await applyBatch(context, failback);
        appliedAt = performance.now();
      },
      onRows(table, rows) {
        done += rows;
        context.report({
          kind: "progress",
          phase: "verify",
          done,
          total: Math.max(run.verified?.rows ?? 0, done),
          unit: "rows",
          detail: table,
        });
      },
    },
    run.mappings,
  );
  const result = checkResult([everything]);
  if (!result.ok) throw differencesFound(result);
  context.report({ kind: "step", message: `${renderCount(result.rows, "row")} compared, no difference` });
  const broken = await context.source
    .read((tx) => tx.rows("SELECT count(*) FROM pragma_foreign_key_check"))
    .then(
      ([row]) => Number(row?.[0] ?? 0),
      () => 0,
    );
  if (broken > 0)
    context.report({
      kind: "warning",
      message:
        `${renderCount(broken, "row")} of the source ` +
        `${broken === 1 ? "has a reference" : "have references"} to rows that are not there (PRAGMA ` +
        `foreign_key_check names them): as they came from PostgreSQL, or as they were before`,
    });
  return { rows: result.rows, differences: 0 };
}
