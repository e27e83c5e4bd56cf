import { pgName, pgTable } from "../../quote.ts";
import { sql } from "../../sql.ts";
import { hasDenseParentKeys } from "../dense-keys.ts";
import { runInSessions, type Sessions } from "../run-in-sessions.ts";
import { stateSql } from "../state-schema.ts";
import type { TargetSession } from "../target.ts";
import { sqlState } from "../target-error.ts";
import { type Deferred, deferredAt } from "./deferred-objects.ts";
import { byTable, type ObjectsOfTable } from "./objects-by-table.ts";
import { restoreAllDeferred } from "./restore-object.ts";
import { inSmallSlices } from "./small-slices.ts";
import { weigh } from "./weigh-work.ts";

/**
 * Validates foreign keys that were restored NOT VALID, each in its own transaction; those of small tables share one.
 * Returns the violated ones, or
 * throws at the first.
 */
export async function validateForeignKeys(
  sessions: Sessions,
  run: string,
  { orThrow = false }: { readonly orThrow?: boolean } = {},
): Promise<Deferred[]> {
  const session = sessions.first;
  const failed: Deferred[] = [];
  const objects = await session.rows<Deferred>(stateSql(session, "target/restored-foreign-keys"), [run]);
  const check = async (own: TargetSession, object: Deferred) => {
    const table = pgTable({ schema: object.schema, name: object.relation });
    try {
      await own.transaction(async (tx) => {
        await tx.rows(sql("target/join-memory"), [table, object.name]);
        await tx.run(validation(object));
      });
    } catch (error) {
      if (orThrow || sqlState(error)?.startsWith("23") !== true) throw error;
      failed.push(object);
    }
  };
  const { large, slices } = await inSmallSlices(session, byTable(objects));
  const left: ObjectsOfTable[] = [];
  // A slice with a violated one is validated one by one: that says which.
  await runInSessions(
    sessions,
    slices.map((slice) => ({ items: [slice] })),
    async (own, slice) => {
      const some = slice.flatMap((table) => table.objects);
      await own
        .transaction((tx) => tx.run(some.map(validation).join(";\n")), { isDurable: false })
        .catch(() => void left.push(...slice));
    },
  );
  // One at a time per table: a validation locks out others on the same table.
  const tables = [...large, ...left].map(({ table, objects: locking }) => ({ table, locking }));
  await runInSessions(sessions, (await weigh(session, tables, sessions.max)).work, check);
  return failed;
}

function validation({ name, relation, schema }: Deferred): string {
  return `alter table ${pgTable({ schema, name: relation })} validate constraint ${pgName(name)}`;
}

/** Those that stand and are not validated: rows of the source broke them. */
export function unvalidatedForeignKeys(session: TargetSession, run: string): Promise<Deferred[]> {
  return session.rows<Deferred>(stateSql(session, "target/unvalidated-foreign-keys"), [run]);
}

/**
 * Tests the foreign keys that the cutover will restore: each is added, validated and rolled back. Returns the violated
 * ones.
 */
export async function testForeignKeys(session: TargetSession, run: string): Promise<Deferred[]> {
  const failed: Deferred[] = [];
  const objects = (await deferredAt(session, run, ["cutover"])).filter(
    ({ kind, validated }) => kind === "foreign-key" && validated,
  );
  const { large, slices } = await inSmallSlices(session, byTable(objects));
  const left = large.flatMap((table) => table.objects);
  for (const slice of slices) {
    const some = slice.flatMap((table) => table.objects);
    if (!(await canBeRestored(session, some))) left.push(...some);
  }
  for (const object of left) {
    const table = pgTable({ schema: object.schema, name: object.relation });
    if (await hasDenseParentKeys(session, table, object.definition)) continue;
    if (!(await canBeRestored(session, [object]))) failed.push(object);
  }
  return failed;
}

/** Whether rows of the source violate none of them: all are added, validated and rolled back. */
async function canBeRestored(session: TargetSession, objects: readonly Deferred[]): Promise<boolean> {
  const undo = new Error("rolled back");
  try {
    await session.transaction(async (tx) => {
      await restoreAllDeferred(tx, objects, { between: () => {}, validate: true });
      throw undo;
    });
    return true;
  } catch (error) {
    if (sqlState(error)?.startsWith("23") === true) return false;
    if (error !== undo) throw error;
    return true;
  }
}
