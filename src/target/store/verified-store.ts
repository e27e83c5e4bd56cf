import type { VerificationTotals } from "../../model/run.ts";
import type { TargetReader, TargetSession } from "../target.ts";
import { LOCK } from "./run-lock.ts";
import { forgetPass } from "./verification-store.ts";

/** Records a verification. Null invalidates it, and an interrupted one, too. */
export async function setVerified(
  tx: TargetReader,
  run: string,
  verified: { readonly through: bigint; readonly totals: VerificationTotals } | null,
): Promise<void> {
  if (verified === null) await forgetPass(tx, run);
  await tx.rows(
    "update changeover.run set verified_through = $2, verified = $3::text::jsonb, updated_at = clock_timestamp() " +
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
    "update changeover.run set verified_through = $2, verified = $3::text::jsonb, updated_at = clock_timestamp() " +
      "where id = $1 and verified_through is not null returning id",
    [run, through, JSON.stringify(totals)],
  );
  return extended.length > 0;
}

const VERIFICATION_LOCK = LOCK + 2n;

/** Takes the lock of the process that verifies everything and saves its progress. */
export async function tryVerificationLock(session: TargetSession): Promise<boolean> {
  const [row] = await session.rows<{ taken: boolean }>("select pg_try_advisory_lock($1) as taken", [VERIFICATION_LOCK]);
  return row?.taken === true;
}
