import type { CutoverSettings } from "../cutover/cutover-run.ts";
import { holds, renderPostponeCondition } from "../cutover/postpone-condition.ts";
import { autoincrementCounters, readSequences } from "../cutover/set-sequences.ts";
import { verifyDuringSync } from "../cutover/verify-during-sync.ts";
import { messageOf } from "../errors.ts";
import { leftOutOnly } from "../model/left-out.ts";
import type { Run } from "../model/run.ts";
import { replayBatch } from "../replay/replay-batch.ts";
import { lastLogged, reachesBackTo } from "../rows/log-entries.ts";
import { presentNotices } from "../run/confirmation.ts";
import type { Context } from "../run/context.ts";
import { mustLoad } from "../run/require-run.ts";
import { type Replaying, replaying } from "../run/sync.ts";
import { checkResult } from "../run/verification/check-result.ts";
import { verificationOptions } from "../run/verification/verification-options.ts";
import { isPending, migrationStatus } from "../schema/migrate/migration-status.ts";
import { tryFence } from "../source/fence/prepare-fence.ts";
import { renderFenceTables } from "../source/fence/source-fence-triggers.ts";
import { rolledBack } from "../source/rolled-back.ts";
import { renderCount } from "../status/render-count.ts";
import { testForeignKeys } from "../target/deferred/deferred-foreign-keys.ts";
import type { Deferred } from "../target/deferred/deferred-objects.ts";
import { lateAndEarly, tryEarly } from "../target/deferred/restore-early.ts";
import { quarantineSize } from "../target/store/quarantine-store.ts";
import { recordCaughtUp, setPrediction } from "../target/store/run-store.ts";
import type { TargetSession } from "../target/target.ts";
import { verifyChanges } from "../verify/verify-run.ts";

/** What a rehearsal found. */
export interface Rehearsal {
  /** Nothing stands in the way. */
  readonly ok: boolean;
  /** The preconditions, and what each looks like now. */
  readonly checks: readonly RehearsedCheck[];
  /** What the steps behind the fence took, ms. */
  readonly steps: readonly { readonly step: string; readonly durationMs: number }[];
  /** How long writes would be refused, ms; null where the steps could not be tried. */
  readonly predictedDowntimeMs: number | null;
}

/** One precondition of the cutover. */
export interface RehearsedCheck {
  /** What was checked. */
  readonly check: string;
  /** Whether the cutover could go on. */
  readonly ok: boolean;
  /** What was found, in a sentence. */
  readonly detail: string;
}

export interface RehearseOptions extends CutoverSettings {
  /**
   * Compares everything first, and proves the foreign keys: what takes its time. Else only what the cutover would do at
   * once.
   */
  readonly whole: boolean;
}

/**
 * The cutover but for the fence: every step is done and timed on both databases, and rolled back. Nobody uses the
 * target yet, so the locks of its trial disturb none. In the source the fence is built and rolled back in one short
 * write transaction.
 */
export async function rehearse(context: Context, session: TargetSession, options: RehearseOptions): Promise<Rehearsal> {
  const run = await mustLoad(session);
  const checks: RehearsedCheck[] = [];
  const addCheck = (check: string, ok: boolean, detail: string) => checks.push({ check, ok, detail });
  addCheck(
    "in sync",
    run.phase === "syncing",
    run.phase === "syncing"
      ? "the target follows the source"
      : `the run is ${run.phase}: \`changeover sync --until caught-up\` comes first`,
  );
  const pending = (await migrationStatus(session, context.migrations)).filter(isPending);
  addCheck(
    "no pending migration",
    pending.length === 0,
    pending.length === 0 ? "all are applied" : pending.map(({ name }) => name).join(", "),
  );
  if (run.phase !== "syncing") return { ok: false, checks, steps: [], predictedDowntimeMs: null };
  const replay = await replaying(context, session);
  const through = await checkVerified(context, replay, options, addCheck);
  const quarantined = await quarantineSize(session, run.id);
  addCheck("quarantine", true, quarantined === 0 ? "empty" : `${renderCount(quarantined, "row")} would stay behind`);
  const notices = await presentNotices(session, run.id, context.rules);
  const open = notices.filter(({ confirmedBy }) => confirmedBy === null).length;
  if (notices.length > 0)
    addCheck(
      "left out",
      true,
      `${renderCount(leftOutOnly(notices).length, "thing")} of the schema and ` +
        (renderCount(notices.filter(({ change }) => change === "warning").length, "warning") +
          (open === 0 ? ", all confirmed" : `; the cutover asks to confirm ${open.toLocaleString("en-US")} of them`)),
    );
  for (const when of options.when)
    addCheck("postponed", holds(when, 0), `the cutover waits ${renderPostponeCondition(when)}`);
  if (options.whole) await checkForeignKeys(session, run, addCheck);
  const { steps, problem } = await trySteps(context, replay, through);
  addCheck("each step can be done", problem === null, problem ?? "tried on both databases, and rolled back");
  const predictedDowntimeMs =
    problem === null ? Math.ceil(steps.reduce((sum, { durationMs }) => sum + durationMs, 0)) : null;
  if (predictedDowntimeMs !== null) await setPrediction(session, run.id, predictedDowntimeMs);
  if (predictedDowntimeMs !== null)
    addCheck(
      "within the budget",
      predictedDowntimeMs <= options.maxDowntimeMs,
      `about ${predictedDowntimeMs} ms of ${options.maxDowntimeMs} ms`,
    );
  return { ok: checks.every(({ ok }) => ok), checks, steps, predictedDowntimeMs };
}

