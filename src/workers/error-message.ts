import type { ErrorCode } from "../error-codes.ts";
import {
  ChangeoverError,
  DriftError,
  type ErrorDetails,
  InterruptedError,
  MigrationFileError,
  RefusedError,
  SourceError,
  TargetError,
  UsageError,
  ValueError,
} from "../errors.ts";

/** An error on its way from one process to another, which leaves nothing of a class but its name. */
export interface ErrorMessage {
  readonly name: string;
  readonly message: string;
  readonly code: string | null;
  readonly hint: string;
  readonly context: Readonly<Record<string, unknown>>;
  readonly cause: ErrorMessage | null;
}

export function packError(error: unknown): ErrorMessage {
  if (!(error instanceof Error))
    return { name: "Error", message: String(error), code: null, hint: "", context: {}, cause: null };
  const cause = error.cause === undefined ? null : packError(error.cause);
  if (error instanceof ChangeoverError)
    return {
      name: error.name,
      message: error.message,
      code: error.code,
      hint: error.hint,
      context: error.context,
      cause,
    };
  return {
    name: error.name,
    message: error.message,
    code: "code" in error ? String(error.code) : null,
    hint: "",
    context: {},
    cause,
  };
}

export function unpackError({ name, message, code, hint, context, cause }: ErrorMessage): Error {
  const known = CLASSES[name];
  const because = cause === null ? {} : { cause: unpackError(cause) };
  if (name === InterruptedError.name) return new InterruptedError();
  if (known !== undefined) return new known({ code: code as ErrorCode, message, hint, context, ...because });
  return Object.assign(new Error(message, because), { name }, code === null ? {} : { code });
}

const CLASSES: Readonly<Record<string, new (details: ErrorDetails) => ChangeoverError>> = {
  DriftError,
  MigrationFileError,
  RefusedError,
  SourceError,
  TargetError,
  UsageError,
  ValueError,
};
