import { type CheckOptions, check } from "../commands/check.ts";
import { type CompleteResult, complete } from "../commands/complete.ts";
import { verifyAndCutOver } from "../commands/cutover.ts";
import { loadAtRest, loadUnverified, type Unverified } from "../commands/data.ts";
import { prepareAndLoad, verifyAndFollow } from "../commands/full.ts";
import {
  type FullResult,
  historyOfCheck,
  historyOfCompletion,
  historyOfCutover,
  historyOfFull,
  historyOfRollback,
  historyOfSync,
} from "../commands/history-details.ts";
import { type Rehearsal, rehearse } from "../commands/rehearse.ts";
import { rehearseCopy } from "../commands/rehearse-copy.ts";
import { type RollbackResult, rollBack } from "../commands/roll-back.ts";
import { resumeRun, syncFrom } from "../commands/sync-from.ts";
import type { CutoverResult, CutoverSettings } from "../cutover/cutover-run.ts";
import { compareOnFailback } from "../failback/compare-on-failback.ts";
import { type BackedUp, backedUp, backupOf } from "../run/back-up-source.ts";
import { mustLoad } from "../run/begin.ts";
import { askBeforehand, Confirmation, keepAnswers } from "../run/confirmation.ts";
import { type Context, withLock, withReconnectKeeping } from "../run/context.ts";
import type { SyncResult } from "../run/follow-until.ts";
import { recorded } from "../run/record-command.ts";
import type { CheckResult } from "../run/verification/check-result.ts";
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
import { touchSource } from "./touch-source.ts";

export async function copyData(
  context: Context,
  options: DataOptions = {},
): Promise<(CheckResult | Unverified) & BackedUp> {
  await touchSource(context);
  const backup = await backupOf(context, options);
  const result =
    options.verify === false
      ? await recorded<Unverified>(
          context,
          { command: "data", keep: ({ rows }) => ({ details: { rows, verified: false } }) },
          (own) => loadUnverified(own, backup),
        )
      : await recorded(context, { command: "data", keep: historyOfCheck }, (own) => loadAtRest(own, backup));
  return { ...result, ...backedUp(backup) };
}

export async function keepInSync(context: Context, options: SyncOptions = {}): Promise<SyncResult & BackedUp> {
  await touchSource(context);
  await switchJournal(context);
  const backup = await backupOf(context, options);
  const { resync = [] } = options;
  const result = await recorded(context, { command: "sync", details: { resync }, keep: historyOfSync }, (own) =>
    syncFrom(own, options, backup),
  );
  return { ...result, ...backedUp(backup) };
}

export async function checkBoth(context: Context, options: CheckOptions = {}): Promise<CheckResult> {
  await touchSource(context);
  const compare = async (own: Context) => (await compareOnFailback(own, options)) ?? check(own, options);
  return options.repair === true
    ? recorded(context, { command: "check --repair", keep: historyOfCheck }, compare)
    : compare(context);
}

export async function cutOverRun(context: Context, options: CutoverOptions = {}): Promise<CutoverResult> {
  await touchSource(context);
  const confirmation = new Confirmation(options.confirm);
  await askBeforehand(context, confirmation);
  return recorded(context, { command: "cutover", keep: historyOfCutover }, (own) =>
    withLock(own, "cutover", async (session) => {
      await resumeRun(own, session);
      await keepAnswers(own, session, await mustLoad(session), confirmation);
      return verifyAndCutOver(own, session, settingsOf(options));
    }),
  );
}

export async function rehearseRun(context: Context, options: RehearsalOptions = {}): Promise<Rehearsal> {
  await touchSource(context);
  return withLock(context, "rehearsal", async (session) => {
    await resumeRun(context, session);
    return rehearse(context, session, { ...settingsOf(options), whole: options.dryRun !== true });
  });
}

/** Rehearses everything on a copy; `context` has the source as it was given. */
export function rehearseOnCopy(context: Context, copy: string, options: RehearsalOptions): Promise<Rehearsal> {
  const { failback, maxDowntime } = settingsOf(options);
  return rehearseCopy(context, {
    copy,
    server: options.embedded ?? context.targetUrl,
    failback,
    maxDowntime,
    open: ({ migrations, source, target }) =>
      openContext(
        {
          source,
          target,
          migrationsDirectory: migrations,
          types: context.types,
          names: context.names,
          collationChoice: context.collationChoice,
          rules: context.rules,
          ...(context.jobs === null ? {} : { jobs: context.jobs }),
          signal: context.signal,
        },
        context.report,
      ),
  });
}

export async function migrateAll(context: Context, options: FullOptions = {}): Promise<FullResult & BackedUp> {
  await touchSource(context);
  await switchJournal(context);
  const backup = await backupOf(context, options);
  const confirmation = new Confirmation(options.confirm);
  await askBeforehand(context, confirmation);
  const result = await recorded<FullResult>(context, { command: "full", keep: historyOfFull }, async (own) => {
    const { session } = await withReconnectKeeping(own, (locked) =>
      prepareAndLoad(own, locked, { backup, confirmation }),
    );
    try {
      if (options.cutover !== false)
        return { kind: "cutover", cutover: await verifyAndCutOver(own, session, settingsOf(options)) };
      return { kind: "synced", ...(await verifyAndFollow(own, session)) };
    } finally {
      await session.close();
    }
  });
  return { ...result, ...backedUp(backup) };
}

export async function rollBackRun(context: Context, options: RollbackOptions = {}): Promise<RollbackResult> {
  await touchSource(context);
  return recorded(context, { command: "rollback", keep: historyOfRollback }, (own) =>
    withLock(own, "rollback", (session) =>
      rollBack(own, session, {
        maxDowntime: options.maxDowntimeMs ?? MAX_DOWNTIME_MS,
        acceptLosses: options.acceptLosses ?? (() => false),
      }),
    ),
  );
}

export function completeRun(context: Context): Promise<CompleteResult> {
  return recorded(context, { command: "complete", keep: historyOfCompletion }, (own) =>
    withLock(own, "completion", (session) => complete(own, session)),
  );
}

function settingsOf(options: Omit<CutoverOptions, "confirm">): CutoverSettings {
  return {
    failback: options.failback !== false,
    maxDowntime: options.maxDowntimeMs ?? MAX_DOWNTIME_MS,
    when: options.postponeUntil ?? [],
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
      message: `the source's journal mode is wal from now on; it was ${before}, and \`PRAGMA journal_mode = ${before}\` sets it back`,
    });
}
