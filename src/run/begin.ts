import { randomUUID } from "node:crypto";
import { testCapture } from "../capture/capture-self-test.ts";
import { captureMissing } from "../capture/drift-error.ts";
import { captureOwner, installCapture, probeWrite, removeCapture, sourceInUse } from "../capture/install.ts";
import type { CapturedTable } from "../capture/render-triggers.ts";
import { readSchemaState } from "../capture/schema-state.ts";
import { DriftError, RefusedError } from "../errors.ts";
import { forgetPrepared } from "../failback/capture/enable-failback.ts";
import { readCatalogue } from "../inspect/read-catalogue.ts";
import { readSchema } from "../inspect/read-schema.ts";
import type { TargetCatalogue } from "../model/catalogue.ts";
import type { TableMapping } from "../model/mapping.ts";
import type { Run } from "../model/run.ts";
import { settleFindings } from "../plan/findings/settle-findings.ts";
import { noticesOf } from "../plan/left-out.ts";
import { changedNames } from "../plan/names/target-names.ts";
import { findByName, mapTables, withPresentPolicies } from "../plan/propose/map-tables.ts";
import { renderWholeTable } from "../plan/render/render-migrations.ts";
import { isPending, migrationStatus } from "../schema/migrate/migration-status.ts";
import { prepareRunStore } from "../schema/migrate/prepare-run-store.ts";
import { isFencePrepared, isFenceUp, lowerFence } from "../source/fence/fence.ts";
import { changesOfFence, dismantleFence } from "../source/fence/prepare-fence.ts";
import { readSchemaVersion } from "../source/schema-version.ts";
import { saveNotices } from "../target/store/notice-store.ts";
import { createRun, loadRun, setMappings, setPhase, setSourceSchema } from "../target/store/run-store.ts";
import { forgetPass } from "../target/store/verification-store.ts";
import { tablesHoldingRows } from "../target/tables-holding-rows.ts";
import type { TargetSession } from "../target/target.ts";
import type { SourceBackup } from "./back-up-source.ts";
import { Confirmation, reportLeftOut } from "./confirmation.ts";
import type { Context } from "./context.ts";
import { findingsWithTarget, isLedger, readTargetSide, refuseBlockingFindings } from "./contract.ts";
import { plain } from "./findings.ts";
import { type Inspected, inspectSource, propose } from "./inspect.ts";
import { keepTargetClosed } from "./keep-target-closed.ts";
import { areTablesUnprepared, prepareTables } from "./prepare-tables.ts";

export interface BeginOptions {
  /** False for a source at rest: nothing is added to it. */
  readonly capture: boolean;
  readonly backup?: SourceBackup | undefined;
  /** What was seen of the source moments ago: it is not looked at again, unless its schema is another by now. */
  readonly inspected?: Inspected;
  /** Who is asked about what does not come over as it is. Default: nobody; the cutover asks. */
  readonly confirmation?: Confirmation;
}

/** The run of this source and target: the one that is there, brought into order, or a new one. */
export async function beginRun(context: Context, session: TargetSession, options: BeginOptions): Promise<Run> {
  const found = await loadRun(session);
  const owner = await context.source.read(captureOwner);
  if (found === null) {
    await refuseUnusable(context, options);
    await refusePending(context, session);
    await createNewRun(context, session, options);
  } else {
    refuseRollingBack(found);
    refuseOther(context, found, owner?.run ?? null, options);
    options.backup?.refuseLate();
    await applyPresentRules(context, session, found);
  }
  const begun = await mustLoad(session);
  if (await areTablesUnprepared(session, begun)) await prepareTables(session, begun);
  const run = await mustLoad(session);
  await recoverFence(context, session, run);
  await keepTargetClosed(context, session, run);
  if (run.captured && run.sourceSchema === null) await capture(context, session, run);
  if (run.captured) context.source.takeOverCheckpoints();
  return mustLoad(session);
}

/** A run that stopped at a bad value goes on by the rule that was written since. */
async function applyPresentRules(context: Context, session: TargetSession, run: Run): Promise<void> {
  const mappings = withPresentPolicies(run.mappings, context.rules);
  if (JSON.stringify(mappings) === JSON.stringify(run.mappings)) return;
  await setMappings(session, run.id, mappings);
  await forgetPass(session, run.id);
}

/** What can be said of the source before the target is touched: it is nobody's yet, and can be written to. */
export async function refuseUnusable(context: Context, options: BeginOptions): Promise<void> {
  const owner = await context.source.read(captureOwner);
  if (owner !== null) throw sourceInUse(context.source.location, owner);
  if (options.capture) await probeWrite(context.source);
}

export async function mustLoad(session: TargetSession): Promise<Run> {
  const run = await loadRun(session);
  if (run === null) throw noRun();
  refuseRollingBack(run);
  return run;
}

