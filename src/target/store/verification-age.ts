import { stateOf } from "../state-schema.ts";
import type { TargetReader } from "../target.ts";

/** The last comparison of all rows that ended. */
export interface LastVerification {
  readonly seconds: number;
  /** ISO 8601. */
  readonly endedAt: string;
}

/** Null before the first. */
export async function lastVerification(target: TargetReader, run: string): Promise<LastVerification | null> {
  const [row] = await target.rows<{ seconds: number | null; endedAt: string | null }>(
    `select extract(epoch from clock_timestamp() - max(ended_at))::float8 as seconds,
       to_char(max(ended_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "endedAt"
     from ${stateOf(target)}.verification where run = $1`,
    [run],
  );
  if (row === undefined || row.seconds === null || row.endedAt === null) return null;
  return { seconds: row.seconds, endedAt: row.endedAt };
}

/** Seconds since then; null before the first. */
export async function secondsSinceVerified(target: TargetReader, run: string): Promise<number | null> {
  return (await lastVerification(target, run))?.seconds ?? null;
}
