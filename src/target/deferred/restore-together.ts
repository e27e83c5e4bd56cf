import type { TargetTableName } from "../../model/mapping.ts";
import { pgTable } from "../../quote.ts";
import { runInSessions, type Sessions } from "../run-in-sessions.ts";
import type { TargetSession } from "../target.ts";
import type { Deferred } from "./deferred-objects.ts";
import type { ObjectsOfTable } from "./objects-by-table.ts";
import { restoreAllDeferred } from "./restore-object.ts";
import { inSmallSlices } from "./small-slices.ts";

/**
 * Recreates the objects of tables of a few rows, many tables in a transaction, and analyzes them there: with thousands
 * of them asking and committing is most of the work. Returns the tables that are left: large ones, and those of a slice
 * in which something failed. One by one these find out and say what.
 */
export async function restoreTogether(
  sessions: Sessions,
  tables: readonly ObjectsOfTable[],
  onEach: (object: Deferred) => void,
): Promise<readonly ObjectsOfTable[]> {
  const { slices } = await inSmallSlices(sessions.first, tables);
  const done = new Set<ObjectsOfTable>();
  await runInSessions(
    sessions,
    slices.map((slice) => ({ items: [slice] })),
    async (session, slice) => {
      for (const { objects } of slice) for (const object of objects) onEach(object);
      const isDone = await restoreSlice(session, slice).then(
        () => true,
        () => false,
      );
      if (isDone) for (const table of slice) done.add(table);
    },
  );
  return tables.filter((table) => !done.has(table));
}

/** The commit is asynchronous: a server crash that loses the objects also loses their record. */
function restoreSlice(session: TargetSession, slice: readonly ObjectsOfTable[]): Promise<void> {
  const analyzed: readonly TargetTableName[] = slice.flatMap(({ isAnalyzed, table }) => (isAnalyzed ? [table] : []));
  return session.transaction(
    async (tx) => {
      await tx.run("set local max_parallel_maintenance_workers = 0");
      await restoreAllDeferred(
        tx,
        slice.flatMap(({ objects }) => objects),
        { between: () => {} },
      );
      if (analyzed.length > 0) await tx.run(analyzed.map((table) => `analyze ${pgTable(table)}`).join(";\n"));
    },
    { isDurable: false },
  );
}
