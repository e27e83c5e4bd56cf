import { RefusedError } from "../../errors.ts";
import { pgName, pgTable } from "../../quote.ts";
import { withBriefLocks } from "../brief-locks.ts";
import { stateOf, stateSql } from "../state-schema.ts";
import type { TargetSession } from "../target.ts";
import { sqlState } from "../target-error.ts";
import { type Deferred, deferredAt } from "./deferred-objects.ts";
import { restoreAllDeferred } from "./restore-object.ts";

/** Objects of one transaction: each takes locks on one or two tables until its end. */
const OBJECTS_AT_ONCE = 50;
const NO_PRIVILEGE = "42501";
const LOCK_PATIENCE_MS = 10_000;

/**
 * Lets foreign keys and triggers rest for this session, as for the one that applies a logical replication: they may
 * stand while it replays. Needs a superuser or, from PostgreSQL 15 on, `GRANT SET ON PARAMETER
 * session_replication_role`. Returns whether it may.
 */
export async function actAsReplica(session: TargetSession): Promise<boolean> {
  try {
    await session.run("set session_replication_role = replica");
    return true;
  } catch (error) {
    if (sqlState(error) === NO_PRIVILEGE) return false;
    throw error;
  }
}

export async function actAsOrigin(session: TargetSession): Promise<void> {
  if (session.alive) await session.run("reset session_replication_role");
}

/**
 * Recreates before the fence what rests while the session acts as a replica, in short transactions; foreign keys NOT
 * VALID. What does not rest, such as a NOT VALID CHECK, is left for the transaction that opens.
 */
export async function restoreEarly(
  session: TargetSession,
  run: string,
  { between }: { readonly between: () => Promise<void> },
): Promise<void> {
  const objects = (await deferredAt(session, run, ["cutover"])).filter(restsInReplica);
  for (let from = 0; from < objects.length; from += OBJECTS_AT_ONCE) {
    const some = objects.slice(from, from + OBJECTS_AT_ONCE);
    await session.transaction((tx) => restoreAllDeferred(tx, some, { between: () => {} }));
    await between();
  }
}

export interface LateAndEarly {
  readonly early: readonly Deferred[];
  /** Those that the transaction which opens the target has to create. */
  readonly late: readonly Deferred[];
}

/** What a cutover would recreate when. */
export async function lateAndEarly(session: TargetSession, run: string): Promise<LateAndEarly> {
  const objects = await deferredAt(session, run, ["cutover"]);
  const mayRest = await actAsReplica(session);
  await actAsOrigin(session);
  const early = mayRest ? objects.filter(restsInReplica) : [];
  return { early, late: objects.filter((object) => !early.includes(object)) };
}

/** Each is created and taken back. */
export async function tryEarly(session: TargetSession, objects: readonly Deferred[]): Promise<void> {
  const undo = new Error("taken back");
  for (let from = 0; from < objects.length; from += OBJECTS_AT_ONCE)
    await session
      .transaction(async (tx) => {
        await restoreAllDeferred(tx, objects.slice(from, from + OBJECTS_AT_ONCE), { between: () => {} });
        throw undo;
      })
      .catch((error: unknown) => {
        if (error !== undo) throw error;
      });
}

/**
 * Defers again what {@link restoreEarly} recreated for a cutover that did not happen. Must run before anything is
 * replayed by a session that is no replica: a foreign key's CASCADE would delete rows of the target.
 */
export async function deferEarlyAgain(session: TargetSession, run: string): Promise<void> {
  const objects = await session.rows<Deferred>(stateSql(session, "target/restored-early"), [run]);
  for (let from = 0; from < objects.length; from += OBJECTS_AT_ONCE) {
    const some = objects.slice(from, from + OBJECTS_AT_ONCE);
    await withBriefLocks(session, { patienceMs: LOCK_PATIENCE_MS, busy: targetBusy }, async (tx) => {
      await tx.run(some.map(dropStatement).join(";\n"));
      await tx.rows(`update ${stateOf(tx)}.deferred set restored = false where id = any($1::bigint[])`, [
        some.map(({ id }) => id),
      ]);
    });
  }
}

/** Triggers that an owner set to fire in a replica, too, would fire for replayed rows. */
function restsInReplica({ enabled, kind }: Deferred): boolean {
  return kind === "foreign-key" || (kind === "trigger" && enabled !== "R" && enabled !== "A");
}

function dropStatement({ kind, name, relation, schema }: Deferred): string {
  const table = pgTable({ schema, name: relation });
  return kind === "trigger"
    ? `drop trigger if exists ${pgName(name)} on ${table}`
    : `alter table if exists ${table} drop constraint if exists ${pgName(name)}`;
}

function targetBusy(cause: unknown): RefusedError {
  return new RefusedError({
    code: "TARGET_BUSY",
    message:
      "a transaction in PostgreSQL holds tables of the run: foreign keys and triggers of a cutover that was undone " +
      "cannot be dropped again",
    hint: "find it in pg_stat_activity and end it; then run the same command again",
    cause,
  });
}
