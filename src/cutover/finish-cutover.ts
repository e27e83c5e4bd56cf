import { inTime } from "../in-time.ts";
import type { Run } from "../model/run.ts";
import { presentNotices } from "../run/confirmation.ts";
import type { Context } from "../run/context.ts";
import { dropSleepingFence, dropSyncObjects } from "../run/drop-sync-objects.ts";
import { sessionsFor } from "../run/on-workers.ts";
import { mustLoad } from "../run/require-run.ts";
import { announceCutover } from "../source/fence/fence.ts";
import { unvalidatedForeignKeys, validateForeignKeys } from "../target/deferred/deferred-foreign-keys.ts";
import { loadFailback } from "../target/store/failback-store.ts";
import { setCutoverFinished, setDowntime } from "../target/store/run-store.ts";
import type { TargetSession } from "../target/target.ts";
import { isConnectionLoss } from "../target/target-error.ts";
import type { CutoverResult, CutoverRun } from "./cutover-run.ts";
import type { SwitchOutcome } from "./switch-over.ts";

const RECONNECT_MS = 750;

/** What may take its time once the target is open: validates foreign keys, drops what only the sync needed. */
export async function finishCutover(context: Context, session: TargetSession, run: Run): Promise<CutoverResult> {
  await announceCutover(context.source);
  const broken = await validateForeignKeys(
    { first: session, target: context.target, max: sessionsFor(context) },
    run.id,
  );
  // The failback finds rows by these; `complete` drops them then.
  const failback = (await loadFailback(session, run.id))?.state === "enabled";
  if (!failback) {
    await dropSleepingFence(session);
    await dropSyncObjects(session, run.mappings);
  }
  for (const { name, relation } of broken)
    context.report({
      kind: "warning",
      message: `foreign key ${name} of ${relation} stands but is not validated: rows of the source broke it already`,
    });
  await setCutoverFinished(session, run.id);
  return resultOf(context, session, run, {
    isRepeated: false,
    failback,
    brokenForeignKeys: broken.map(({ name }) => name),
  });
}

/** What a cutover that has nothing left to do came to. Changes nothing. */
export async function finishedCutover(context: Context, session: TargetSession, run: Run): Promise<CutoverResult> {
  const broken = await unvalidatedForeignKeys(session, run.id);
  return resultOf(context, session, run, {
    isRepeated: true,
    failback: (await loadFailback(session, run.id))?.state === "enabled",
    brokenForeignKeys: broken.map(({ name }) => name),
  });
}

async function resultOf(
  context: Context,
  session: TargetSession,
  run: Run,
  facts: Pick<CutoverResult, "isRepeated" | "failback" | "brokenForeignKeys">,
): Promise<CutoverResult> {
  return {
    ...facts,
    ok: true,
    downtimeMs: run.downtimeMs ?? 0,
    cutOverAt: run.cutOverAt,
    verified: run.verified ?? { rows: 0, differences: 0 },
    phase: "cut-over",
    notices: await presentNotices(session, run.id, context.rules),
  };
}

/** The same right behind the switch, on whose way the connection may have been lost. */
export async function finishAfterSwitch(
  { context, replay: { run, session } }: CutoverRun,
  outcome: Extract<SwitchOutcome, { ok: true }>,
): Promise<CutoverResult> {
  try {
    const open = session.alive ? session : await inTime(() => context.target.session(), RECONNECT_MS);
    await inTime(() => setDowntime(open, run.id, outcome.downtimeMs), RECONNECT_MS);
    return await finishCutover(context, open, await inTime(() => mustLoad(open), RECONNECT_MS));
  } catch (error) {
    if (session.alive || !isConnectionLoss(error)) throw error;
    context.report({
      kind: "warning",
      message:
        "the target has taken over, but the connection to it is lost: `changeover cutover` ends what is " +
        "left to do there (checking foreign keys)",
    });
    return {
      ok: true,
      downtimeMs: outcome.downtimeMs,
      verified: outcome.verified,
      phase: "cut-over",
      cutOverAt: null,
      isRepeated: false,
      brokenForeignKeys: [],
      failback: false,
      notices: [],
    };
  }
}
