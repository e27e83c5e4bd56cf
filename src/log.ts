import type { ErrorCode } from "./error-codes.ts";

/** Where a running phase reports what happens. The library never prints; `cli/` does. */
export type Report = (event: ReportEvent) => void;

export type ReportEvent = ReportedMessage | ReportedProgress;

export interface ReportedMessage {
  readonly kind: "step" | "warning";
  readonly message: string;
  /** Default: the phase of the command, see {@link reportIn}. */
  readonly phase?: EventPhase;
  /** Of a warning that reports an error. */
  readonly code?: ErrorCode;
}

export interface ReportedProgress {
  readonly kind: "progress";
  readonly phase: EventPhase;
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  readonly detail?: string;
  /** How far the thing in `detail` is by itself. */
  readonly part?: { readonly done: number; readonly total: number };
}

/** The part of the journey that an event belongs to. */
export type EventPhase =
  | "inspect"
  | "prove"
  | "migrate"
  | "copy"
  | "replay"
  | "verify"
  | "cutover"
  | "failback"
  | "rollback"
  | "complete"
  | "clean";

export const silent: Report = () => {};

/** The same report, for messages of a phase. The innermost phase counts. */
export function reportIn(report: Report, phase: EventPhase): Report {
  return (event) => report({ phase, ...event });
}