/**
 * Of a run whose rollback has begun, some of the rows or of the tables may be gone: nothing but the rollback can go on
 * with it.
 */
export function refuseRollingBack(run: Run): void {
  if (run.phase !== "rolling-back") return;
  throw new RefusedError({
    code: "ROLLBACK_UNFINISHED",
    message: "a rollback of this run has begun and is not done",
    hint: "run `changeover rollback` again: it goes on from where it stopped",
  });
}

export function noRun(): RefusedError {
  return new RefusedError({
    code: "NO_RUN",
    message: "no run has begun in this target",
    hint: "`changeover sync` begins one and keeps it in sync, `changeover full` goes all the way",
  });
}

export async function refusePending(context: Context, session: TargetSession): Promise<void> {
  const pending = (await migrationStatus(session, context.migrationsDirectory)).filter(isPending);
  if (pending.length === 0) return;
  throw new RefusedError({
    code: "MIGRATIONS_PENDING",
    message:
      `${pending.length} migration${pending.length === 1 ? " is" : "s are"} not applied to the target: ` +
      `${pending.map(({ name }) => name).join(", ")}`,
    hint: "apply them with `changeover up`; then run the same command again",
    context: { pending: pending.map(({ name }) => name) },
  });
}

function refuseOther(context: Context, run: Run, owner: string | null, options: BeginOptions): void {
  if (owner !== null && owner !== run.id) {
    throw new RefusedError({
      code: "TARGET_IN_USE",
      message: `the target belongs to a run from ${run.source}`,
      hint: "give the --source of that run, or another --target; `changeover rollback` ends that run",
      context: { source: run.source },
    });
  }
  if (run.captured !== options.capture) {
    throw new RefusedError({
      code: "RUN_OTHER_KIND",
      message: run.captured
        ? "this run captures changes; `changeover data` is for a source at rest"
        : "this target was loaded by `changeover data`, without capture: later changes of the source are not known",
      hint: run.captured ? "go on with `changeover sync`" : "start over: `changeover rollback`, then `changeover sync`",
    });
  }
  if (run.captured && owner === null && run.sourceSchema !== null && run.phase !== "cut-over") {
    throw captureMissing(context.source.location);
  }
}

/** A cutover was killed: the target knows that it did not happen, so the fence comes down, and its triggers go. */
async function recoverFence(context: Context, session: TargetSession, run: Run): Promise<void> {
  if (run.phase === "cut-over") return;
  const found = await context.source.read(async (tx) => ({
    isPrepared: await isFencePrepared(tx),
    isUp: await isFenceUp(tx),
    changes: await changesOfFence(tx),
  }));
  if (found.isPrepared) {
    let moved = found.changes;
    await lowerFence(context.source);
    await dismantleFence(context.source, { onSchemaChange: (by) => void (moved += by) });
    if (run.sourceSchema !== null)
      await setSourceSchema(session, run.id, { ...run.sourceSchema, version: run.sourceSchema.version + moved });
  }
  if (found.isUp && run.phase !== "returned")
    context.report({
      kind: "warning",
      message:
        "a cutover was interrupted before the target took over: the fence is down again, the application " +
        "writes as before",
    });
  // After a return its logs are still to be read; before the cutover they are for one that did not happen.
  if (run.phase === "cutting-over" || run.phase === "syncing") await forgetPrepared(session, run.mappings);
  if (run.phase === "cutting-over") await setPhase(session, run.id, "syncing");
}

async function createNewRun(context: Context, session: TargetSession, options: BeginOptions): Promise<void> {
  const inspected = await stillTrue(context, options.inspected, session);
  const catalogue = await readCatalogue(session);
  const isMissing = (table: string) => isLedger(inspected, table) && !hasTable(context, inspected, catalogue, table);
  const there = { ...inspected.schema, tables: inspected.schema.tables.filter(({ name }) => !isMissing(name)) };
  const mapping = { renamed: changedNames(inspected.schema, context), rules: context.rules };
  await refuseFilled(session, mapTables(there, catalogue, inspected.profiles, mapping));
  const proposal = propose(inspected, context);
  const planned = { proposal, findings: settleFindings(proposal.findings.map(plain), context.rules) };
  const findings = await findingsWithTarget(context, session, inspected, planned);
  refuseBlockingFindings(findings);
  const confirmation = options.confirmation ?? new Confirmation();
  const notices = await confirmation.settle(noticesOf(findings, context.rules));
  await options.backup?.beforeFirstWrite();
  await prepareRunStore(session, context.targetUrl);
  await session.transaction(async (tx) => {
    const made = proposal.tables.filter(({ source }) => isMissing(source));
    for (const table of made) await tx.run(renderWholeTable(table));
    const tables = made.length === 0 ? catalogue : await readCatalogue(tx);
    const mappings = mapTables(inspected.schema, tables, inspected.profiles, mapping).map(
      (mapped): TableMapping => (isMissing(mapped.source) ? { ...mapped, isMade: true } : mapped),
    );
    const id = randomUUID();
    await createRun(tx, {
      id,
      source: context.source.location,
      sourceIdentity: context.source.identity,
      captured: options.capture,
      mappings,
      rows: rowsSeen(mappings, inspected),
    });
    await saveNotices(tx, id, notices);
  });
  if (options.confirmation === undefined) reportLeftOut(context, notices, options.capture ? "cutover" : "nothing");
  reportMigrationTools(context, inspected);
  await context.record?.begin(session);
}

