import type { CompleteResult } from "../commands/complete.ts";
import type { RetryResult } from "../commands/retry-quarantine.ts";
import type { RollbackResult } from "../commands/roll-back.ts";
import type { CutoverResult } from "../cutover/cutover-run.ts";
import { ChangeoverError } from "../errors.ts";
import { leftOutOnly } from "../model/left-out.ts";
import type { SyncResult } from "../run/follow-until.ts";
import type { HistoryEntry } from "../run/history/store.ts";
import type { HistoryDetails } from "../run/record-command.ts";
import type { CheckResult } from "../run/verification/check-result.ts";
import { camelKeys } from "./camel-keys.ts";
import type { HistoryItem } from "./results.ts";

/** An entry as the API shows it. */
export function historyItem(entry: HistoryEntry): HistoryItem {
  return { ...entry, id: Number(entry.id), details: camelKeys(entry.details) };
}

export function historyOfCheck({ ok, rows, differences, repaired }: CheckResult): HistoryDetails {
  return { ok, details: { rows, differences, ...(repaired === undefined ? {} : { repaired }) } };
}

export function historyOfSync({ ended, phase, direction }: SyncResult): HistoryDetails {
  return { details: { ended, phase, direction } };
}

export function historyOfCutover(result: CutoverResult): HistoryDetails {
  const { downtimeMs, isRepeated, notices, ok, phase, reason, verified } = result;
  // Done by another command, while this one waited for the lock: its figures are in that one's entry.
  if (isRepeated) return { ok, details: { phase, repeated: true } };
  const leftOut = leftOutOnly(notices).length;
  return {
    ok,
    code: codeOf(reason),
    details: {
      downtime_ms: downtimeMs,
      rows: verified.rows,
      differences: verified.differences,
      phase,
      ...(leftOut === 0 ? {} : { left_out: leftOut }),
    },
  };
}

export type FullResult =
  | { readonly kind: "cutover"; readonly cutover: CutoverResult }
  | { readonly kind: "synced"; readonly check: CheckResult | null; readonly sync: SyncResult };

export function historyOfFull(result: FullResult): HistoryDetails {
  return result.kind === "cutover"
    ? historyOfCutover(result.cutover)
    : { ...historyOfSync(result.sync), ...(result.check === null ? {} : { ok: result.check.ok }) };
}

export function historyOfRollback(result: RollbackResult): HistoryDetails {
  if (result.kind === "undone") return { details: { kind: "rollback", migrations: result.migrationsUndone } };
  return {
    ok: result.ok,
    code: codeOf(result.reason),
    details: { kind: "failback", downtime_ms: result.downtimeMs, rows: result.verified.rows, phase: result.phase },
  };
}

export function historyOfCompletion({ phase, returned, quarantined }: CompleteResult): HistoryDetails {
  return { details: { phase, returned, quarantined } };
}

export function historyOfRetry({ tried, left }: RetryResult): HistoryDetails {
  return { ok: left === 0, details: { tried, left } };
}

function codeOf(reason: Error | undefined): string | null {
  if (reason === undefined) return null;
  return reason instanceof ChangeoverError ? reason.code : "BUG";
}
