import type { ErrorCode } from "./error-codes.ts";

/**
 * Everything that changeover refuses or fails at is one of these classes.
 * `code` is stable and may be matched by scripts; `hint` says what to do next.
 * Messages and context never hold row values, since logs and bug reports may be read by anyone.
 */
export abstract class ChangeoverError extends Error {
  /** Stable, to be matched by scripts. */
  readonly code: ErrorCode;
  /** What to do next. */
  readonly hint: string;
  /** Facts of the case, such as tables. They hold no row values. */
  readonly context: Readonly<Record<string, unknown>>;

  constructor(details: ErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = details.code;
    this.hint = details.hint;
    this.context = details.context ?? {};
  }
}

/** What an error is made of. */
export interface ErrorDetails {
  /** Stable, to be matched by scripts. */
  readonly code: ErrorCode;
  /** What happened, in a sentence without row values. */
  readonly message: string;
  /** What the person can do next. */
  readonly hint: string;
  /** Facts of the case, without row values. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** The error that caused it. */
  readonly cause?: unknown;
}

/** A wrong option, an unreadable config: exit code 2. */
export class UsageError extends ChangeoverError {}

/** The source cannot be read or is not what the run needs. */
export class SourceError extends ChangeoverError {}

/** The target cannot be reached or is not what the run needs. */
export class TargetError extends ChangeoverError {}

/** A value of the source has no equal in the target's column. */
export class ValueError extends ChangeoverError {}

/** The source's schema is no longer the one that was captured. */
export class DriftError extends ChangeoverError {}

/** The step is refused as things stand; nothing was changed. */
export class RefusedError extends ChangeoverError {}

/** A migration file failed or is not in order. */
export class MigrationFileError extends ChangeoverError {}

/** The work was told to stop (Ctrl-C, an abort signal). */
export class InterruptedError extends ChangeoverError {
  constructor() {
    super({
      code: "INTERRUPTED",
      message: "interrupted",
      hint: "run the same command again: it goes on from where it stopped",
    });
  }
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