function hasTable(context: Context, { schema }: Inspected, { tables }: TargetCatalogue, table: string): boolean {
  return findByName(tables, changedNames(schema, context).get(table) ?? table) !== undefined;
}

function rowsSeen(mappings: readonly TableMapping[], { profiles }: Inspected): ReadonlyMap<number, number> {
  return new Map(mappings.map(({ id, source }) => [id, profiles.find(({ table }) => table === source)?.rows ?? 0]));
}

/** Another tool's table with its rows decides what that tool does next. */
function reportMigrationTools({ report }: Context, { schema }: Inspected): void {
  for (const { own, table, tool, version } of schema.tools ?? [])
    if (own === null)
      report({
        kind: "step",
        message:
          `${table} comes over, in which ${tool.name} notes its ` +
          `migrations${version === null ? "" : `: the target is at version ${version}, too`}`,
      });
}

/** Rows that came since are looked at when they are copied: what may not pass stops the copy. */
async function stillTrue(
  context: Context,
  inspected: Inspected | undefined,
  session: TargetSession,
): Promise<Inspected> {
  if (inspected !== undefined && (await context.source.read(readSchemaVersion)) === inspected.schemaVersion)
    return inspected;
  return inspectSource(context, await readTargetSide(session));
}

async function refuseFilled(session: TargetSession, mappings: readonly TableMapping[]): Promise<void> {
  const tables = mappings.map(({ target }) => target);
  const filled = (await tablesHoldingRows(session, tables)).map(({ name }) => name);
  if (filled.length === 0) return;
  throw new RefusedError({
    code: "TARGET_NOT_EMPTY",
    message: `the target already has rows in ${filled.join(", ")}`,
    hint:
      "empty those tables (rows that the application seeded there come over from the source anyway), or " +
      "give another --target",
    context: { tables: filled },
  });
}

/** Installs capture in the source and notes the schema and the log's position, from which replay starts. */
async function capture(context: Context, session: TargetSession, run: Run): Promise<void> {
  const { before, schema } = await context.source.read(async (tx) => ({
    schema: await readSchema(tx),
    before: await readSchemaState(tx),
  }));
  const byName = new Map(schema.tables.map((table) => [table.name, table]));
  const tables = run.mappings.map((mapping) => {
    const table = byName.get(mapping.source);
    if (table === undefined) throw changedMeanwhile(mapping.source);
    for (const column of mapping.columns)
      if (!table.columns.some(({ name }) => name === column.source)) throw changedMeanwhile(mapping.source);
    return { id: mapping.id, table, identity: mapping.identity };
  });
  const state = await installCapture(context.source, { run: run.id, target: context.target.location, tables });
  // It takes several transactions, and others may have had the source in between.
  for (const { source } of run.mappings)
    if (before.tables[source]?.definition !== state.tables[source]?.definition) throw changedMeanwhile(source);
  await proveInstalled(context, tables).catch(async (error: unknown) => {
    // What is not proved costs the application writes for nothing.
    if (error instanceof RefusedError) await removeCapture(context.source);
    throw error;
  });
  await session.transaction(async (tx) => {
    await setSourceSchema(tx, run.id, state);
    await setPhase(tx, run.id, "copying");
  });
  context.report({
    kind: "step",
    message: `capture is installed on ${tables.length} tables of the source, and was tried on each`,
  });
}

/** Tries capture on the live schema, and says what could not be tried. */
export async function proveInstalled(context: Context, tables: readonly CapturedTable[]): Promise<void> {
  const unproved = await testCapture(context.source, tables);
  for (const table of new Set(unproved.map(({ table }) => table))) {
    const paths = unproved.filter((path) => path.table === table);
    const reasons = new Set(paths.map(({ reason }) => reason));
    context.report({
      kind: "warning",
      message:
        `table ${table}: capture could not be tried for ${paths.map(({ path }) => path).join(", ")} ` +
        `(${[...reasons].join("; ")}); the verification before the cutover compares every row`,
    });
  }
}

function changedMeanwhile(table: string): DriftError {
  return new DriftError({
    code: "SCHEMA_DRIFT",
    message: `table ${table} of the source changed while the run began`,
    hint: "start over: `changeover rollback`, then the same command again",
    context: { table, tables: [table] },
  });
}
