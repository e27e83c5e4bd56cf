import { recapture } from "../../capture/recapture.ts";
import { readSchemaState, type SchemaState } from "../../capture/schema-state.ts";
import { RefusedError } from "../../errors.ts";
import { readCatalogueOfSource } from "../../follow/read-catalogue-of-source.ts";
import { flowing, type HeldSourceTable } from "../../model/held-table.ts";
import type { TableMapping } from "../../model/mapping.ts";
import type { Run } from "../../model/run.ts";
import type { CapturedCatalogue } from "../../model/schema-change.ts";
import { pgTable } from "../../quote.ts";
import { changeReader } from "../../replay/read-changes.ts";
import { replayBatch } from "../../replay/replay-batch.ts";
import { Stage } from "../../replay/stage.ts";
import { beginEpoch } from "../../rows/log-entries.ts";
import { addNotices } from "../../target/store/notice-store.ts";
import { setFollowed, setMappings, setSourceSchema } from "../../target/store/run-store.ts";
import { finishTable, restartTable } from "../../target/store/table-store.ts";
import { setVerified } from "../../target/store/verified-store.ts";
import type { TargetSession, TargetTransaction } from "../../target/target.ts";
import { refusePending } from "../begin-refusals.ts";
import type { Context } from "../context.ts";
import { driftOfRun } from "../drift-of-run.ts";
import { proveInstalled } from "../install-run-capture.ts";
import { mustLoad } from "../require-run.ts";
import { exceptSoundRowids } from "../sync.ts";
import { whileWatched } from "../watch-application.ts";
import { planResync, type TableResync } from "./plan-resync.ts";
import { prepareRejoined, settleTarget } from "./prepare-target.ts";
import { resyncedCatalogue } from "./resynced-catalogue.ts";
import { StagedPages } from "./staged-pages.ts";

export interface ResyncOptions {
  /** Whether migrations may be pending: they are for other tables, which wait for them. Default: no. */
  readonly besidePending?: boolean;
}

type Copied = Extract<TableResync, { kind: "copy" }>;

/**
 * Brings single tables in line with the source again: their capture is installed again, and their rows are copied
 * again. All else stays as it is. Once the target has caught up, that is one transaction: until it commits, the target
 * is the snapshot that it was, and then it is another one. A kill leaves a note, and the next sync begins the resync
 * again.
 */
export async function resync(
  context: Context,
  session: TargetSession,
  names: readonly string[],
  { besidePending = false }: ResyncOptions = {},
): Promise<void> {
  const run = await mustLoad(session);
  refuseWrongPhase(run);
  if (!besidePending) await refusePending(context, session);
  const planned = await planResync(context, session, run, [...new Set(names)]);
  const copied = planned.filter((table): table is Copied => table.kind === "copy");
  const mappings = newMappings(run, planned);
  await session.transaction((tx) => recordResync(tx, run, copied));
  const { now, state } = await recaptureTables(context, session, run, planned);
  await proveInstalled(
    context,
    copied.map(({ table, mapping }) => ({ id: mapping.id, table, identity: mapping.identity })),
  );
  await prepareRejoined(context, session, { run, planned, mappings });
  const settle = async (tx: TargetTransaction) => {
    for (const table of planned) await settleTarget(tx, run, table);
    for (const { notices } of copied) await addNotices(tx, run.id, notices);
    await setMappings(tx, run.id, mappings);
    await setSourceSchema(tx, run.id, state);
    const catalogue = resyncedCatalogue(run, now, planned);
    if (catalogue !== null) await setFollowed(tx, run.id, { catalogue, held: heldWithout(run, planned) });
    await setVerified(tx, run.id, null);
  };
  if (run.phase === "syncing") await replaceTables(context, session, { run, copied, mappings, state, settle });
  else await session.transaction(settle);
  context.report({ kind: "step", message: `${names.join(", ")}: in line with the source again` });
}

/** Tables that wait for the target still, when these are in line again. */
function heldWithout(run: Run, planned: readonly TableResync[]): HeldSourceTable[] {
  return run.held.filter(
    ({ id, now, table }) =>
      !planned.some(
        (resynced) =>
          (id !== null && resynced.before?.id === id) ||
          (resynced.kind === "copy" && (resynced.table.name === table || resynced.table.name === now)),
      ),
  );
}

