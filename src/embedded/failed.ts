import { TargetError } from "../errors.ts";

/** The embedded server did not do what it was asked to; `detail` is what it, or the system, said. */
export function failed(message: string, detail: string, cause?: unknown): TargetError {
  return new TargetError({
    code: "EMBEDDED_FAILED",
    message: detail === "" ? message : `${message}: ${detail.slice(0, 600)}`,
    hint: "give --target postgres://user:password@host:5432/database to use a server of yours instead",
    ...(cause === undefined ? {} : { cause }),
  });
}
