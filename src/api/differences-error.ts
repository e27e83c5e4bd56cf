import { ChangeoverError } from "../errors.ts";
import { type CheckResult, differencesFound } from "../run/verification/check-result.ts";
import type { SourceCopy } from "../source/copy-source.ts";

/** Both sides were compared and differ (DIFFERENCES). `data` and `full` throw it; `check` returns its answer. */
export class DifferencesError extends ChangeoverError {
  /** The comparison: which tables, and some of the rows by key. */
  readonly check: CheckResult;
  /** The backup that was made before; null if none was asked for. */
  readonly backup: SourceCopy | null;

  constructor(check: CheckResult, backup: SourceCopy | null) {
    const { code, context, hint, message } = differencesFound(check);
    super({ code, message, hint, context });
    this.check = check;
    this.backup = backup;
  }
}
