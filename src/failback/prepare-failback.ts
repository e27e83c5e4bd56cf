import type { FailbackLoss } from "../model/failback-loss.ts";
import type { Run, VerificationTotals } from "../model/run.ts";
import type { Context } from "../run/context.ts";
import { renderLosses } from "../status/render-losses.ts";
import { interruptAutovacuum } from "../target/interrupt-autovacuum.ts";
import { stateSql } from "../target/state-schema.ts";
import type { TargetSession } from "../target/target.ts";
import { type FailbackSession, openFailback } from "./failback-session.ts";
import { followFailback } from "./follow-failback.ts";
import { type AcceptLosses, beyond, isAnnounced, losesData, lossBehindFence, presentRun } from "./present-run.ts";
import type { ValueLosses } from "./value-losses.ts";
import { verifyOnFailback } from "./verify-on-failback.ts";

export interface PreparedFailback {
  readonly failback: FailbackSession;
  readonly totals: VerificationTotals;
  /** What of the schema does not come along, as someone accepted it. */
  readonly accepted: readonly FailbackLoss[];
  /** Of the target's schema when its losses were listed. */
  readonly fingerprint: string;
}

/**
 * All that comes before the fence: what changed is brought, everything is compared, and what cannot go back is listed
 * and asked about. The comparison reads every value of both sides, so that nothing is left out of the list, whenever it
 * came.
 */
export async function prepareFailback(
  context: Context,
  session: TargetSession,
  run: Run,
  accept: AcceptLosses,
): Promise<PreparedFailback | "interrupted"> {
  let fingerprint = await schemaFingerprint(session);
  let present = await presentRun(session, run);
  const failback = await openFailback(context, session, present.run);
  context.report({ kind: "step", message: "bringing what changed in PostgreSQL back to the source" });
  if ((await followFailback(context, failback, { until: "caught-up" })) === "stopped") return "interrupted";
  // Values that were put right since they were brought are no losses any more.
  failback.losses.clear();
  const totals = await verifyOnFailback(context, failback);
  for (let isAsked = true; isAsked; ) {
    await ask(context, [...present.losses, ...failback.losses.list()], accept);
    failback.losses.accept();
    await interruptAutovacuum(
      session,
      failback.run.mappings.map(({ target }) => target),
    );
    // It may take seconds, and what is written in them is to be brought before the fence, not behind it.
    if ((await followFailback(context, failback, { until: "caught-up" })) === "stopped") return "interrupted";
    fingerprint = await schemaFingerprint(session);
    const now = await presentRun(session, run);
    isAsked = failback.losses.isLate || beyond(present.losses, now.losses).length > 0;
    present = { ...present, losses: now.losses };
  }
  return { failback, totals, accepted: present.losses, fingerprint };
}

async function ask(context: Context, losses: readonly FailbackLoss[], accept: AcceptLosses): Promise<void> {
  const announced = losses.filter((loss) => loss.announced);
  for (const line of renderLosses(announced)) context.report({ kind: "warning", message: line.trim() });
  if (isAnnounced(losses)) return;
  if (!(await accept(losses))) throw losesData(losses);
  for (const line of renderLosses(losses.filter((loss) => !loss.announced)))
    context.report({ kind: "warning", message: `accepted: ${line.trim()}` });
}

export interface LateLosses {
  readonly accepted: readonly FailbackLoss[];
  readonly losses: ValueLosses;
  readonly fingerprint: string;
}

async function schemaFingerprint(session: TargetSession): Promise<string> {
  const [row] = await session.rows<{ fingerprint: string }>(stateSql(session, "target/schema-fingerprint"));
  return row?.fingerprint ?? "";
}

/** Behind the fence nobody is asked: what came after the list was accepted undoes the return. */
export async function refuseLateLosses(
  session: TargetSession,
  run: Run,
  { accepted, fingerprint, losses }: LateLosses,
): Promise<void> {
  if (losses.isLate) throw lossBehindFence(losses.list());
  // The whole catalogue was read before the fence: with a thousand tables that takes a third of a second.
  if ((await schemaFingerprint(session)) === fingerprint) return;
  const late = beyond(accepted, (await presentRun(session, run)).losses);
  if (late.length > 0) throw lossBehindFence(late);
}
