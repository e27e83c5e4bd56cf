import { autoincrementCounters, setSequences } from "../cutover/set-sequences.ts";
import { RefusedError } from "../errors.ts";
import type { Run } from "../model/run.ts";
import type { SourceBackup } from "../run/back-up-source.ts";
import { beginRun } from "../run/begin.ts";
import { type Context, inPhase, withReconnect } from "../run/context.ts";
import { dropSleepingFence } from "../run/drop-sync-objects.ts";
import { closedTarget } from "../run/keep-target-closed.ts";
import { load } from "../run/load.ts";
import { sessionsFor } from "../run/on-workers.ts";
import { mustLoad } from "../run/require-run.ts";
import { type CheckResult, checkResult } from "../run/verification/check-result.ts";
import { verifyEverything } from "../run/verification/verify-everything.ts";
import { validateForeignKeys } from "../target/deferred/deferred-foreign-keys.ts";
import { restoreDeferred } from "../target/deferred/restore-deferred.ts";
import { stateOf } from "../target/state-schema.ts";
import { isTargetClosed, openClosedTarget } from "../target/store/closed-target.ts";
import type { TargetSession } from "../target/target.ts";

/** What was copied without being compared. */
export interface Unverified {
  readonly ok: true;
  /** Rows that were copied. */
  readonly rows: number;
}

/**
 * Copies a source at rest, puts everything back on the target and compares both sides. Nothing is added to the source.
 */
export function loadAtRest(context: Context, backup?: SourceBackup): Promise<CheckResult> {
  return atRest(context, backup, async (session, run) => checkResult([await verifyEverything(context, session, run)]));
}

/** The same without comparing: `check` can do that later. */
export function loadUnverified(context: Context, backup?: SourceBackup): Promise<Unverified> {
  return atRest(context, backup, async (session, run) => {
    const [copied] = await session.rows<{ rows: string }>(
      `select coalesce(sum(copied), 0)::text as rows from ${stateOf(session)}.table_state where run = $1`,
      [run.id],
    );
    return { ok: true, rows: Number(copied?.rows ?? 0) };
  });
}

function atRest<T extends { readonly ok: boolean }>(
  context: Context,
  backup: SourceBackup | undefined,
  finish: (session: TargetSession, run: Run) => Promise<T>,
): Promise<T> {
  context.throttle.beAlone();
  return withReconnect(context, async (session) => {
    const before = await context.source.read(fileVersion);
    await beginRun(context, session, { capture: false, backup });
    await load(inPhase(context, "copy"), session);
    const run = await mustLoad(session);
    const counters = await autoincrementCounters(context.source);
    await session.transaction((tx) => setSequences(tx, run.mappings, counters));
    const sessions = { first: session, target: context.target, max: sessionsFor(context) };
    await restoreDeferred(sessions, run.id, ["cutover"]);
    await validateForeignKeys(sessions, run.id, { orThrow: true });
    const second = await context.target.session();
    const result = await finish(second, run).finally(() => second.close());
    if (before !== (await context.source.read(fileVersion))) throw notAtRest();
    await open(context, session, run, result);
    return result;
  });
}

/** What is not as it should be stays closed: who began to work with it would have to be undone, too. */
async function open(
  context: Context,
  session: TargetSession,
  run: Run,
  { ok }: { readonly ok: boolean },
): Promise<void> {
  const isClosed = await isTargetClosed(session, run.id);
  if (!ok && isClosed) {
    context.report({
      kind: "warning",
      message:
        "the target takes no writes, since it differs from the source: `changeover rollback` starts over, " +
        "`changeover data --no-verify` opens it as it is",
    });
    return;
  }
  if (isClosed) await session.transaction((tx) => openClosedTarget(tx, closedTarget(run)));
  await dropSleepingFence(session);
}

/** Counts commits by other connections, as this connection sees them. */
async function fileVersion(tx: { rows(sql: string): Promise<readonly (readonly unknown[])[]> }): Promise<string> {
  const [row] = await tx.rows("PRAGMA data_version");
  return String(row?.[0]);
}

function notAtRest(): RefusedError {
  return new RefusedError({
    code: "SOURCE_NOT_AT_REST",
    message: "the source was written to during the copy, and without capture those changes are not known",
    hint:
      "stop the application and start over: `changeover rollback`, then `changeover data`; or use " +
      "`changeover sync`, which lets it write",
  });
}
