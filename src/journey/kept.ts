import type { RowBackup } from "../backup/keep-rows.ts";
import { ChangeoverError } from "../errors.ts";
import type { Details } from "../history/store.ts";
import { leftOutOnly } from "../model/left-out.ts";
import type { CheckResult } from "./check.ts";
import type { CompleteResult } from "./complete.ts";
import type { CutoverResult } from "./cutover.ts";
import type { RetryResult } from "./retry-quarantine.ts";
import type { RollbackResult } from "./roll-back.ts";
import type { SyncResult } from "./sync-until.ts";

/** What the history keeps of a command's result. */
export interface Kept {
  /** False: the answer was no. */
  readonly ok?: boolean;
  readonly code?: string | null;
  readonly details?: Details;
}

export function keptOfMigrations(migrations: readonly string[], backups: readonly RowBackup[] = []): Kept {
  return {
    details: { migrations, ...(backups.length === 0 ? {} : { backups: backups.map(({ directory }) => directory) }) },
  };
}

export function keptOfCheck({ ok, rows, differences, repaired }: CheckResult): Kept {
  return { ok, details: { rows, differences, ...(repaired === undefined ? {} : { repaired }) } };
}

export function keptOfSync({ ended, phase, direction }: SyncResult): Kept {
  return { details: { ended, phase, direction } };
}

export function keptOfCutover({ ok, downtimeMs, notices, verified, phase, reason }: CutoverResult): Kept {
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
  | { readonly kind: "synced"; readonly check: CheckResult; readonly sync: SyncResult };

export function keptOfFull(result: FullResult): Kept {
  return result.kind === "cutover"
    ? keptOfCutover(result.cutover)
    : { ...keptOfSync(result.sync), ok: result.check.ok };
}

export function keptOfRollback(result: RollbackResult): Kept {
  if (result.kind === "undone") return { details: { kind: result.kind, migrations: result.migrationsUndone } };
  return {
    ok: result.ok,
    code: codeOf(result.reason),
    details: { kind: result.kind, downtime_ms: result.downtimeMs, rows: result.verified.rows, phase: result.phase },
  };
}

export function keptOfCompletion({ phase, returned, quarantined }: CompleteResult): Kept {
  return { details: { phase, returned, quarantined } };
}

export function keptOfRetry({ tried, left }: RetryResult): Kept {
  return { ok: left === 0, details: { tried, left } };
}

function codeOf(reason: Error | undefined): string | null {
  if (reason === undefined) return null;
  return reason instanceof ChangeoverError ? reason.code : "BUG";
}
