import { captureOwner } from "../capture/install.ts";
import { type ChangeoverError, RefusedError } from "../errors.ts";
import type { Run } from "../model/run.ts";
import { pause } from "../retry.ts";
import { logKeys } from "../rows/log-entries.ts";
import { type Context, lockedSession } from "../run/context.ts";
import { schemaWaits } from "../run/follow-schema/schema-waits.ts";
import { mustLoad } from "../run/require-run.ts";
import { foreignRun } from "../run/source-refusals.ts";
import { catchUp } from "../run/sync.ts";
import { type CheckResult, checkResult, NAMED_EXAMPLES, pendingRows } from "../run/verification/check-result.ts";
import { verificationOptions } from "../run/verification/verification-options.ts";
import { type FullVerification, verifyEverything } from "../run/verification/verify-everything.ts";
import { prepareRunStore } from "../schema/migrate/prepare-run-store.ts";
import { refuseUnfitServer } from "../target/connection/server-state.ts";
import { holdChangeLog } from "../target/store/change-log-lock.ts";
import { releaseRunLock, tryRunLock } from "../target/store/run-lock.ts";
import { extendVerification, setVerified } from "../target/store/verified-store.ts";
import type { TargetSession } from "../target/target.ts";
import { findExtras } from "../verify/find-extras.ts";
import { type TableVerification, type Verification, verifyChanges } from "../verify/verify-run.ts";

/** Options of `migration.check()`. */
export interface CheckOptions {
  /** Brings rows that differ over again, and compares once more. */
  readonly repair?: boolean;
  /** How many differing rows of each table are named. Default: 5; at most 1,000 are known. */
  readonly examples?: number;
  /** Compares everything again, also what an interrupted check or sync has compared. */
  readonly restart?: boolean;
  /** Takes a quarter of the time only, so that the application hardly notices. */
  readonly isGentle?: boolean;
}

/** Compares both sides, row by row, while a sync may go on in this or another process. */
export async function check(context: Context, options: CheckOptions = {}): Promise<CheckResult> {
  const first = await compareBoth(context, options);
  if (options.repair !== true || first.result.differences === 0) return first.result;
  await repair(context, first.found);
  const second = await compareBoth(context, options);
  return { ...second.result, repaired: Math.max(0, first.result.differences - second.result.differences) };
}

/**
 * Bringing rows over again is replay's: their keys are logged as if they had changed; what only the target has is
 * deleted there.
 */
async function repair(context: Context, found: readonly TableVerification[]): Promise<void> {
  const session = await lockedSession(context, { requestFor: "repair" });
  try {
    const run = await mustLoad(session);
    if (!run.captured || run.phase === "cut-over") throw notRepairable(run);
    for (const { mapping, differences } of found) {
      const keys = differences.filter(({ what }) => what !== "extra").map(({ key }) => key);
      if (keys.length > 0) await context.source.write((tx) => logKeys(tx, mapping, keys));
      if (differences.some(({ what }) => what === "extra"))
        await findExtras({ ...verificationOptions(context, session, run), mapping, named: 1, remove: true });
    }
    await catchUp(context, session);
  } finally {
    await session.close();
  }
}

function notRepairable(run: Run): RefusedError {
  return new RefusedError({
    code: "NOT_REPAIRABLE",
    message: run.captured
      ? "the target has taken over: what differs there may be what the application wrote since"
      : "this target was loaded by `changeover data`, without capture: nothing replays",
    hint: run.captured ? "`changeover check` names the rows" : "start over: `changeover rollback`, then the copy again",
  });
}

interface Compared {
  readonly result: CheckResult;
  /** All that was found, not just examples. */
  readonly found: readonly TableVerification[];
}

