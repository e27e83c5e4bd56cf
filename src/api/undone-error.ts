import type { ErrorCode } from "../error-codes.ts";
import { ChangeoverError } from "../errors.ts";
import type { FailbackLoss } from "../model/failback-loss.ts";
import type { Phase, VerificationTotals } from "../model/run.ts";
import type { SourceCopy } from "../source/copy-source.ts";
import type { TimedStep } from "./results.ts";

/** What is known of a cutover or failback that was undone. */
export interface Undone {
  readonly phase: Phase;
  readonly downtimeMs: number;
  readonly verified: VerificationTotals;
  readonly cause: Error;
}

/** Both kinds of undoing: the databases are as before, and the run goes on. */
abstract class UndoneError extends ChangeoverError {
  /** The run's phase now. */
  readonly phase: Phase;
  /** Code of the error that caused it; null if that was not one of changeover's. */
  readonly reason: ErrorCode | null;
  /** How long writes were refused, in ms; 0 if the fence never went up. */
  readonly downtimeMs: number;
  /** Rows compared before. */
  readonly verified: VerificationTotals;
  declare readonly cause: Error;

  constructor(code: ErrorCode, what: string, { cause, downtimeMs, phase, verified }: Undone) {
    const known = cause instanceof ChangeoverError ? cause : null;
    super({
      code,
      message: `the ${what} was undone${downtimeMs === 0 ? "" : ` after ${downtimeMs} ms`}: ${cause.message}`,
      hint: known?.hint ?? "read the cause, and run the same command again",
      context: { ...known?.context, reason: known?.code ?? null, downtimeMs, phase },
      cause,
    });
    this.phase = phase;
    this.reason = known?.code ?? null;
    this.downtimeMs = downtimeMs;
    this.verified = verified;
  }
}

/** The cutover failed and was undone: the application writes to the source as before, and no row is lost. */
export class CutoverUndoneError extends UndoneError {
  /** What the time behind the fence was spent on. */
  readonly timeline: readonly TimedStep[];
  /** The backup that `full` made before; null if none was asked for. */
  readonly backup: SourceCopy | null;

  constructor(undone: Undone & { readonly timeline: readonly TimedStep[]; readonly backup: SourceCopy | null }) {
    super("CUTOVER_UNDONE", "cutover", undone);
    this.timeline = undone.timeline;
    this.backup = undone.backup;
  }
}

/** The failback failed and was undone: the application writes to PostgreSQL as before, and no row is lost. */
export class FailbackUndoneError extends UndoneError {
  /** What the source could not have held. */
  readonly losses: readonly FailbackLoss[];

  constructor(undone: Undone & { readonly losses: readonly FailbackLoss[] }) {
    super("FAILBACK_UNDONE", "failback", undone);
    this.losses = undone.losses;
  }
}
