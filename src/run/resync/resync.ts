import { watchDrift } from "../../capture/check-drift.ts";
import { recapture } from "../../capture/recapture.ts";
import { readSchemaState, type SchemaState } from "../../capture/schema-state.ts";
import { RefusedError } from "../../errors.ts";
import { keyColumns, ROWID_COLUMN, type TableMapping } from "../../model/mapping.ts";
import { isExcluded } from "../../model/rules.ts";
import type { Run } from "../../model/run.ts";
import { pgName, pgTable } from "../../quote.ts";
import { changeReader } from "../../replay/read-changes.ts";
import { replayBatch } from "../../replay/replay-batch.ts";
import { Stage } from "../../replay/stage.ts";
import { beginEpoch } from "../../rows/log-entries.ts";
import { defer } from "../../target/deferred/defer.ts";
import type { Deferred } from "../../target/deferred/deferred-objects.ts";
import { forgetUnrestorable, renameDeferred } from "../../target/deferred/rename-deferred.ts";
import { closeTarget } from "../../target/store/closed-target.ts";
import { addNotices } from "../../target/store/notice-store.ts";
import { setMappings, setSourceSchema } from "../../target/store/run-store.ts";
import { finishTable, forgetTable, restartTable } from "../../target/store/table-store.ts";
import { setVerified } from "../../target/store/verified-store.ts";
import type { TargetSession, TargetTransaction } from "../../target/target.ts";
import { refusePending } from "../begin-refusals.ts";
import type { Context } from "../context.ts";
import { proveInstalled } from "../install-run-capture.ts";
import { ensureKeys, ownKeyName } from "../load.ts";
import { mustLoad } from "../require-run.ts";
import { exceptSoundRowids } from "../sync.ts";
import { whileWatched } from "../watch-application.ts";
import { watchRunDrift } from "../watch-run-drift.ts";
import { planResync, type TableResync } from "./plan-resync.ts";
import { stageTable } from "./stage-table.ts";

type Copied = Extract<TableResync, { kind: "copy" }>;

/**
 * Brings single tables in line with the source again: their capture is installed again, and their rows are copied
 * again. All else stays as it is. Once the target has caught up, that is one transaction: until it commits, the target
 * is the snapshot that it was, and then it is another one. A kill leaves a note, and the next sync begins the resync
 * again.
 */
export async function resync(context: Context, session: TargetSession, names: readonly string[]): Promise<void> {
  const run = await mustLoad(session);
  refuseWrongPhase(run);
  await refusePending(context, session);
  const planned = await planResync(context, session, run, [...new Set(names)]);
  const copied = planned.filter((table): table is Copied => table.kind === "copy");
  const mappings = newMappings(run, planned);
  await session.transaction((tx) => recordResync(tx, run, copied));
  const state = await recaptureTables(context, session, run, planned);
  await proveInstalled(
    context,
    copied.map(({ table, mapping }) => ({ id: mapping.id, table, identity: mapping.identity })),
  );
  const forgotten = await session.transaction(async (tx) => {
    const gone = await prepareTarget(tx, run, planned);
    await closeTarget(tx, { run: run.id, tables: mappings.map(({ target }) => target), source: run.source });
    return gone;
  });
  for (const { name, relation, definition } of forgotten)
    context.report({
      kind: "warning",
      message:
        `${name} of ${relation} cannot come back at the cutover, since what it names is gone: it is ` +
        `forgotten (${definition})`,
    });
  const settle = async (tx: TargetTransaction) => {
    for (const table of planned) await settleTarget(tx, run, table);
    for (const { notices } of copied) await addNotices(tx, run.id, notices);
    await setMappings(tx, run.id, mappings);
    await setSourceSchema(tx, run.id, state);
    await setVerified(tx, run.id, null);
  };
  if (run.phase === "syncing") await replaceTables(context, session, { run, copied, mappings, state, settle });
  else await session.transaction(settle);
  context.report({ kind: "step", message: `${names.join(", ")}: in line with the source again` });
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
): Promise<SchemaState> {
  if (run.sourceSchema === null) throw new RangeError("the run has no capture");
  const names = planned.flatMap((table) => [
    ...(table.kind === "copy" ? [table.table.name] : []),
    ...(table.before === null ? [] : [table.before.source]),
  ]);
  const others = run.mappings.filter(({ source }) => !names.includes(source));
  const drift = watchDrift({
    source: context.source,
    run: run.id,
    captured: run.sourceSchema,
    mappings: others,
    isExcluded: (table) => names.includes(table) || isExcluded(context.rules, table),
  });
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
      return { ...(await readSchemaState(tx)), epoch };
    }),
  );
}

