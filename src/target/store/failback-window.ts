import { stateOf } from "../state-schema.ts";
import type { TargetReader } from "../target.ts";

/** How long ago the failback was enabled, ms; null while there is none. */
export async function failbackAge(target: TargetReader, run: string): Promise<number | null> {
  const [row] = await target.rows<{ ms: number }>(
    "select (extract(epoch from clock_timestamp() - enabled_at) * 1000)::float8 as ms " +
      `from ${stateOf(target)}.failback where run = $1 and state = 'enabled'`,
    [run],
  );
  return row?.ms ?? null;
}

/** Says, for every status, when the run will be completed. */
export async function setFailbackEnd(target: TargetReader, run: string, leftMs: number): Promise<void> {
  await target.rows(
    `update ${stateOf(target)}.failback set ends_at = clock_timestamp() + $2::text::float8 * interval '1 ms' ` +
      "where run = $1 and state = 'enabled'",
    [run, String(Math.round(leftMs))],
  );
}
