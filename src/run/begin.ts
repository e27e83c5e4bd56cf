import { randomUUID } from "node:crypto";
import { captureOwner } from "../capture/install.ts";
import { forgetPrepared } from "../failback/capture/enable-failback.ts";
import { readCatalogue } from "../inspect/read-catalogue.ts";
import type { TargetCatalogue } from "../model/catalogue.ts";
import type { TableMapping } from "../model/mapping.ts";
import type { Run } from "../model/run.ts";
import { settleFindings } from "../plan/findings/settle-findings.ts";
import { changedNames } from "../plan/names/target-names.ts";
import { noticesOf } from "../plan/notices.ts";
import { findByName, mapTables, withPresentPolicies } from "../plan/propose/map-tables.ts";
import { renderWholeTable } from "../plan/render/render-migrations.ts";
import { prepareRunStore } from "../schema/migrate/prepare-run-store.ts";
import { isFencePrepared, isFenceUp, lowerFence } from "../source/fence/fence.ts";
import { changesOfFence, dismantleFence } from "../source/fence/prepare-fence.ts";
import { readSchemaVersion } from "../source/schema-version.ts";
import { saveNotices } from "../target/store/notice-store.ts";
import { createRun, loadRun, setMappings, setPhase, setSourceSchema } from "../target/store/run-store.ts";
import { forgetPass } from "../target/store/verification-store.ts";
import type { TargetSession } from "../target/target.ts";
import { refuseTablesOfOtherRun } from "../target/target-fence-triggers.ts";
import type { SourceBackup } from "./back-up-source.ts";
import { refuseBlockingFindings, refuseOther, refusePending, refuseUnusable } from "./begin-refusals.ts";
import { Confirmation, reportLeftOut } from "./confirmation.ts";
import type { Context } from "./context.ts";
import { findingsWithTarget, isMigrationsTable } from "./contract.ts";
import { plain } from "./findings.ts";
import { type Inspected, inspectSource, propose } from "./inspect.ts";
import { capture } from "./install-run-capture.ts";
import { keepTargetClosed } from "./keep-target-closed.ts";
import { areTablesUnprepared, prepareTables } from "./prepare-tables.ts";
import { readTargetSide } from "./read-target-side.ts";
import { mustLoad, refuseRollingBack } from "./require-run.ts";
import { refuseFilled, refuseUnequal } from "./seeded/replace-seeded.ts";
import { takeLateRules } from "./take-late-rules.ts";

export interface BeginOptions {
  /** False for a source at rest: nothing is added to it. */
  readonly capture: boolean;
  readonly backup?: SourceBackup | undefined;
  /** What was just seen of the source: it is not looked at again, unless its schema is another by now. */
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
  if (await areTablesUnprepared(session, begun)) await prepareTables(context, session, begun);
  const run = await mustLoad(session);
  await recoverFence(context, session, run);
  await keepTargetClosed(context, session, run);
  if (run.captured && run.sourceSchema === null) await capture(context, session, run);
  if (run.captured) context.source.takeOverCheckpoints();
  return mustLoad(session);
}

/** A run that stopped at a bad value goes on by the rule that was written since. */
async function applyPresentRules(context: Context, session: TargetSession, run: Run): Promise<void> {
  const mappings = withPresentPolicies(await takeLateRules(context, session, run), context.rules);
  if (JSON.stringify(mappings) === JSON.stringify(run.mappings)) return;
  await setMappings(session, run.id, mappings);
  await forgetPass(session, run.id);
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
  const isMissing = (table: string) =>
    isMigrationsTable(inspected, table) && !hasTable(context, inspected, catalogue, table);
  const there = { ...inspected.schema, tables: inspected.schema.tables.filter(({ name }) => !isMissing(name)) };
  const mapping = { renamed: changedNames(inspected.schema, context), rules: context.rules };
  await refuseFilled(session, mapTables(there, catalogue, inspected.profiles, mapping), context.rules);
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
    await refuseTablesOfOtherRun(
      tx,
      mappings.map(({ target }) => target),
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
    await refuseUnequal(tx, context, mappings);
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
  return inspectSource(context, await readTargetSide(session, context.rules));
}
