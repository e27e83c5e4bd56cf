import { captureOwner, removeCapture } from "../capture/install.ts";
import { deleteRun, loadRun } from "../db/run-store.ts";
import { restoreOne, suspendedAt } from "../db/suspended.ts";
import type { TargetSession } from "../db/target.ts";
import { loadWayBack } from "../db/way-back-store.ts";
import { RefusedError } from "../errors.ts";
import { migrateDown } from "../migrate/migrate-target.ts";
import { isPending, migrationStatus } from "../migrate/status.ts";
import { ROWID_COLUMN } from "../model/mapping.ts";
import type { Run } from "../model/run.ts";
import { pgName, pgTable } from "../quote.ts";
import { disarmTable, forgetLogs } from "../return/arm.ts";
import { dropTargetFence } from "../return/fence-target.ts";
import { noRun } from "./begin.ts";
import type { Context } from "./context.ts";
import { ownKeyName } from "./load.ts";
import { type ReturnResult, returnToSource } from "./return-to-source.ts";
import { keepingRows } from "./undo.ts";

export type RollbackResult =
  | ({ readonly kind: "undone" } & UndoneResult)
  | ({ readonly kind: "returned" } & ReturnResult);

export interface UndoneResult {
  readonly ok: true;
  /** Objects removed from the source. */
  readonly removed: readonly string[];
  /** Migrations undone in the target. */
  readonly migrationsUndone: readonly string[];
}

/**
 * Before the cutover, and again after a return: the source as it was, the target's tables as `down` leaves them, and no run. In
 * between the way back is gone.
 */
export async function rollBack(
  context: Context,
  session: TargetSession,
  settings: { readonly maxDowntime: number },
): Promise<RollbackResult> {
  const run = await loadRun(session);
  if (run === null) throw noRun();
  if (run.phase === "cut-over") return { kind: "returned", ...(await returnToSource(context, session, run, settings)) };
  const owner = await context.source.read(captureOwner);
  if (owner !== null && owner.run !== run.id) {
    throw new RefusedError({
      code: "TARGET_TAKEN",
      message: `the target belongs to a run from ${run.source}, the source to another one, to ${owner.target}`,
      hint: "give the --source and --target of one run",
    });
  }
  // The source first: if this is killed here, the application is free of us, and the same command goes on.
  const removed = owner === null ? [] : await removeCapture(context.source);
  await emptyTarget(session, run);
  const migrationsUndone = await undoMigrations(context, session);
  return { kind: "undone", ok: true, removed, migrationsUndone };
}

async function emptyTarget(session: TargetSession, run: Run): Promise<void> {
  const objects = await suspendedAt(session, run.id, ["copied", "caught-up", "cutover"]);
  const armed = (await loadWayBack(session, run.id)) !== null;
  await session.transaction(async (tx) => {
    if (armed) {
      await dropTargetFence(tx, run.mappings);
      for (const mapping of run.mappings) await tx.run(disarmTable(mapping));
    }
    await forgetLogs(tx, run.mappings);
    if (run.mappings.length > 0)
      await tx.run(`truncate ${run.mappings.map(({ target }) => pgTable(target)).join(", ")}`);
    for (const mapping of run.mappings) {
      await tx.run(`drop index if exists ${pgTable({ schema: mapping.target.schema, name: ownKeyName(mapping) })}`);
      if (mapping.identity.kind === "rowid")
        await tx.run(`alter table ${pgTable(mapping.target)} drop column if exists ${pgName(ROWID_COLUMN)}`);
    }
    for (const object of objects) await restoreOne(tx, object, { validate: true });
    for (const { isMade, target } of run.mappings)
      if (isMade === true) await tx.run(`drop table if exists ${pgTable(target)}`);
    await deleteRun(tx, run.id);
  });
}

async function undoMigrations(context: Context, session: TargetSession): Promise<string[]> {
  const status = await migrationStatus(session, context.migrationsDirectory);
  const applied = status.filter((migration) => !isPending(migration)).length;
  // Files that are gone cannot be undone; the tables stay, empty.
  if (applied === 0 || status.some(({ state }) => state === "missing")) return [];
  // The run's own rows are gone by now; what else is in tables of the migrations is someone's.
  return keepingRows(context, {}, (keeper) =>
    migrateDown({
      url: context.targetUrl,
      directory: context.migrationsDirectory,
      count: applied,
      acceptChanged: true,
      report: context.report,
      guard: keeper,
    }),
  );
}
