import { TargetError } from "../errors.ts";

/** The error for a failure of the embedded server; `detail`: message of the server or the system. */
export function embeddedError(message: string, detail: string, cause?: unknown): TargetError {
  return new TargetError({
    code: "EMBEDDED_FAILED",
    message: detail === "" ? message : `${message}: ${detail.slice(0, 600)}`,
    hint: "give --target postgres://user:password@host:5432/database to use a server of yours instead",
    ...(cause === undefined ? {} : { cause }),
  });
}
