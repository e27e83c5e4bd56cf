import { stateOf } from "../target/state-schema.ts";
import type { TargetTransaction } from "../target/target.ts";

/** Which state of the source the target's tables equal. */
export interface WatermarkOf {
  readonly run: string;
  /** Of a table that stands still while others flow: the one at which it does. */
  readonly standsAt?: bigint;
}

/** The target's watermark in the session's present snapshot. */
export async function watermarkOf(session: TargetTransaction, { run, standsAt }: WatermarkOf): Promise<bigint> {
  if (standsAt !== undefined) return standsAt;
  const [row] = await session.rows<{ watermark: string }>(
    `select watermark::text from ${stateOf(session)}.run where id = $1`,
    [run],
  );
  return BigInt(row?.watermark ?? 0);
}
