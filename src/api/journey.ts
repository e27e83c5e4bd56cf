import { type CheckOptions, check } from "../commands/check.ts";
import { complete } from "../commands/complete.ts";
import { cutoverDone, verifyAndCutOver } from "../commands/cutover.ts";
import { loadAtRest, loadUnverified, type Unverified } from "../commands/data.ts";
import { prepareAndLoad, verifyAndFollow } from "../commands/full.ts";
import { type Rehearsal, rehearse } from "../commands/rehearse.ts";
import { rehearseCopy } from "../commands/rehearse-copy.ts";
import { rollBack } from "../commands/roll-back.ts";
import { resumeRun, syncFrom } from "../commands/sync-from.ts";
import type { SchemaMaker } from "../commands/tool-schema.ts";
import type { CutoverSettings } from "../cutover/cutover-run.ts";
import { compareOnFailback } from "../failback/compare-on-failback.ts";
import { STALE_AFTER_MS } from "../model/control.ts";
import type { FollowSchema } from "../model/held-table.ts";
import { backupOf } from "../run/back-up-source.ts";
import { askBeforehand, Confirmation, keepAnswers } from "../run/confirmation.ts";
import { type Context, inPhase, withLock, withReconnectKeeping } from "../run/context.ts";
import type { SyncedBatch, SyncResult } from "../run/follow-until.ts";
import { recorded } from "../run/record-command.ts";
import { mustLoad } from "../run/require-run.ts";
import type { SteeringHandlers } from "../run/steering/steering.ts";
import type { CheckResult } from "../run/verification/check-result.ts";
import { completedCutover } from "./completed-cutover.ts";
import { DifferencesError } from "./differences-error.ts";
import {
  type FullResult,
  historyOfCheck,
  historyOfCompletion,
  historyOfCutover,
  historyOfFull,
  historyOfRollback,
  historyOfSync,
} from "./history-details.ts";
import { openContext } from "./open-context.ts";
import {
  type CutoverOptions,
  type DataOptions,
  type FullOptions,
  MAX_DOWNTIME_MS,
  type RehearsalOptions,
  type RollbackOptions,
  type SyncOptions,
} from "./options.ts";
import type {
  CommittedBatch,
  CompletedCutover,
  CompletedData,
  CompletedFull,
  CompletedRollback,
  CompletedRun,
  CompletedSync,
} from "./results.ts";
import { confirmedAsAsked, steered, verifyWhenAsked } from "./steered.ts";
import { touchSource } from "./touch-source.ts";
import { FailbackUndoneError } from "./undone-error.ts";
import { whileWaiting } from "./while-waiting.ts";

export async function copyData(context: Context, options: DataOptions = {}): Promise<CompletedData> {
  await touchSource(context);
  const backup = await backupOf(context, options);
  if (options.verify === false) {
    const { rows } = await recorded<Unverified>(
      context,
      { command: "data", keep: (copied) => ({ details: { rows: copied.rows, verified: false } }) },
      (own) => loadUnverified(inPhase(own, "copy"), backup),
    );
    return { rows, check: null, backup: backup?.made ?? null };
  }
  const check = await recorded(context, { command: "data", keep: historyOfCheck }, (own) =>
    loadAtRest(inPhase(own, "copy"), backup),
  );
  if (!check.ok) throw new DifferencesError(check, backup?.made ?? null);
  return { rows: check.rows, check, backup: backup?.made ?? null };
}

export async function keepInSync(
  context: Context,
  { failbackWindowMs, onBatch, verifyEveryMs, ...options }: SyncOptions = {},
): Promise<CompletedSync> {
  await touchSource(context);
  await switchJournal(context);
  const backup = await backupOf(context, options);
  const { resync = [] } = options;
  const ended = await recorded(context, { command: "sync", details: { resync }, keep: historyOfSync }, (own) =>
    steered(own, following({}), (steerable) =>
      whileWaiting(steerable, { verifyEveryMs, failbackWindowMs, complete: () => completeRun(steerable) }, () =>
        syncFrom(
          inPhase(steerable, "replay"),
          { ...options, ...(onBatch === undefined ? {} : { onBatch: inNumbers(onBatch) }) },
          backup,
        ),
      ),
    ),
  );
  return { ...endedSync(ended), backup: backup?.made ?? null };
}

