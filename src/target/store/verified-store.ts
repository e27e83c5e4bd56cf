import type { VerificationTotals } from "../../model/run.ts";
import { stateOf } from "../state-schema.ts";
import type { TargetReader, TargetSession } from "../target.ts";
import { lockKey } from "./run-lock.ts";
import { forgetPass } from "./verification-store.ts";

/** Records a verification. Null invalidates it, and an interrupted one, too. */
export async function setVerified(
  tx: TargetReader,
  run: string,
  verified: { readonly through: bigint; readonly totals: VerificationTotals } | null,
): Promise<void> {
  if (verified === null) await forgetPass(tx, run);
  await tx.rows(
    `update ${stateOf(tx)}.run set verified_through = $2, verified = $3::text::jsonb, updated_at = clock_timestamp() ` +
      "where id = $1",
    [run, verified?.through ?? null, verified === null ? null : JSON.stringify(verified.totals)],
  );
}

/** Extends a verification; returns false if it was invalidated meanwhile. */
export async function extendVerification(
  session: TargetReader,
  run: string,
  { through, totals }: { readonly through: bigint; readonly totals: VerificationTotals },
): Promise<boolean> {
  const extended = await session.rows(
    `update ${stateOf(session)}.run set verified_through = $2, verified = $3::text::jsonb, ` +
      "updated_at = clock_timestamp() where id = $1 and verified_through is not null returning id",
    [run, through, JSON.stringify(totals)],
  );
  return extended.length > 0;
}

/** Takes the lock of the process that verifies everything and saves its progress. */
export async function tryVerificationLock(session: TargetSession): Promise<boolean> {
  const [row] = await session.rows<{ taken: boolean }>("select pg_try_advisory_lock($1) as taken", [
    lockKey(session, "verification"),
  ]);
  return row?.taken === true;
}
