import { ChangeoverError, DriftError, InterruptedError, messageOf } from "../../errors.ts";
import { isAdditive } from "../../follow/is-additive.ts";
import { followSteps } from "../../follow/render-follow.ts";
import { flowing } from "../../model/held-table.ts";
import type { Run } from "../../model/run.ts";
import { changeReader } from "../../replay/read-changes.ts";
import { replayBatch } from "../../replay/replay-batch.ts";
import { Stage } from "../../replay/stage.ts";
import { addNotices } from "../../target/store/notice-store.ts";
import { setFollowed, setMappings, setSourceSchema } from "../../target/store/run-store.ts";
import { finishTable, restartTable } from "../../target/store/table-store.ts";
import { setVerified } from "../../target/store/verified-store.ts";
import type { TargetSession, TargetTransaction } from "../../target/target.ts";
import { isConnectionLoss } from "../../target/target-error.ts";
import type { Context } from "../context.ts";
import { driftOfRun } from "../drift-of-run.ts";
import { mustLoad } from "../require-run.ts";
import { prepareWithin, settleTarget } from "../resync/prepare-target.ts";
import { StagedPages } from "../resync/staged-pages.ts";
import type { WrittenChanges } from "./notice-changes.ts";
import { recordFollowFile } from "./record-follow-file.ts";
import { MOVED_ON, type Recaptured, recaptureChanged } from "./rejoin-logged.ts";
import { type AdditiveChanges, type AdditiveTrial, LOCK_TIMEOUT, tryAdditive } from "./trial-additive.ts";

/**
 * Follows changes that only add, in one transaction: the target's tables get them, the file is noted as applied, and
 * all rows are brought up to a snapshot of the source that has them, too. So the target never shows a state that the
 * source did not have. Whatever is not sure waits for a person, as if nobody had asked for it.
 */
export async function applyAdditive(context: Context, session: TargetSession, written: WrittenChanges): Promise<void> {
  const { file, plan } = written;
  if (!isAdditive(plan)) return;
  const run = await mustLoad(session);
  const waiting = run.held.filter(({ files }) => files.includes(file));
  // What waited before is behind the others: it flows again in steps of its own.
  if (waiting.some(({ files, since }) => files.length > 1 || BigInt(since) !== run.watermark)) return;
  const statements = followSteps(plan)
    .map(({ up }) => up)
    .join("\n");
  try {
    const changes: AdditiveChanges = { run, plan, statements, waiting };
    const trial = await tryAdditive(context, session, changes);
    if (trial === null) return;
    const tables = [...trial.copied, ...trial.extended];
    if (tables.length === 0 && waiting.length === 0) await applyAlone(context, session, { file, statements });
    else {
      const recaptured = await recaptureChanged(context, session, run, tables);
      if (recaptured === MOVED_ON) return;
      await applyInBatch(context, session, { changes, file, trial, recaptured });
    }
    context.report({ kind: "step", message: `${file} is applied: the sync goes on with the source's present schema` });
  } catch (error) {
    if (error instanceof InterruptedError || isConnectionLoss(error)) throw error;
    // The next look at the source notices it.
    if (error instanceof DriftError) return;
    if (!(error instanceof ChangeoverError)) throw error;
    context.report({
      kind: "warning",
      code: error.code,
      message: `${file} could not be applied, and waits for you: ${messageOf(error)}`,
    });
  }
}

/** An index or a view brings no rows, and no table waits for it: where the source stands by now is of no interest. */
function applyAlone(
  context: Context,
  session: TargetSession,
  { file, statements }: { readonly file: string; readonly statements: string },
): Promise<void> {
  return session.transaction(async (tx) => {
    await tx.run(LOCK_TIMEOUT);
    await tx.run(statements);
    await recordFollowFile(context, tx, file);
  });
}

interface Application {
  readonly changes: AdditiveChanges;
  readonly file: string;
  readonly trial: AdditiveTrial;
  readonly recaptured: Recaptured;
}

async function applyInBatch(
  context: Context,
  session: TargetSession,
  { changes, file, recaptured, trial }: Application,
): Promise<void> {
  const { statements, waiting } = changes;
  const run: Run = changes.run;
  const planned = [...trial.copied, ...trial.extended];
  const held = run.held.filter((table) => !waiting.includes(table));
  const mappings = [
    ...run.mappings.filter(({ id }) => !planned.some(({ mapping }) => mapping.id === id)),
    ...planned.map(({ mapping }) => mapping),
  ].sort((one, other) => one.id - other.id);
  const drift = driftOfRun(context, { ...run, held }, { captured: recaptured.state, mappings });
  const reader = changeReader({
    source: context.source,
    mappings: flowing(mappings, held),
    checkSchema: (tx) => drift.check(tx),
    maxEntries: context.throttle.maxRows,
  });
  const replaced = trial.copied.map(({ mapping }) => mapping);
  const pages = new StagedPages(context, run, replaced, trial.copied);
  const first = async (tx: TargetTransaction) => {
    await tx.run(LOCK_TIMEOUT);
    await tx.run(statements);
    await recordFollowFile(context, tx, file);
    await prepareWithin(tx, { run, planned, mappings });
  };
  const settle = async (tx: TargetTransaction) => {
    for (const table of planned) await settleTarget(tx, run, table);
    for (const { mapping } of trial.copied) await restartTable(tx, run.id, mapping);
    for (const [id, rows] of pages.counts) await finishTable(tx, run.id, { id, copied: rows });
    for (const { notices } of trial.copied) await addNotices(tx, run.id, notices);
    await setMappings(tx, run.id, mappings);
    await setSourceSchema(tx, run.id, recaptured.state);
    await setFollowed(tx, run.id, { catalogue: recaptured.catalogue, held });
    await setVerified(tx, run.id, null);
  };
  await replayBatch(
    {
      run: run.id,
      source: context.source,
      session,
      stage: new Stage(session),
      reader,
      signal: context.signal,
      durable: true,
      replacing: { first, mappings: replaced, stage: (tx) => pages.stage(tx), settle },
    },
    run.watermark,
  );
}
