import { recapture } from "../../capture/recapture.ts";
import type { CapturedTable } from "../../capture/render-triggers.ts";
import { readSchemaState, type SchemaState } from "../../capture/schema-state.ts";
import { readCatalogueOfSource } from "../../follow/read-catalogue-of-source.ts";
import { flowing } from "../../model/held-table.ts";
import type { TableMapping } from "../../model/mapping.ts";
import type { Run } from "../../model/run.ts";
import type { CapturedCatalogue } from "../../model/schema-change.ts";
import { changeReader } from "../../replay/read-changes.ts";
import { type Replacing, replayBatch } from "../../replay/replay-batch.ts";
import { Stage } from "../../replay/stage.ts";
import { beginEpoch, logKeys } from "../../rows/log-entries.ts";
import { relog } from "../../rows/relog.ts";
import { readSchemaVersion } from "../../source/schema-version.ts";
import { setFollowed, setMappings, setSourceSchema } from "../../target/store/run-store.ts";
import { nameTable } from "../../target/store/table-store.ts";
import { setVerified } from "../../target/store/verified-store.ts";
import type { TargetSession } from "../../target/target.ts";
import type { Difference } from "../../verify/compare.ts";
import { findExtras } from "../../verify/find-extras.ts";
import type { Context } from "../context.ts";
import { driftOfRun } from "../drift-of-run.ts";
import { proveInstalled } from "../install-run-capture.ts";
import { prepareRejoined, settleTarget } from "../resync/prepare-target.ts";
import { exceptSoundRowids } from "../sync.ts";
import { verificationOptions } from "../verification/verification-options.ts";
import type { ReadyTable } from "./ready-tables.ts";

export type ChangedTable = Extract<ReadyTable, { kind: "changed" }>;

/** The source's schema is no longer the one that was noticed: it is looked at again first. */
export const MOVED_ON = Symbol("moved on");

/** The source once its capture is installed again. */
export interface Recaptured {
  readonly state: SchemaState;
  readonly catalogue: CapturedCatalogue;
}

/**
 * Installs the capture of changed tables again, and tries it. From here on every change is logged, under triggers that
 * know the tables as they are.
 */
export async function recaptureChanged(
  context: Context,
  session: TargetSession,
  run: Run,
  tables: readonly { readonly mapping: TableMapping; readonly table: ChangedTable["table"] }[],
): Promise<Recaptured | typeof MOVED_ON> {
  const captured = tables.map(
    ({ mapping, table }): CapturedTable => ({ id: mapping.id, table, identity: mapping.identity }),
  );
  const known = run.sourceCatalogue?.schema.schemaVersion;
  const drift = driftOfRun(context, run);
  const done = await context.source.write(async (tx): Promise<Recaptured | typeof MOVED_ON> => {
    if ((await readSchemaVersion(tx)) !== known) return MOVED_ON;
    await drift.check(tx);
    await recapture(
      tx,
      captured.map(({ id }) => id),
      captured,
    );
    const epoch = await beginEpoch(tx);
    return { state: { ...(await readSchemaState(tx)), epoch }, catalogue: await readCatalogueOfSource(tx) };
  });
  if (done === MOVED_ON) return MOVED_ON;
  await proveInstalled(context, captured);
  // They wait still, but the next change is measured against this.
  await session.transaction(async (tx) => {
    await setSourceSchema(tx, run.id, done.state);
    await setFollowed(tx, run.id, { catalogue: done.catalogue, held: run.held });
  });
  return done;
}

export interface Rejoining {
  readonly run: Run;
  readonly ready: ChangedTable;
  readonly mapping: TableMapping;
  /** Rows that a comparison found to differ. */
  readonly differences?: readonly Difference[];
}

/**
 * Lets a table flow again whose changes are all logged: their keys are logged once more, behind what the target has of
 * other tables, and a batch brings the rows as they are now. In its commit the table no longer waits, so that nobody
 * takes earlier rows for a state of the source.
 */
export async function rejoinLogged(
  context: Context,
  session: TargetSession,
  { differences = [], mapping, ready, run }: Rejoining,
): Promise<void> {
  const { before, held } = ready;
  const planned = [{ kind: "copy" as const, mapping, before }];
  const mappings = run.mappings.map((each) => (each.id === mapping.id ? mapping : each));
  await prepareRejoined(context, session, { run, planned, mappings });
  await relog(context.source, mapping, { since: BigInt(held.since), watermark: run.watermark });
  await logDifferences(context, session, { differences, held, mapping, run });
  await rejoinInBatch(context, session, { mapping, mappings, ready, run });
  context.report({ kind: "step", message: `${mapping.source} flows again: the target has its change` });
}

async function rejoinInBatch(
  context: Context,
  session: TargetSession,
  { mapping, mappings, ready, run }: Omit<Rejoining, "differences"> & { readonly mappings: readonly TableMapping[] },
): Promise<void> {
  const held = run.held.filter(({ id }) => id !== mapping.id);
  const drift = driftOfRun(context, { ...run, held }, { mappings });
  const reader = changeReader({
    source: context.source,
    mappings: flowing(mappings, held),
    checkSchema: (tx) => drift.check(tx),
    maxEntries: context.throttle.maxRows,
  });
  const replacing: Replacing = {
    // Its rows are told apart by the keys that it has from now on.
    first: (tx) => settleTarget(tx, run, { kind: "copy", mapping, before: ready.before }),
    mappings: [],
    stage: async () => {},
    async settle(tx) {
      await nameTable(tx, run.id, mapping);
      await setMappings(tx, run.id, mappings);
      if (run.sourceCatalogue !== null) await setFollowed(tx, run.id, { catalogue: run.sourceCatalogue, held });
      await setVerified(tx, run.id, null);
    },
  };
  const { signal, source } = context;
  await exceptSoundRowids(context, { run, session, drift }, () =>
    replayBatch(
      { run: run.id, source, session, stage: new Stage(session), reader, signal, durable: true, replacing },
      run.watermark,
    ),
  );
}

/** What a comparison found is brought over as any change is; for a row that only the target has there is no key. */
async function logDifferences(
  context: Context,
  session: TargetSession,
  {
    differences,
    held,
    mapping,
    run,
  }: Pick<Rejoining, "mapping" | "run"> & {
    readonly differences: readonly Difference[];
    readonly held: ChangedTable["held"];
  },
): Promise<void> {
  const keys = differences.filter(({ what }) => what !== "extra").map(({ key }) => key);
  if (keys.length > 0) await context.source.write((tx) => logKeys(tx, mapping, keys));
  if (!differences.some(({ what }) => what === "extra")) return;
  const options = verificationOptions(context, session, run);
  await findExtras({ ...options, mapping, standsAt: BigInt(held.since), named: 1, remove: true });
}