function followed({ followSchema }: FullOptions): { readonly followSchema?: FollowSchema } {
  return followSchema === undefined ? {} : { followSchema };
}

/** What a sync does when it is asked for: it yields the run lock to a cutover in its own process. */
function following(options: CutoverOptions): (own: Context) => SteeringHandlers {
  return (own) => ({
    verify: () => verifyWhenAsked(own),
    cutover: async (request) => {
      const { downtimeMs } = await cutOverRun(own, { ...options, confirm: confirmedAsAsked(request) });
      return `PostgreSQL has taken over; writes were refused for ${downtimeMs} ms`;
    },
  });
}

/** What a cutover does that waits or compares. */
function cuttingOver(): SteeringHandlers {
  return { verify: null, cutover: async () => "it waits for nothing but the comparison any more" };
}

function inNumbers(onBatch: (batch: CommittedBatch) => void): (batch: SyncedBatch) => void {
  return ({ direction, rows, watermark }) =>
    onBatch({ rows, watermark: Number(watermark), direction: direction ?? "forward" });
}

function endedSync({ direction, ended, phase, watermark }: SyncResult): Omit<CompletedSync, "backup"> {
  return { ended, phase, direction, watermark: Number(watermark) };
}

export async function checkBoth(context: Context, options: CheckOptions = {}): Promise<CheckResult> {
  await touchSource(context);
  const compare = async (given: Context) => {
    const own = inPhase(given, "verify");
    return (await compareOnFailback(own, options)) ?? check(own, options);
  };
  return options.repair === true
    ? recorded(context, { command: "check --repair", keep: historyOfCheck }, compare)
    : compare(context);
}

export async function cutOverRun(context: Context, options: CutoverOptions = {}): Promise<CompletedCutover> {
  await touchSource(context);
  const done = await cutoverDone(context);
  if (done !== null) return completedCutover(done, null);
  const confirmation = new Confirmation(options.confirm);
  await askBeforehand(context, confirmation);
  const result = await recorded(context, { command: "cutover", keep: historyOfCutover }, (recordedHere) =>
    steered(recordedHere, cuttingOver, (own) =>
      withLock(own, "cutover", async (session) => {
        await resumeRun(own, session);
        await keepAnswers(own, session, await mustLoad(session), confirmation);
        return verifyAndCutOver(inPhase(own, "cutover"), session, settingsOf(options));
      }),
    ),
  );
  return completedCutover(result, null);
}

export async function rehearseRun(context: Context, options: RehearsalOptions = {}): Promise<Rehearsal> {
  await touchSource(context);
  return withLock(context, "rehearsal", async (session) => {
    await resumeRun(context, session);
    return rehearse(inPhase(context, "cutover"), session, { ...settingsOf(options), whole: options.dryRun !== true });
  });
}

/** Rehearses everything on a copy; `context` has the source as it was given. */
export function rehearseOnCopy(context: Context, copy: string, options: RehearsalOptions): Promise<Rehearsal> {
  const { failback, maxDowntimeMs } = settingsOf(options);
  return rehearseCopy(context, {
    copy,
    server: options.embedded ?? context.targetUrl,
    failback,
    maxDowntimeMs,
    open: ({ migrations, source, target }) =>
      openContext(
        {
          source,
          target,
          migrationsDirectory: migrations,
          types: context.types,
          ...(context.profile === undefined ? {} : { profile: context.profile }),
          ...(context.integers === undefined ? {} : { integers: context.integers }),
          names: context.names,
          collation: context.collationChoice,
          rules: context.rules,
          ...(context.jobs === null ? {} : { jobs: context.jobs }),
          signal: context.signal,
        },
        context.report,
      ),
  });
}

