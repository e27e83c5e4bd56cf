import { stateSql } from "../state-schema.ts";
import type { TargetSession } from "../target.ts";
import { lockKey } from "./run-lock.ts";

/**
 * Until this session ends, entries of the change log that the target did not yet hold stay: a running verification
 * reads them.
 */
export async function holdChangeLog(session: TargetSession): Promise<void> {
  await session.rows("select pg_advisory_lock_shared($1)", [lockKey(session, "change-log")]);
}

/**
 * Which entries of the change log are still needed: all while a session holds the log, otherwise those after the last
 * verification, or after the start of an unfinished one.
 */
export async function neededChangeLog(
  session: TargetSession,
  run: string,
): Promise<{ readonly held: boolean; readonly verifiedThrough: bigint | null }> {
  const [row] = await session.rows<{ free: boolean; verified_through: string | null }>(
    stateSql(session, "target/needed-log"),
    [lockKey(session, "change-log"), run],
  );
  if (row?.free === true) await session.rows("select pg_advisory_unlock($1)", [lockKey(session, "change-log")]);
  return {
    held: row?.free !== true,
    verifiedThrough: row?.verified_through == null ? null : BigInt(row.verified_through),
  };
}
