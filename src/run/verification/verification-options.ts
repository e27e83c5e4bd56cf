import type { Run } from "../../model/run.ts";
import type { TargetSession } from "../../target/target.ts";
import type { VerifyOptions } from "../../verify/verify-run.ts";
import type { Context } from "../context.ts";
import { waitForReplay } from "./wait-for-replay.ts";

/** How a run's tables are compared in its present phase. */
export function verificationOptions(
  context: Context,
  session: TargetSession,
  run: Run,
): VerifyOptions & { readonly whileBehind: () => Promise<void> } {
  const over = run.phase === "cut-over";
  return {
    run: run.id,
    source: context.source,
    session,
    captured: run.captured && !over,
    rowidsDropped: over,
    signal: context.signal,
    tooFarBehind: REPLICATION_LAG_TOO_HIGH,
    whileBehind: waitForReplay(session, run, () => context.throttle.isPaused),
  };
}

const REPLICATION_LAG_TOO_HIGH = 20_000n;
