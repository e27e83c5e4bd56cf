import { type CutoverOutcome, cutOver, type Timeline } from "../cutover/cut-over.ts";
import { announceCutover } from "../cutover/fence.ts";
import { dismantleFence, prepareFence } from "../cutover/prepare-fence.ts";
import { type ChangeoverError, messageOf, RefusedError } from "../errors.ts";
import { enableFailback, forgetPrepared, prepareFailback } from "../failback/enable-failback.ts";
import { countingColumns, failbackLimits } from "../failback/limits.ts";
import { expressionsBehindModule } from "../failback/through-module.ts";
import { inTime } from "../in-time.ts";
import { readSchema } from "../inspect/read-schema.ts";
import type { Notice } from "../model/left-out.ts";
import type { Run, VerificationTotals } from "../model/run.ts";
import { mustLoad, refusePending } from "../run/begin.ts";
import { presentNotices } from "../run/confirmation.ts";
import type { Context } from "../run/context.ts";
import { dropSleepingFence, dropSyncObjects } from "../run/drop-sync-objects.ts";
import { closedTarget } from "../run/keep-target-closed.ts";
import { sessionsFor } from "../run/on-workers.ts";
import { type Replaying, replaying } from "../run/sync.ts";
import { endBackend } from "../target/backend-state.ts";
import { testForeignKeys, validateForeignKeys } from "../target/deferred/deferred-foreign-keys.ts";
import { refuseBrokenFence } from "../target/store/closed-target.ts";
import { loadFailback } from "../target/store/failback-store.ts";
import { loadRun, setPhase, setSourceSchema } from "../target/store/run-store.ts";
import type { TargetSession, TargetTransaction } from "../target/target.ts";
import { isConnectionLoss } from "../target/target-error.ts";
import { type Approached, approach, Nearing } from "./approach.ts";
import type { HookFacts, Hooks } from "./hooks.ts";
import { holds, type PostponeCondition, renderPostponeCondition } from "./postpone-condition.ts";
import { type Verified, verifyDuringSync } from "./verify-during-sync.ts";

export interface CutoverResult {
  readonly ok: boolean;
  readonly downtimeMs: number;
  readonly verified: VerificationTotals;
  readonly phase: Run["phase"];
  /** What the time behind the fence went to. */
  readonly timeline?: Timeline;
  /** Why it did not happen. */
  readonly reason?: ChangeoverError | Error;
  /** Foreign keys that the source's own rows break: they stand, unchecked. */
  readonly brokenForeignKeys: readonly string[];
  /** Whether changes of the target are logged, so that one can return without losing any. */
  readonly failback: boolean;
  /** What of the schema did not come over as it was, and the run's warnings. */
  readonly notices: readonly Notice[];
}

export interface CutoverSettings {
  /** Whether to arm the failback. */
  readonly failback: boolean;
  /** The longest that the application's writes may be refused before the cutover gives up, ms. */
  readonly maxDowntime: number;
  /** What must hold before the fence goes up; all of it. */
  readonly when: readonly PostponeCondition[];
  readonly hooks: Hooks;
}

/** Verifies while the sync goes on, then cuts over. The session holds the run's lock. */
export async function verifyAndCutOver(
  context: Context,
  session: TargetSession,
  settings: CutoverSettings,
): Promise<CutoverResult> {
  const run = await mustLoad(session);
  if (run.phase === "cut-over") return finish(context, session, run);
  if (run.phase !== "syncing") throw notSynced(run);
  await refusePending(context, session);
  await reportBrokenForeignKeys(context, session, run);
  const replay = await replaying(context, session);
  if (settings.when.length > 0)
    context.report({
      kind: "step",
      message: `the cutover waits ${settings.when.map(renderPostponeCondition).join(" and ")}; the sync goes on meanwhile`,
    });
  const verified = await verifyDuringSync(context, replay, (lag) => settings.when.every((when) => holds(when, lag)));
  return fenceAndOpen(context, replay, verified, settings);
}

/** Behind the fence they come back unchecked, which no row can make fail: what will not be validated is said while one can still think about it. */
async function reportBrokenForeignKeys(context: Context, session: TargetSession, run: Run): Promise<void> {
  for (const { name, relation, definition } of await testForeignKeys(session, run.id)) {
    context.report({
      kind: "warning",
      message: `rows of the source break the foreign key ${name} of ${relation} (${definition}): after the cutover it stands, but is not validated`,
    });
  }
}

