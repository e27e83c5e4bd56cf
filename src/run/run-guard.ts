import { DriftError, RefusedError } from "../errors.ts";
import { readCatalogue } from "../inspect/read-catalogue.ts";
import type { TargetCatalogue } from "../model/catalogue.ts";
import { keyColumns } from "../model/mapping.ts";
import type { Run } from "../model/run.ts";
import { OWN_SESSION_SETTING, ownSessionValue } from "../model/target-fence.ts";
import { pgString } from "../quote.ts";
import type { Guard } from "../schema/migrate/migrate-settings.ts";
import { renderCount } from "../status/render-count.ts";
import { type DeferTable, deferNew, deferrableObjects } from "../target/deferred/defer.ts";
import { deferredAt, type RestoreStage } from "../target/deferred/deferred-objects.ts";
import { closeTarget, isTargetClosed } from "../target/store/closed-target.ts";
import { setVerified } from "../target/store/verified-store.ts";
import type { TargetReader } from "../target/target.ts";
import type { Context } from "./context.ts";
import { activeRun, lockRun } from "./lock-run.ts";
import { readAnatomy } from "./read-anatomy.ts";
import { refuseOutside } from "./refuse-outside.ts";
import { findUnfollowable, type TargetState, type Unfollowable } from "./unfollowable.ts";
import { watchRunDrift } from "./watch-run-drift.ts";

/**
 * What a migration may do while a run works on the same tables. It has the run to itself for as long as its transaction
 * lasts: a running sync yields it between two batches, and reads its plan again when it is back. Just before the commit
 * the catalogue is compared with what it was: what copy, replay or the failback could not go on with is refused, and
 * taken back as a whole. What the run takes off tables when it begins (foreign keys, triggers; during the copy indexes
 * as well) it takes off here, too.
 */
export function runGuard(context: Context, { patience }: { readonly patience: number }): Guard {
  let held: { readonly run: Run; readonly before: TargetState; readonly suspendable: ReadonlySet<string> } | null =
    null;
  return {
    async begin(tx) {
      held = null;
      const found = await activeRun(tx);
      if (found === null) return;
      await lockRun(context, tx, found, patience);
      const run = await activeRun(tx);
      if (run === null) return;
      // What a migration does to the run's tables is judged below, where the fence would refuse it.
      await tx.run(`set local ${OWN_SESSION_SETTING} = ${pgString(ownSessionValue(tx.stateSchema))}`);
      const before = await stateOf(tx, run);
      held = { run, before, suspendable: await deferrableObjects(tx, tablesOf(run, before.catalogue)) };
    },
    async statements(migration, sql, where, connection) {
      const run = where === "transaction" ? (held?.run ?? null) : await activeRun(connection);
      if (run === null) return;
      if (where === "outside") await refuseOutside(connection, migration, sql);
      await refuseDeferred(connection, run, migration, sql);
    },
    async commit(tx) {
      if (held === null) return;
      const { before, run, suspendable } = held;
      const after = await stateOf(tx, run);
      await refuseUnfollowable(context, run, findUnfollowable(run.mappings, before, after));
      if (hasUpdates(before, after)) await invalidateVerification(context, tx, run);
      // Partitions may be new.
      if (await isTargetClosed(tx, run.id)) {
        const tables = tablesOf(run, after.catalogue);
        await closeTarget(tx, { run: run.id, tables, source: run.source });
      }
      const deferred = await deferNew(tx, run.id, tablesOf(run, after.catalogue), stagesOf(run), suspendable);
      for (const { kind, name, relation } of deferred)
        context.report({
          kind: "step",
          message:
            `${kind.replace("-", " ")} ${name} of ${relation} was checked and comes ` +
            `${run.phase === "syncing" ? "with the cutover" : "when the copy is done"}: the run goes on ` +
            `without it`,
        });
    },
  };
}

async function stateOf(tx: TargetReader, run: Run): Promise<TargetState> {
  const catalogue = await readCatalogue(tx);
  // After the cutover the rows are the application's: what a migration does to them is brought back as all else is.
  return {
    catalogue,
    anatomies:
      run.phase === "cut-over"
        ? []
        : await readAnatomy(
            tx,
            run.mappings.map(({ target }) => target),
          ),
  };
}