async function compareBoth(context: Context, options: CheckOptions): Promise<Compared> {
  const examples = options.examples ?? NAMED_EXAMPLES;
  const session = await context.target.session();
  const lockSession = await context.target.session();
  try {
    refuseUnfitServer(session.server, context.target.location);
    let run = await mustLoad(session);
    if (run.phase === "new" || run.phase === "copying") {
      if (run.captured) throw notCopied();
    }
    await refuseForeignSource(context, run);
    if (run.held.length > 0) throw schemaWaits(run.held);
    await holdChangeLog(session);
    // Alone, nobody brings over what changes meanwhile: so we do. Next to a running sync, it does.
    const isAlone = run.captured && run.phase !== "cut-over" && (await tryRunLock(lockSession));
    // Replay keeps what a run of an older version has no columns for.
    if (isAlone) await prepareRunStore(lockSession, context.targetUrl);
    const advance = isAlone ? async () => void (await catchUp(context, lockSession)) : undefined;
    await advance?.();
    const compareAll = () =>
      verifyEverything(context, session, run, {
        ...(advance === undefined ? {} : { whileBehind: advance }),
        restart: options.restart === true,
        isGentle: options.isGentle === true,
      });
    let everything = await compareAll();
    while (!everything.counts) {
      run = await mustLoad(session);
      everything = await compareAll();
    }
    const isRecorded = run.captured && run.phase === "syncing";
    const first = checkResult([everything]);
    if (isRecorded && first.ok)
      await setVerified(session, run.id, { through: everything.through, totals: { rows: first.rows, differences: 0 } });
    const settled = await verifyPending(context, session, run, everything, advance);
    const result = { ...checkResult([everything, ...settled.rounds], examples), unsettled: settled.unsettled };
    const isEqual = result.ok && result.unsettled === 0;
    if (isRecorded && !isEqual) await setVerified(session, run.id, null);
    // Not where a migration or a resync has invalidated it during the last rounds.
    if (isRecorded && isEqual)
      await extendVerification(session, run.id, {
        through: settled.through,
        totals: { rows: result.rows, differences: 0 },
      });
    if (isAlone) await releaseRunLock(lockSession);
    const found = everything.tables.map((table, index) => ({
      ...table,
      differences: [table, ...settled.rounds.flatMap((round) => round.tables[index] ?? [])].flatMap(
        ({ differences }) => differences,
      ),
    }));
    return { result: { ...result, ok: result.ok && result.unsettled === 0 }, found };
  } finally {
    await session.close();
    await lockSession.close();
  }
}

const ROUNDS = 20;

/**
 * Compares the rows that were pending, in rounds, until few are or only ever others: the application does not stop
 * for us.
 */
async function verifyPending(
  context: Context,
  session: TargetSession,
  run: Run,
  everything: FullVerification,
  advance: (() => Promise<void>) | undefined,
): Promise<{ rounds: Verification[]; through: bigint; unsettled: number }> {
  const rounds: Verification[] = [];
  let { through } = everything;
  let open = pendingRows(everything) + (everything.isResumed ? 1 : 0);
  let moved = true;
  for (let round = 0; open > 0 && round < ROUNDS; round++) {
    if (advance === undefined) await pause(250);
    else await advance();
    const changes = await verifyChanges(
      { ...verificationOptions(context, session, run), ...(advance === undefined ? {} : { whileBehind: advance }) },
      run.mappings,
      through,
    );
    rounds.push(changes);
    moved = changes.through > through;
    through = changes.through;
    open = pendingRows(changes);
  }
  return { rounds, through, unsettled: moved ? 0 : open };
}

async function refuseForeignSource(context: Context, run: Run): Promise<void> {
  const owner = await context.source.read(captureOwner);
  if (run.captured && owner?.run !== run.id) throw foreignRun(run.source, owner);
}

function notCopied(): ChangeoverError {
  return new RefusedError({
    code: "NOT_COPIED",
    message: "the copy has not ended yet: there is nothing to compare",
    hint: "`changeover sync --until caught-up` ends it; `changeover status` shows how far it is",
  });
}
