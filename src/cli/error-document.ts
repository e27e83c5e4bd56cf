import type { CutoverUndoneError, FailbackUndoneError } from "../api/undone-error.ts";
import type { ChangeoverError } from "../errors.ts";

/** An error for scripts. */
export function errorDocument({ code, hint, message }: ChangeoverError): object {
  return { code, message, hint };
}

/** What JSON says of an undone cutover or failback next to its facts: the error, and the one that caused it. */
export function undoneDocument(error: CutoverUndoneError | FailbackUndoneError): object {
  return { reason: { code: error.reason ?? "BUG", message: error.cause.message }, error: errorDocument(error) };
}