export async function migrateAll(context: Context, options: FullOptions = {}): Promise<CompletedFull> {
  await touchSource(context);
  const done = options.cutover === false ? null : await cutoverDone(context);
  if (done !== null) return { kind: "cutover", cutover: completedCutover(done, null), backup: null };
  await switchJournal(context);
  const backup = await backupOf(context, options);
  const confirmation = new Confirmation(options.confirm);
  await askBeforehand(context, confirmation);
  const handlers = options.cutover === false ? following(options) : cuttingOver;
  const result = await recorded<FullResult>(context, { command: "full", keep: historyOfFull }, (recordedHere) =>
    steered(recordedHere, handlers, async (own): Promise<FullResult> => {
      const { session } = await withReconnectKeeping(own, (locked) =>
        prepareAndLoad(own, locked, { backup, confirmation, ...makerOf(options) }),
      );
      try {
        if (options.cutover !== false)
          return {
            kind: "cutover",
            cutover: await verifyAndCutOver(inPhase(own, "cutover"), session, settingsOf(options)),
          };
        return { kind: "synced", ...(await verifyAndFollow(inPhase(own, "replay"), session, followed(options))) };
      } finally {
        await session.close();
      }
    }),
  );
  const made = backup?.made ?? null;
  if (result.kind === "cutover")
    return { kind: "cutover", cutover: completedCutover(result.cutover, made), backup: made };
  const { check, sync } = result;
  if (check?.ok === false) throw new DifferencesError(check, made);
  return { kind: "synced", check, sync: endedSync(sync), backup: made };
}

function makerOf({ makeSchema, schemaBy }: FullOptions): SchemaMaker {
  return {
    ...(makeSchema === undefined ? {} : { makeSchema }),
    ...(schemaBy === undefined ? {} : { schemaBy }),
  };
}

export async function rollBackRun(context: Context, options: RollbackOptions = {}): Promise<CompletedRollback> {
  await touchSource(context);
  const result = await recorded(context, { command: "rollback", keep: historyOfRollback }, (own) =>
    withLock(own, "rollback", (session) =>
      rollBack(inPhase(own, "rollback"), session, {
        maxDowntimeMs: options.maxDowntimeMs ?? MAX_DOWNTIME_MS,
        acceptLosses: options.acceptLosses ?? (() => false),
      }),
    ),
  );
  if (result.kind === "undone")
    return { kind: "rollback", removed: result.removed, migrationsUndone: result.migrationsUndone };
  const { downtimeMs, losses, phase, rounded, verified } = result;
  if (!result.ok)
    throw new FailbackUndoneError({
      phase,
      downtimeMs,
      verified,
      losses,
      cause: result.reason ?? new Error("unknown"),
    });
  return { kind: "failback", downtimeMs, verified, phase: "returned", rounded, losses };
}

export async function completeRun(context: Context): Promise<CompletedRun> {
  const { brokenForeignKeys, phase, quarantined, removed, returned } = await recorded(
    context,
    { command: "complete", keep: historyOfCompletion },
    (own) => withLock(own, "completion", (session) => complete(inPhase(own, "complete"), session)),
  );
  return {
    phase: phase === "returned" ? "returned" : "cut-over",
    removed,
    returned,
    brokenForeignKeys,
    quarantined,
  };
}

function settingsOf(options: Omit<CutoverOptions, "confirm">): CutoverSettings {
  return {
    failback: options.failback !== false,
    maxDowntimeMs: options.maxDowntimeMs ?? MAX_DOWNTIME_MS,
    when: options.postponeUntil ?? [],
    verifiedWithinMs: options.verifiedWithinMs ?? STALE_AFTER_MS,
    hooks: options.hooks ?? {},
  };
}

/** The mode outlives the run, since the application may have come to rely on it. */
async function switchJournal(context: Context): Promise<void> {
  if (context.sourceJournal === undefined) return;
  const before = await context.source.switchToWal();
  if (before !== "wal")
    context.report({
      kind: "step",
      message:
        `the source's journal mode is wal from now on; it was ${before}, and \`PRAGMA journal_mode = ` +
        `${before}\` sets it back`,
    });
}