async function fenceAndOpen(
  context: Context,
  replay: Replaying,
  verified: Verified,
  settings: CutoverSettings,
): Promise<CutoverResult> {
  const { run, session } = replay;
  const second = await context.target.session();
  const nearing = new Nearing({ context, replay, second, verified });
  const enable = settings.failback && (await canFailBack(context, run));
  const facts = { run: run.id, source: run.source, target: context.target.location, rows: verified.totals.rows };
  const undo = (reason: Error, downtimeMs = 0) =>
    undone(context, replay, { verified: verified.totals, reason, downtimeMs, hooks: settings.hooks });
  try {
    // Once more in the transaction that opens the target; here the application has not been stopped yet.
    await refuseBrokenFence(session, closedTarget(run));
    let approached: Approached;
    let isHooked = false;
    try {
      if (enable) await prepareFailback(session, run.mappings, () => nearing.keepUp());
      // What the wake of the fence and the opening touch is made, locked and tried while the application writes.
      const triggers = await prepareFence(context.source, {
        mappings: run.mappings,
        location: shownLocation(context.target.location),
        between: () => nearing.keepUp(),
        onSchemaChange: (by) => replay.drift.moved(by),
      });
      const failed = await beforeFence(settings.hooks, facts, context.signal);
      if (failed !== null) return await undo(failed);
      isHooked = true;
      approached = {
        triggers,
        ...(await approach(context, nearing, { maxDowntime: settings.maxDowntime, enable, replay })),
      };
    } catch (error) {
      // Whoever was told that the fence goes up is told that it does not.
      const undone = isHooked && error instanceof Error ? await undo(error) : null;
      if (undone !== null && error instanceof RefusedError && error.code === "CUTOVER_TIMEOUT") return undone;
      if (undone === null) await takeBack(context, replay).catch(() => {});
      throw error;
    }
    context.report({ kind: "step", message: "the fence goes up: from here the source refuses writes" });
    const outcome: CutoverOutcome = await cutOver({
      run: run.id,
      source: context.source,
      session,
      mappings: run.mappings,
      objects: approached.objects,
      triggers: approached.triggers,
      sequences: approached.sequences,
      maxDowntime: settings.maxDowntime,
      async drain(seq) {
        // The schema as the fence left it, also where there is nothing more to bring over.
        await context.source.read((tx) => replay.drift.check(tx));
        await nearing.replayTo(seq);
      },
      afterFence: async (late) =>
        settings.hooks["after-fence"]?.({ ...facts, hook: "after-fence" }, AbortSignal.any([late, context.signal])),
      beforeOpen: async (late) =>
        settings.hooks["before-open"]?.({ ...facts, hook: "before-open" }, AbortSignal.any([late, context.signal])),
      verify: () => nearing.verifyRest(),
      ...(enable ? { enable: (tx: TargetTransaction) => enableFailback(tx, run.id, run.mappings) } : {}),
      isCutOver: () => isCutOver(context, session),
    });
    const { timeline } = outcome;
    if (!outcome.ok) return { ...(await undo(outcome.reason, outcome.downtimeMs)), timeline };
    await afterwards(context, () =>
      settings.hooks["after-open"]?.({ ...facts, hook: "after-open", downtimeMs: outcome.downtimeMs }, context.signal),
    );
    return { ...(await finishAgain(context, session, outcome)), downtimeMs: outcome.downtimeMs, timeline };
  } finally {
    await second.close();
  }
}

/** Asks a new connection how a commit ended whose answer was lost. */
async function isCutOver(context: Context, lost: TargetSession): Promise<boolean> {
  const fresh = await context.target.session();
  try {
    // The server may still be at that commit: until it has ended, "not yet" is no answer.
    if (!(await endBackend(fresh, lost.backend)))
      throw new RefusedError({
        code: "TARGET_BUSY",
        message: "the target is still at work for the connection that was lost",
        hint: "run the same command again in a moment",
      });
    return (await loadRun(fresh))?.phase === "cut-over";
  } finally {
    await fresh.close();
  }
}

const TELL_MS = 750;
const FORGET_MS = 2_000;

/** The target has taken over; what is left takes its time, and a connection that may have been lost on the way. */
async function finishAgain(
  context: Context,
  session: TargetSession,
  outcome: Extract<CutoverOutcome, { ok: true }>,
): Promise<CutoverResult> {
  try {
    const own = session.alive ? session : await inTime(() => context.target.session(), TELL_MS);
    return await finish(context, own, await (own === session ? mustLoad(own) : inTime(() => mustLoad(own), TELL_MS)));
  } catch (error) {
    if (session.alive || !isConnectionLoss(error)) throw error;
    context.report({
      kind: "warning",
      message:
        "the target has taken over, but the connection to it is lost: `changeover cutover` ends what is left to do there (checking foreign keys)",
    });
    return {
      ok: true,
      downtimeMs: outcome.downtimeMs,
      verified: outcome.reverified,
      phase: "cut-over",
      brokenForeignKeys: [],
      failback: false,
      notices: [],
    };
  }
}

