import { type ChangeoverError, RefusedError } from "../../errors.ts";

export function runConflict(run: string): ChangeoverError {
  return new RefusedError({
    code: "RUN_CONFLICT",
    message: "another process has continued this run meanwhile; this step was rolled back",
    hint: "see `changeover status`; then run the same command again",
    context: { run },
  });
}
