import type { TargetTableName } from "../../model/mapping.ts";
import { pgTable } from "../../quote.ts";
import { sql } from "../../sql.ts";
import { analyze } from "../analyze.ts";
import { runInSessions, type Sessions } from "../run-in-sessions.ts";
import type { TargetSession, TargetTransaction } from "../target.ts";
import { type Deferred, deferredAt, type RestoreStage } from "./deferred-objects.ts";
import { byTable } from "./objects-by-table.ts";
import { restoreDeferredObject } from "./restore-object.ts";
import { restoreTogether } from "./restore-together.ts";
import { weigh } from "./weigh-work.ts";

export interface RestoreDeferredOptions {
  readonly onEach?: (object: Deferred) => void;
  /**
   * Tables to analyze: each after the objects that lock it, and before its other indexes, for which an ANALYZE would
   * wait.
   */
  readonly analyzed?: readonly TargetTableName[];
}

/**
 * Recreates all objects of the stages, each in a transaction of its own that also records it: a kill costs one object.
 * Those of small tables share one. Tables are processed concurrently. Constraints and triggers lock their table, so
 * they run one after the other, then its indexes. Foreign keys lock two tables and need unique constraints, so they
 * come last, NOT VALID.
 */
export async function restoreDeferred(
  sessions: Sessions,
  run: string,
  stages: readonly RestoreStage[],
  { analyzed = [], onEach = () => {} }: RestoreDeferredOptions = {},
): Promise<void> {
  const objects = await deferredAt(sessions.first, run, stages);
  const own = byTable(
    objects.filter(({ kind }) => kind !== "foreign-key"),
    analyzed,
  );
  const left = await restoreTogether(sessions, own, onEach);
  const tables = left.map(({ isAnalyzed, objects: all, table }) => ({
    table,
    locking: [...all.filter(({ kind }) => kind !== "index"), ...(isAnalyzed ? [table] : [])],
    then: all.filter(({ kind }) => kind === "index"),
  }));
  const { isCaughtUp, work } = await weigh<Deferred | TargetTableName>(sessions.first, tables, sessions.max);
  const restoreOne = async (session: TargetSession, object: Deferred | TargetTableName) => {
    if (!("definition" in object)) return analyze(session, object);
    onEach(object);
    // The commit is asynchronous: a server crash that loses the object also loses its record.
    const build = async (tx: TargetTransaction) => {
      await prepareToSort(tx, object, { isCaughtUp });
      await restoreDeferredObject(tx, object, { validate: false });
    };
    await session.transaction(build, { isDurable: false });
  };
  await runInSessions(sessions, work, restoreOne);
  for (const object of objects) if (object.kind === "foreign-key") await restoreOne(sessions.first, object);
}

/**
 * Sets memory and parallelism for building an index. Measured: if all sessions are equally busy, parallel workers
 * compete for the same processors, and a sort that fits into the processor's cache takes two thirds of the time.
 * Otherwise parallel workers help and need more memory, as do indexes that are not sorted: up to the server's
 * shared_buffers, or 256 MB.
 */
async function prepareToSort(
  tx: TargetTransaction,
  object: Deferred,
  { isCaughtUp }: { readonly isCaughtUp: boolean },
): Promise<void> {
  if (isCaughtUp && isSorted(object))
    await tx.rows(sql("target/sort-memory"), [pgTable({ schema: object.schema, name: object.relation })]);
  else
    await tx.run(
      "select set_config('maintenance_work_mem', " +
        "greatest(pg_size_bytes(current_setting('maintenance_work_mem')), " +
        "least(pg_size_bytes(current_setting('shared_buffers')), 256 * 1024 * 1024)) / 1024 || 'kB', true)",
    );
  if (isCaughtUp) await tx.run("set local max_parallel_maintenance_workers = 0");
}

/** Only B-tree and hash indexes are built by sorting. */
function isSorted({ definition, kind }: Deferred): boolean {
  return kind === "index" ? / USING (?:btree|hash) /.test(definition) : /^(?:PRIMARY KEY|UNIQUE)\b/.test(definition);
}
