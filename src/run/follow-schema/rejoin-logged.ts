import { recapture } from "../../capture/recapture.ts";
import type { CapturedTable } from "../../capture/render-triggers.ts";
import { readSchemaState, type SchemaState } from "../../capture/schema-state.ts";
import { readCatalogueOfSource } from "../../follow/read-catalogue-of-source.ts";
import type { TableMapping } from "../../model/mapping.ts";
import type { Run } from "../../model/run.ts";
import type { CapturedCatalogue } from "../../model/schema-change.ts";
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
 * other tables, and the next batch brings the rows as they are then.
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
  await session.transaction(async (tx) => {
    await settleTarget(tx, run, { kind: "copy", mapping, before });
    await nameTable(tx, run.id, mapping);
    await setMappings(tx, run.id, mappings);
    if (run.sourceCatalogue !== null)
      await setFollowed(tx, run.id, {
        catalogue: run.sourceCatalogue,
        held: run.held.filter(({ id }) => id !== mapping.id),
      });
    await setVerified(tx, run.id, null);
  });
  context.report({ kind: "step", message: `${mapping.source} flows again: the target has its change` });
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