function hasUpdates(before: TargetState, after: TargetState): boolean {
  return after.anatomies.some(
    ({ oid, updated }) => updated > (before.anatomies.find((table) => table.oid === oid)?.updated ?? 0),
  );
}

/** A new column is filled like this; whether a column that travels was touched as well, only comparing tells. */
async function invalidateVerification(context: Context, tx: TargetReader, run: Run): Promise<void> {
  await setVerified(tx, run.id, null);
  context.report({
    kind: "warning",
    message: "the migration updates rows that come from the source: all will be compared again before the cutover",
  });
}

function tablesOf(run: Run, catalogue: TargetCatalogue): DeferTable[] {
  const present = run.mappings.filter(({ target }) =>
    catalogue.tables.some(({ name, schema }) => name === target.name && schema === target.schema),
  );
  return present.map((mapping) => ({ ...mapping.target, key: keyColumns(mapping).map(({ target }) => target) }));
}

function stagesOf({ phase }: Run): readonly RestoreStage[] {
  if (phase === "new" || phase === "copying") return ["copied", "caught-up", "cutover"];
  return phase === "syncing" ? ["cutover"] : [];
}

/** A name that is in the file may be that of an object which is not there now, and would come back unchanged. */
async function refuseDeferred(
  target: TargetReader,
  run: Run,
  migration: string,
  sql: readonly string[],
): Promise<void> {
  const text = sql.join("\n");
  const off = await deferredAt(target, run.id, ["copied", "caught-up", "cutover"]);
  const named = off.find(({ name }) =>
    new RegExp(`(?<![\\w$])${name.replace(/[^\w]/g, "\\$&")}(?![\\w$])`, "i").test(text),
  );
  if (named === undefined) return;
  throw new RefusedError({
    code: "MIGRATION_TOUCHES_DEFERRED",
    message:
      `migration ${migration} names ${named.name} of table ${named.relation}, which the run has taken ` +
      `off and brings back ${run.phase === "syncing" ? "with the cutover" : "when the copy is done"}. ` +
      `Nothing was changed`,
    hint:
      run.phase === "syncing"
        ? "apply it after the cutover"
        : "apply it when the copy is done; `changeover status` shows how far it is",
    context: { file: migration, object: named.name, table: named.relation },
  });
}

/**
 * A table whose source has changed is at rest until it is copied again: there the target must be changed in its turn.
 */
async function refuseUnfollowable(context: Context, run: Run, found: readonly Unfollowable[]): Promise<void> {
  if (found.length === 0) return;
  const drifted = await driftedTables(context, run);
  const left = found.filter(({ table }) => drifted === null || !drifted.has(table));
  if (left.length === 0) return;
  const failback = run.phase === "cut-over" || run.phase === "returned";
  const instead = failback
    ? "make the change after `changeover complete`, which ends the failback"
    : "make the change in the source first, which stops the sync, then run this command again, and " +
      "`changeover sync --resync TABLE`; or wait until after the cutover";
  throw new RefusedError({
    code: "MIGRATION_INCOMPATIBLE_WITH_RUN",
    message:
      `${renderCount(left.length, "change")} that the ${failback ? "failback" : "sync"} cannot follow: ` +
      `${left.map(({ problem, table }) => `table ${table}: ${problem}`).join("; ")}. All was taken back`,
    hint:
      drifted === null && !failback
        ? `${instead}. If the source was changed already: give --source, so that this can be seen`
        : instead,
    context: { table: left[0]?.table, problems: left },
  });
}

/** Tables whose schema in the source is no longer the captured one; null if the source cannot be looked at. */
async function driftedTables(context: Context, run: Run): Promise<ReadonlySet<string> | null> {
  if (!context.hasSource || run.sourceSchema === null) return null;
  const watch = watchRunDrift(context, { run: run.id, captured: run.sourceSchema, mappings: run.mappings });
  try {
    await context.source.read((tx) => watch.check(tx));
    return new Set();
  } catch (error) {
    const tables = error instanceof DriftError ? error.context["tables"] : undefined;
    return Array.isArray(tables) ? new Set(tables as string[]) : null;
  }
}
