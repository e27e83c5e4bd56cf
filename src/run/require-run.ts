import { RefusedError } from "../errors.ts";
import type { Run } from "../model/run.ts";
import { loadRun } from "../target/store/run-store.ts";
import type { TargetSession } from "../target/target.ts";

export async function mustLoad(session: TargetSession): Promise<Run> {
  const run = await loadRun(session);
  if (run === null) throw noRun();
  refuseRollingBack(run);
  return run;
}

/**
 * Of a run whose rollback has begun, some of the rows or of the tables may be gone: nothing but the rollback can go on
 * with it.
 */
export function refuseRollingBack(run: Run): void {
  if (run.phase !== "rolling-back") return;
  throw new RefusedError({
    code: "ROLLBACK_UNFINISHED",
    message: "a rollback of this run has begun and is not done",
    hint: "run `changeover rollback` again: it goes on from where it stopped",
  });
}

export function noRun(): RefusedError {
  return new RefusedError({
    code: "NO_RUN",
    message: "no run has begun in this target",
    hint: "`changeover sync` begins one and keeps it in sync, `changeover full` goes all the way",
  });
}
