import { stateOf } from "../state-schema.ts";
import type { TargetReader } from "../target.ts";

/** Seconds since the last comparison of all rows ended; null before the first. */
export async function secondsSinceVerified(target: TargetReader, run: string): Promise<number | null> {
  const [row] = await target.rows<{ seconds: number | null }>(
    "select extract(epoch from clock_timestamp() - max(ended_at))::float8 as seconds " +
      `from ${stateOf(target)}.verification where run = $1`,
    [run],
  );
  return row?.seconds ?? null;
}
