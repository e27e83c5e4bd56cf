import { type CutoverOutcome, cutOver } from "../cutover/cut-over.ts";
import { announceCutover } from "../cutover/fence.ts";
import { lastLogged } from "../db/change-log.ts";
import { loadRun, setPhase, setSourceSchema } from "../db/run-store.ts";
import { readSchemaVersion } from "../db/schema-version.ts";
import { proveForeignKeys, validateForeignKeys } from "../db/suspended.ts";
import type { TargetSession, TargetTransaction } from "../db/target.ts";
import { endBackend } from "../db/target-pulse.ts";
import { loadWayBack } from "../db/way-back-store.ts";
import { type ChangeoverError, messageOf, RefusedError } from "../errors.ts";
import { readSchema } from "../inspect/read-schema.ts";
import type { Notice } from "../model/left-out.ts";
import type { Run, VerificationTotals } from "../model/run.ts";
import { replayBatch } from "../replay/replay-batch.ts";
import { armWayBack, prepareWayBack } from "../return/arm.ts";
import { wayBackLimits } from "../return/limits.ts";
import { expressionsBehindModule } from "../return/through-module.ts";
import { verifyChanges } from "../verify/verify-run.ts";
import { mustLoad, refusePending } from "./begin.ts";
import { checkResult, inFlightRows, verifyOptions } from "./check.ts";
import { presentNotices } from "./confirmation.ts";
import type { Context } from "./context.ts";
import { dropSyncObjects } from "./drop-sync-objects.ts";
import type { HookFacts, Hooks } from "./hooks.ts";
import { sessionsFor } from "./lanes.ts";
import { type Replaying, replaying } from "./sync.ts";
import { type Verified, verifyBeside } from "./verify-beside.ts";
import { holds, renderWhen, type When } from "./when.ts";

export interface CutoverResult {
  readonly ok: boolean;
  readonly downtimeMs: number;
  readonly verified: VerificationTotals;
  readonly phase: Run["phase"];
  /** Why it did not happen. */
  readonly reason?: ChangeoverError | Error;
  /** Foreign keys that the source's own rows break: they stand, unchecked. */
  readonly brokenForeignKeys: readonly string[];
  /** Whether changes of the target are logged, so that one can return without losing any. */
  readonly wayBack: boolean;
  /** What of the schema did not come over as it was, and the run's warnings. */
  readonly notices: readonly Notice[];
}

export interface CutoverSettings {
  /** Whether to arm the way back. */
  readonly wayBack: boolean;
  /** The longest that the application's writes may be refused before the cutover gives up, ms. */
  readonly maxDowntime: number;
  /** What must hold before the fence goes up; all of it. */
  readonly when: readonly When[];
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
  await tellBrokenForeignKeys(context, session, run);
  const replay = await replaying(context, session);
  if (settings.when.length > 0)
    context.report({
      kind: "step",
      message: `the cutover waits ${settings.when.map(renderWhen).join(" and ")}; the sync goes on meanwhile`,
    });
  const verified = await verifyBeside(context, replay, (lag) => settings.when.every((when) => holds(when, lag)));
  return fenceAndOpen(context, replay, verified, settings);
}

