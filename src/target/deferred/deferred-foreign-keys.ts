import { pgName, pgTable } from "../../quote.ts";
import { sql } from "../../sql.ts";
import { hasDenseParentKeys } from "../dense-keys.ts";
import { runInSessions, type Sessions } from "../run-in-sessions.ts";
import type { TargetSession } from "../target.ts";
import { sqlState } from "../target-error.ts";
import { type Deferred, deferredAt } from "./deferred-objects.ts";
import { byTable } from "./objects-by-table.ts";
import { restoreDeferredObject } from "./restore-object.ts";
import { weigh } from "./weigh-work.ts";

/**
 * Validates foreign keys that were restored NOT VALID, each in its own transaction. Returns the violated ones, or
 * throws at the first.
 */
export async function validateForeignKeys(
  sessions: Sessions,
  run: string,
  { orThrow = false }: { readonly orThrow?: boolean } = {},
): Promise<Deferred[]> {
  const session = sessions.first;
  const failed: Deferred[] = [];
  const objects = await session.rows<Deferred>(sql("target/restored-foreign-keys"), [run]);
  const check = async (own: TargetSession, object: Deferred) => {
    const table = pgTable({ schema: object.schema, name: object.relation });
    try {
      await own.transaction(async (tx) => {
        await tx.rows(sql("target/join-memory"), [table, object.name]);
        await tx.run(`alter table ${table} validate constraint ${pgName(object.name)}`);
      });
    } catch (error) {
      if (orThrow || sqlState(error)?.startsWith("23") !== true) throw error;
      failed.push(object);
    }
  };
  // One at a time per table: a validation locks out others on the same table.
  const tables = byTable(objects).map(({ table, objects: locking }) => ({ table, locking }));
  await runInSessions(sessions, (await weigh(session, tables, sessions.max)).work, check);
  return failed;
}

/** Those that stand and are not validated: rows of the source broke them. */
export function unvalidatedForeignKeys(session: TargetSession, run: string): Promise<Deferred[]> {
  return session.rows<Deferred>(sql("target/unvalidated-foreign-keys"), [run]);
}

/**
 * Tests the foreign keys that the cutover will restore: each is added, validated and rolled back. Returns the violated
 * ones.
 */
export async function testForeignKeys(session: TargetSession, run: string): Promise<Deferred[]> {
  const failed: Deferred[] = [];
  const undo = new Error("rolled back");
  for (const object of await deferredAt(session, run, ["cutover"])) {
    if (
      object.kind !== "foreign-key" ||
      !object.validated ||
      (await hasDenseParentKeys(session, pgTable({ schema: object.schema, name: object.relation }), object.definition))
    )
      continue;
    await session
      .transaction(async (tx) => {
        await restoreDeferredObject(tx, object, { validate: true });
        throw undo;
      })
      .catch((error: unknown) => {
        if (sqlState(error)?.startsWith("23") === true) failed.push(object);
        else if (error !== undo) throw error;
      });
  }
  return failed;
}
