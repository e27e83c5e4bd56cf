import type { ErrorCode } from "../../error-codes.ts";
import { TargetError } from "../../errors.ts";

/** A failure of the target that we have words for. */
export interface KnownFailure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

export interface FailureFacts {
  readonly location: string;
  /** What the server or the network said of it. */
  readonly detail: string;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly cause: unknown;
}

export function failureError(known: KnownFailure, { cause, context, detail, location }: FailureFacts): TargetError {
  return new TargetError({
    code: known.code,
    message: `${known.message}: ${location} (${detail})`,
    hint: known.hint,
    context: { location, ...context },
    cause,
  });
}