/** The mappings as they will be, in the order of their numbers. */
function newMappings(run: Run, planned: readonly TableResync[]): TableMapping[] {
  const gone = new Set(planned.map(({ before }) => before?.id));
  const fresh = planned.flatMap((table) => (table.kind === "copy" ? [table.mapping] : []));
  return [...run.mappings.filter(({ id }) => !gone.has(id)), ...fresh].sort((a, b) => a.id - b.id);
}

/** From here on a kill cannot let the tables pass for copied. While the first copy goes on, their rows go at once. */
async function recordResync(tx: TargetTransaction, run: Run, copied: readonly Copied[]): Promise<void> {
  for (const { mapping } of copied) {
    await restartTable(tx, run.id, mapping);
    if (run.phase === "copying") await tx.run(`delete from ${pgTable(mapping.target)}`);
  }
}

/** One write transaction of the source; it refuses if other tables drifted, too. Returns the schema as it then is. */
async function recaptureTables(
  context: Context,
  session: TargetSession,
  run: Run,
  planned: readonly TableResync[],
): Promise<{ readonly state: SchemaState; readonly now: CapturedCatalogue }> {
  if (run.sourceSchema === null) throw new RangeError("the run has no capture");
  const names = planned.flatMap((table) => [
    ...(table.kind === "copy" ? [table.table.name] : []),
    ...(table.before === null ? [] : [table.before.source]),
  ]);
  const others = flowing(
    run.mappings.filter(({ source }) => !names.includes(source)),
    run.held,
  );
  const drift = driftOfRun(context, run, { mappings: others, leaveOut: names });
  return exceptSoundRowids(context, { run: { ...run, mappings: others }, session, drift }, () =>
    context.source.write(async (tx) => {
      await drift.check(tx);
      await recapture(
        tx,
        planned.flatMap(({ before }) => before?.id ?? []),
        planned.flatMap((table) =>
          table.kind === "copy" ? [{ id: table.mapping.id, table: table.table, identity: table.mapping.identity }] : [],
        ),
      );
      const epoch = await beginEpoch(tx);
      return { state: { ...(await readSchemaState(tx)), epoch }, now: await readCatalogueOfSource(tx) };
    }),
  );
}

interface Replacement {
  readonly run: Run;
  readonly copied: readonly Copied[];
  readonly mappings: readonly TableMapping[];
  readonly state: SchemaState;
  readonly settle: (tx: TargetTransaction) => Promise<void>;
}

/** Copies the tables into staging, replays the log on top of all tables, and puts both in place, in one transaction. */
async function replaceTables(
  context: Context,
  session: TargetSession,
  { run, copied, mappings, state, settle }: Replacement,
): Promise<void> {
  const left = { ...run, held: heldWithout(run, copied) };
  const drift = driftOfRun(context, left, { captured: state, mappings });
  const reader = changeReader({
    source: context.source,
    mappings: flowing(mappings, left.held),
    checkSchema: (tx) => drift.check(tx),
    maxEntries: context.throttle.maxRows,
  });
  // The mapping that the reader stages by, and no copy of it: a stage is known by it.
  const replaced = mappings.filter((mapping) => copied.some((table) => table.mapping.id === mapping.id));
  const pages = new StagedPages(context, run, replaced, copied);
  await replayBatch(
    {
      run: run.id,
      source: context.source,
      session,
      stage: new Stage(session),
      reader,
      signal: context.signal,
      durable: true,
      replacing: {
        mappings: replaced,
        stage: (tx) => whileWatched(context, run, () => pages.stage(tx)),
        async settle(tx) {
          await settle(tx);
          for (const [id, rows] of pages.counts) await finishTable(tx, run.id, { id, copied: rows });
        },
      },
    },
    run.watermark,
  );
}

function refuseWrongPhase(run: Run): void {
  if (run.captured && (run.phase === "copying" || run.phase === "syncing")) return;
  throw new RefusedError({
    code: "RESYNC_REFUSED",
    message: run.captured
      ? `the run is ${run.phase}: there is nothing to bring in line`
      : "this target was loaded by `changeover data`, without capture",
    hint: run.captured
      ? "`changeover status` shows where it stands"
      : "start over: `changeover rollback`, then `changeover sync`",
    context: { phase: run.phase },
  });
}
