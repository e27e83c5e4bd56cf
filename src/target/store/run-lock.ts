import { createHash } from "node:crypto";
import { RefusedError } from "../../errors.ts";
import { sql } from "../../sql.ts";
import { DEFAULT_STATE_SCHEMA, type InState, stateOf } from "../state-schema.ts";
import type { TargetReader, TargetSession } from "../target.ts";

export async function setRunLockRequest(session: TargetReader, run: string, requester: string | null): Promise<void> {
  await session.rows(`update ${stateOf(session)}.run set lock_requested_by = $2 where id = $1`, [run, requester]);
}

/** Requests the run lock, unless another process already does. */
export async function requestRunLock(session: TargetReader, run: string, requester: string): Promise<void> {
  await session.rows(
    `update ${stateOf(session)}.run set lock_requested_by = $2 where id = $1 and lock_requested_by is null`,
    [run, requester],
  );
}

/** Who requests the run lock. */
export async function runLockRequester(session: TargetReader, run: string): Promise<string | null> {
  const [row] = await session.rows<{ lock_requested_by: string | null }>(
    `select lock_requested_by from ${stateOf(session)}.run where id = $1`,
    [run],
  );
  return row?.lock_requested_by ?? null;
}

/** Withdraws a request that was granted or whose process ended; other requests stay. */
export async function withdrawRunLockRequest(session: TargetReader, run: string, requester: string): Promise<void> {
  await session.rows(
    `update ${stateOf(session)}.run set lock_requested_by = null where id = $1 and lock_requested_by = $2`,
    [run, requester],
  );
}

// "changeover" as a 64-bit number.
const LOCK = 7163384720915326582n;

type LockKind = "run" | "change-log" | "verification" | "migrations";

/** One run per state schema, so one lock of each kind for it. */
export function lockKey({ stateSchema }: InState, kind: LockKind): bigint {
  const offset = { run: 0n, "change-log": 1n, verification: 2n, migrations: 3n }[kind];
  if (stateSchema === DEFAULT_STATE_SCHEMA) return LOCK + offset;
  const digest = createHash("sha256").update(`changeover ${kind} ${stateSchema}`).digest();
  // Without the sign: pg_locks shows a key as two halves, and ours are told apart by them.
  return digest.readBigUInt64BE() >> 1n;
}

/** The halves of a lock's key, as pg_locks has them. */
export function lockHalves(key: bigint): [bigint, bigint] {
  return [key >> 32n, key & 0xffffffffn];
}

/**
 * Takes the run lock for this session; false if another session holds it. PostgreSQL releases it when the connection
 * ends, so a dead process holds nothing.
 */
export async function tryRunLock(session: TargetSession): Promise<boolean> {
  const [row] = await session.rows<{ taken: boolean }>("select pg_try_advisory_lock($1) as taken", [
    lockKey(session, "run"),
  ]);
  return row?.taken === true;
}

/** Takes the run lock until the transaction ends. */
export async function tryRunLockInTransaction(tx: TargetReader): Promise<boolean> {
  const [row] = await tx.rows<{ taken: boolean }>("select pg_try_advisory_xact_lock($1) as taken", [
    lockKey(tx, "run"),
  ]);
  return row?.taken === true;
}

/**
 * Whether a session holds the run lock. Trying to take it instead would make other processes believe that someone holds
 * it.
 */
export async function isRunLocked(session: TargetReader): Promise<boolean> {
  const [row] = await session.rows<{ held: boolean }>(sql("target/lock-held"), lockHalves(lockKey(session, "run")));
  return row?.held === true;
}

export async function releaseRunLock(session: TargetSession): Promise<void> {
  await session.rows("select pg_advisory_unlock($1)", [lockKey(session, "run")]);
}

export function runLockedError(): RefusedError {
  return new RefusedError({
    code: "RUN_LOCKED",
    message: "another changeover process is working on this run",
    hint: "wait for it or stop it (`changeover status` shows its progress); then run the same command again",
  });
}