/** Behind the fence they come back unchecked, which no row can make fail: what will not be validated is said while one can still think about it. */
async function tellBrokenForeignKeys(context: Context, session: TargetSession, run: Run): Promise<void> {
  for (const { name, relation, definition } of await proveForeignKeys(session, run.id)) {
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
  let watermark = verified.watermark;
  const second = await context.target.session();
  const replayTo = async (seq: bigint) => {
    while (watermark < seq) {
      const batch = await replayBatch(
        {
          run: run.id,
          source: context.source,
          session,
          stage: replay.stage,
          reader: replay.reader,
          signal: context.signal,
        },
        watermark,
      );
      if (batch === null) break;
      watermark = batch.watermark;
    }
  };
  try {
    const arm = settings.wayBack && (await canReturn(context, run));
    if (arm) await prepareWayBack(session, run.mappings);
    // The last stretch before the fence, so that the drain behind it is short.
    await replayTo(await context.source.read(lastLogged));
    // A probe of the second session warms its plans and temporary tables up.
    await verifyChanges(verifyOptions(context, second, run), run.mappings, watermark);
    const facts = { run: run.id, source: run.source, target: context.target.location, rows: verified.totals.rows };
    const failed = await beforeFence(settings.hooks, facts, context.signal);
    if (failed !== null)
      return await undone(
        context,
        session,
        run,
        verified.totals,
        { ok: false, downtimeMs: 0, reason: failed },
        settings.hooks,
      );
    context.report({ kind: "step", message: "the fence goes up: from here the source refuses writes" });
    const outcome: CutoverOutcome = await cutOver({
      run: run.id,
      source: context.source,
      session,
      mappings: run.mappings,
      location: shownLocation(context.target.location),
      maxDowntime: settings.maxDowntime,
      async drain(seq) {
        // The schema as the fence left it, also where there is nothing more to bring over.
        await context.source.read((tx) => replay.drift.check(tx));
        await replayTo(seq);
      },
      afterFence: async (late) =>
        settings.hooks["after-fence"]?.({ ...facts, hook: "after-fence" }, AbortSignal.any([late, context.signal])),
      beforeOpen: async (late) =>
        settings.hooks["before-open"]?.({ ...facts, hook: "before-open" }, AbortSignal.any([late, context.signal])),
      async verify() {
        const changes = await verifyChanges(verifyOptions(context, second, run), run.mappings, verified.through);
        const result = checkResult([changes]);
        // Behind the fence nothing can be in flight: what is, was not drained.
        return { rows: result.rows, differences: result.differences + inFlightRows(changes) };
      },
      onSchemaChange: (tx) => replay.drift.accept(tx),
      ...(arm ? { arm: (tx: TargetTransaction) => armWayBack(tx, run.id, run.mappings) } : {}),
      async isCutOver() {
        const fresh = await context.target.session();
        try {
          // The server may still be at the commit whose answer was lost: until it has ended, "not yet" is no answer.
          if (!(await endBackend(fresh, session.backend)))
            throw new RefusedError({
              code: "TARGET_BUSY",
              message: "the target is still at work for the connection that was lost",
              hint: "run the same command again in a moment",
            });
          return (await loadRun(fresh))?.phase === "cut-over";
        } finally {
          await fresh.close();
        }
      },
    });
    if (!outcome.ok) return await undone(context, session, run, verified.totals, outcome, settings.hooks);
    const opened = await mustLoad(second);
    await afterwards(context, () =>
      settings.hooks["after-open"]?.({ ...facts, hook: "after-open", downtimeMs: outcome.downtimeMs }, context.signal),
    );
    const finished = await finish(context, session.alive ? session : second, opened);
    return { ...finished, downtimeMs: outcome.downtimeMs };
  } finally {
    await second.close();
  }
}

async function undone(
  context: Context,
  session: TargetSession,
  run: Run,
  verified: VerificationTotals,
  outcome: Extract<CutoverOutcome, { ok: false }>,
  hooks: Hooks,
): Promise<CutoverResult> {
  if (session.alive) {
    // The fence came and went: its schema changes are ours, and no reason to stop the next process.
    const version = await context.source.read(readSchemaVersion);
    if (run.sourceSchema !== null) await setSourceSchema(session, run.id, { ...run.sourceSchema, version });
    await setPhase(session, run.id, "syncing");
  }
  await afterwards(context, () =>
    hooks["on-abort"]?.(
      {
        hook: "on-abort",
        run: run.id,
        source: run.source,
        target: context.target.location,
        rows: verified.rows,
        downtimeMs: outcome.downtimeMs,
        reason: outcome.reason.message,
      },
      context.signal,
    ),
  );
  context.report({
    kind: "warning",
    message: `the cutover was undone after ${outcome.downtimeMs} ms: ${outcome.reason.message}`,
  });
  return {
    ok: false,
    downtimeMs: outcome.downtimeMs,
    verified,
    phase: "syncing",
    reason: outcome.reason,
    brokenForeignKeys: [],
    wayBack: false,
    notices: [],
  };
}

/** What cannot go back is said while one can still think about it. */
async function canReturn(context: Context, run: Run): Promise<boolean> {
  if (context.source.kind !== "file") {
    context.report({ kind: "warning", message: "no way back: changes cannot go back to a libSQL server" });
    return false;
  }
  const { tables } = await context.source.read(readSchema);
  for (const mapping of run.mappings) {
    const table = tables.find(({ name }) => name === mapping.source);
    const behind = table === undefined ? [] : expressionsBehindModule(mapping, table);
    if (behind.length > 0) {
      context.report({
        kind: "warning",
        message: `no way back: a rule's expression makes ${behind.join(", ")} of the rows of the virtual table ${table?.virtual?.name ?? ""}, which can then not be written`,
      });
      return false;
    }
    for (const limit of table === undefined ? [] : wayBackLimits(mapping, table))
      context.report({ kind: "warning", message: `way back: table ${mapping.source}: ${limit}` });
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
export async function finish(context: Context, session: TargetSession, run: Run): Promise<CutoverResult> {
  await announceCutover(context.source);
  const broken = await validateForeignKeys(
    { first: session, target: context.target, most: sessionsFor(context) },
    run.id,
  );
  // The way back finds rows by these; `complete` drops them then.
  const wayBack = (await loadWayBack(session, run.id))?.state === "armed";
  if (!wayBack) await dropSyncObjects(session, run.mappings);
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
    wayBack,
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