/** What replay needs on the target's tables, and what it cannot have there before the cutover. */
async function prepareTarget(tx: TargetTransaction, run: Run, planned: readonly TableResync[]): Promise<Deferred[]> {
  for (const resynced of planned) {
    if (resynced.kind === "forget") continue;
    const { mapping, before } = resynced;
    if (before !== null)
      await renameDeferred(tx, run.id, {
        schema: mapping.target.schema,
        from: before.target.name,
        to: mapping.target.name,
        columns: await renamedColumns(tx, before, mapping),
      });
    if (mapping.identity.kind === "rowid")
      await tx.run(`alter table ${pgTable(mapping.target)} add column if not exists ${pgName(ROWID_COLUMN)} bigint`);
    await defer(tx, run.id, [{ ...mapping.target, key: keyColumns(mapping).map(({ target }) => target) }], ["cutover"]);
  }
  return forgetUnrestorable(tx, run.id);
}

/** A column that the target has no more, and one that is new: a migration renamed it. */
async function renamedColumns(
  tx: TargetTransaction,
  before: TableMapping,
  mapping: TableMapping,
): Promise<Map<string, string>> {
  const present = await tx.rows<{ name: string }>(
    "select attname as name from pg_attribute where attrelid = $1::text::regclass and attnum > 0 and not attisdropped",
    [pgTable(mapping.target)],
  );
  const gone = before.columns.filter(({ target }) => !present.some(({ name }) => name === target));
  const fresh = mapping.columns.filter(({ target }) => !before.columns.some((column) => column.target === target));
  const [from, to] = [gone[0], fresh[0]];
  return gone.length === 1 && fresh.length === 1 && from !== undefined && to !== undefined
    ? new Map([[from.target, to.target]])
    : new Map();
}

async function settleTarget(tx: TargetTransaction, run: Run, resynced: TableResync): Promise<void> {
  const { before } = resynced;
  if (resynced.kind === "forget") return forgetTable(tx, run.id, resynced.before);
  const { mapping } = resynced;
  if (before !== null && JSON.stringify(before.identity) !== JSON.stringify(mapping.identity)) {
    await tx.run(`drop index if exists ${pgTable({ schema: mapping.target.schema, name: ownKeyName(mapping) })}`);
    if (mapping.identity.kind !== "rowid")
      await tx.run(`alter table ${pgTable(mapping.target)} drop column if exists ${pgName(ROWID_COLUMN)}`);
  }
  if (run.phase === "syncing") await ensureKeys(tx, [mapping]);
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
  const drift = watchRunDrift(context, { run: run.id, captured: state, mappings });
  const reader = changeReader({
    source: context.source,
    mappings,
    checkSchema: (tx) => drift.check(tx),
    maxEntries: context.throttle.maxRows,
  });
  // The mapping that the reader stages by, and no copy of it: a stage is known by it.
  const replaced = mappings.filter((mapping) => copied.some((table) => table.mapping.id === mapping.id));
  const expected = new Map(copied.map(({ mapping, rows }) => [mapping.id, rows]));
  const counts = new Map<number, number>();
  const stageTables = async (tx: TargetTransaction) => {
    for (const mapping of replaced)
      counts.set(mapping.id, await stageTable(context, tx, { run, mapping, expected: expected.get(mapping.id) ?? 0 }));
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
      replacing: {
        mappings: replaced,
        stage: (tx) => whileWatched(context, run, () => stageTables(tx)),
        async settle(tx) {
          await settle(tx);
          for (const [id, rows] of counts) await finishTable(tx, run.id, { id, copied: rows });
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