interface Undone {
  readonly verified: VerificationTotals;
  readonly downtimeMs: number;
  readonly reason: ChangeoverError | Error;
  readonly hooks: Hooks;
}

/** The fence is down: takes its triggers off the source again, and tells the target that the sync goes on. */
async function takeBack(context: Context, { drift, run, session }: Replaying): Promise<void> {
  // They sleep, and how often they moved the schema's version stands beside them: the next command, which can note it, clears them away.
  if (!session.alive) return;
  await dismantleFence(context.source, { onSchemaChange: (by) => drift.moved(by) });
  // The fence came and went: its schema changes are ours, and no reason to stop the next process.
  await inTime(async () => {
    await setSourceSchema(session, run.id, drift.known);
    await setPhase(session, run.id, "syncing");
  }, TELL_MS);
  // They sleep, so what is left of them is the next command's to clear away.
  await inTime(() => forgetPrepared(session, run.mappings), FORGET_MS).catch(() => {});
}

async function undone(
  context: Context,
  replay: Replaying,
  { downtimeMs, hooks, reason, verified }: Undone,
): Promise<CutoverResult> {
  const { run } = replay;
  await takeBack(context, replay).catch((error: unknown) => {
    context.report({
      kind: "warning",
      message: `the application writes as before; what is left of the cutover could not be cleared away, which the next \`changeover sync\` or \`cutover\` does: ${messageOf(error)}`,
    });
  });
  await afterwards(context, () =>
    hooks["on-abort"]?.(
      {
        hook: "on-abort",
        run: run.id,
        source: run.source,
        target: context.target.location,
        rows: verified.rows,
        downtimeMs,
        reason: reason.message,
      },
      context.signal,
    ),
  );
  context.report({ kind: "warning", message: `the cutover was undone after ${downtimeMs} ms: ${reason.message}` });
  return {
    ok: false,
    downtimeMs,
    verified,
    phase: "syncing",
    reason,
    brokenForeignKeys: [],
    failback: false,
    notices: [],
  };
}

/** What cannot go back is said while one can still think about it. */
async function canFailBack(context: Context, run: Run): Promise<boolean> {
  if (context.source.kind !== "file") {
    context.report({ kind: "warning", message: "no failback: changes cannot go back to a libSQL server" });
    return false;
  }
  const { tables } = await context.source.read(readSchema);
  for (const mapping of run.mappings) {
    const table = tables.find(({ name }) => name === mapping.source);
    const behind = table === undefined ? [] : expressionsBehindModule(mapping, table);
    if (behind.length > 0) {
      context.report({
        kind: "warning",
        message: `no failback: a rule's expression makes ${behind.join(", ")} of the rows of the virtual table ${table?.virtual?.name ?? ""}, which can then not be written`,
      });
      return false;
    }
    for (const limit of table === undefined
      ? []
      : failbackLimits(mapping, table, await countingColumns(context.source, mapping)))
      context.report({ kind: "warning", message: `failback: table ${mapping.source}: ${limit}` });
  }
  return true;
}

async function beforeFence(hooks: Hooks, facts: Omit<HookFacts, "hook">, signal: AbortSignal): Promise<Error | null> {
  try {
    await hooks["before-fence"]?.({ ...facts, hook: "before-fence" }, signal);
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(messageOf(error));
  }
}

/** A hook that fails when all is decided is told of, and changes nothing. */
async function afterwards(context: Context, hook: () => Promise<void> | undefined): Promise<void> {
  try {
    await hook();
  } catch (error) {
    context.report({ kind: "warning", message: messageOf(error) });
  }
}

/** What may take its time once the target is open: checks foreign keys, drops what only the sync needed. Safe to run again. */
async function finish(context: Context, session: TargetSession, run: Run): Promise<CutoverResult> {
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
  return {
    ok: true,
    downtimeMs: run.downtimeMs ?? 0,
    verified: run.verified ?? { rows: 0, differences: 0 },
    phase: "cut-over",
    brokenForeignKeys: broken.map(({ name }) => name),
    failback,
    notices: await presentNotices(session, run.id, context.rules),
  };
}

/** Where the data went, for the application's users: neither user nor password. */
function shownLocation(location: string): string {
  return location.replace(/^postgres:\/\/([^@/]*@)?/, "");
}

function notSynced(run: Run): RefusedError {
  return new RefusedError({
    code: "NOT_SYNCED",
    message: run.captured
      ? `the run is ${run.phase}: a cutover needs a target that has caught up`
      : "this target was loaded by `changeover data`, without capture: there is nothing to cut over",
    hint: run.captured
      ? "`changeover sync --until caught-up` gets it there; `changeover full` does all in order"
      : "point the application to the target",
    context: { phase: run.phase },
  });
}