type AddCheck = (check: string, ok: boolean, detail: string) => void;

/** Returns from where on the log is still to be compared; null if nothing was compared yet. */
async function checkVerified(
  context: Context,
  replay: Replaying,
  options: RehearseOptions,
  addCheck: AddCheck,
): Promise<bigint> {
  const { run } = replay;
  if (options.whole) {
    try {
      const { totals, through } = await verifyDuringSync(context, replay, {
        when: [],
        verifiedWithinMs: Number.POSITIVE_INFINITY,
      });
      addCheck("verified", true, `${renderCount(totals.rows, "row")} compared, no difference`);
      return through;
    } catch (error) {
      addCheck("verified", false, messageOf(error));
      return run.watermark;
    }
  }
  const { verified, verifiedThrough } = run;
  if (
    verified !== null &&
    verifiedThrough !== null &&
    (await context.source.read((tx) => reachesBackTo(tx, verifiedThrough)))
  ) {
    const left = (await context.source.read(lastLogged)) - verifiedThrough;
    addCheck(
      "verified",
      true,
      `${renderCount(verified.rows, "row")} compared, no difference; ${renderCount(left, "change")} since`,
    );
    return verifiedThrough;
  }
  addCheck(
    "verified",
    true,
    "not yet: the cutover compares everything first, before the fence (`changeover check` does so now)",
  );
  return run.watermark;
}

async function checkForeignKeys(session: TargetSession, run: Run, addCheck: AddCheck): Promise<void> {
  const broken = await testForeignKeys(session, run.id);
  addCheck(
    "foreign keys",
    true,
    broken.length === 0
      ? "all hold"
      : `rows of the source break ${broken.map(({ name }) => name).join(", ")}: they would stand, not validated`,
  );
}

async function trySteps(
  context: Context,
  replay: Replaying,
  through: bigint,
): Promise<{ steps: { step: string; durationMs: number }[]; problem: string | null }> {
  const { run, session } = replay;
  const { source } = context;
  const steps: { step: string; durationMs: number }[] = [];
  const timed = async <T>(step: string, work: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    const result = await work();
    steps.push({ step, durationMs: performance.now() - started });
    return result;
  };
  const second = await context.target.session();
  try {
    let { watermark } = await mustLoad(session);
    const drain = async () => {
      const batch = await replayBatch(
        { run: run.id, source, session, stage: replay.stage, reader: replay.reader, signal: context.signal },
        watermark,
      );
      watermark = batch?.watermark ?? watermark;
    };
    await drain();
    await verifyChanges(verificationOptions(context, second, run), run.mappings, watermark);
    // Its triggers are no part of the downtime: the cutover makes them beforehand.
    await tryFence(source, { mappings: run.mappings, location: context.target.location });
    const late = await tryBeforehand(context, session, run);
    await timed("fence", () =>
      rolledBack(source, async (tx) => {
        for (const statement of renderFenceTables()) await tx.run(statement);
      }),
    );
    await timed("drain", drain);
    const changes = await timed("verify", () =>
      verifyChanges(verificationOptions(context, second, run), run.mappings, through),
    );
    const { differences } = checkResult([changes]);
    if (differences > 0)
      return {
        steps,
        problem:
          `${renderCount(differences, "row")} that changed since the verification differ: \`changeover ` +
          `check\` names them`,
      };
    await timed("open", () => tryEarly(session, late));
    await timed("seal and commit", async () => {
      await rolledBack(source, (tx) => tx.run("CREATE TABLE _changeover_probe(x)"));
      await recordCaughtUp(session, run.id);
    });
    return { steps, problem: null };
  } catch (error) {
    return { steps, problem: messageOf(error) };
  } finally {
    await second.close();
  }
}

/** What the cutover does at the target before the fence. Setting sequences cannot be rolled back: they are read. */
async function tryBeforehand(context: Context, session: TargetSession, run: Run): Promise<readonly Deferred[]> {
  const counters = await autoincrementCounters(context.source);
  for (let from = 0; from < run.mappings.length; from += TABLES_AT_ONCE)
    await session.transaction((tx) => readSequences(tx, run.mappings.slice(from, from + TABLES_AT_ONCE), counters));
  const { early, late } = await lateAndEarly(session, run.id);
  await tryEarly(session, early);
  return late;
}

/** Tables of one transaction, which holds locks on each until its end. */
const TABLES_AT_ONCE = 100;
