import type { FailbackLoss } from "../model/failback-loss.ts";
import type { Run, VerificationTotals } from "../model/run.ts";
import type { AcceptLosses } from "./present-run.ts";

export interface FailbackSettings {
  readonly maxDowntimeMs: number;
  /** Asked before anything is fenced; a refusal ends it with FAILBACK_LOSES_DATA. */
  readonly acceptLosses: AcceptLosses;
}

export interface FailbackResult {
  readonly ok: boolean;
  /** From the target's fence to the source's opening. */
  readonly downtimeMs: number;
  readonly verified: VerificationTotals;
  readonly phase: Run["phase"];
  /** Values that came back cut, batch by batch: a value that came twice counts twice. */
  readonly rounded: number;
  /** What did not come along, or would not have. */
  readonly losses: readonly FailbackLoss[];
  /** Why it did not happen. */
  readonly reason?: Error;
}
