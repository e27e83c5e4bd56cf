import { stateOf } from "../target/state-schema.ts";
import type { TargetTransaction } from "../target/target.ts";

/** The target's watermark in the session's present snapshot. */
export async function watermarkOf(session: TargetTransaction, run: string): Promise<bigint> {
  const [row] = await session.rows<{ watermark: string }>(
    `select watermark::text from ${stateOf(session)}.run where id = $1`,
    [run],
  );
  return BigInt(row?.watermark ?? 0);
}
