import type { CutoverResult } from "../cutover/cutover-run.ts";
import type { SourceCopy } from "../source/copy-source.ts";
import type { CompletedCutover } from "./results.ts";
import { CutoverUndoneError } from "./undone-error.ts";

/** The result for the caller. @throws CutoverUndoneError if it was undone. */
export function completedCutover(result: CutoverResult, backup: SourceCopy | null): CompletedCutover {
  const { brokenForeignKeys, cutOverAt, downtimeMs, failback, isRepeated, notices, timeline = [], verified } = result;
  if (!result.ok)
    throw new CutoverUndoneError({
      phase: result.phase,
      downtimeMs,
      verified,
      timeline,
      backup,
      cause: result.reason ?? new Error("unknown"),
    });
  return {
    downtimeMs,
    cutOverAt,
    isRepeated,
    verified,
    phase: "cut-over",
    timeline,
    brokenForeignKeys,
    failback,
    notices,
  };
}
