import type { ErrorCode } from "./error-codes.ts";
import type { EventPhase, Report } from "./log.ts";

/** Called with each event of a migration, in order. What it throws ends the method that was under way. */
export type EventListener = (event: MigrationEvent) => void;

/** What happens while a method of a migration is under way. */
export type MigrationEvent = StepEvent | WarningEvent | ProgressEvent;

/** Something began or ended. */
export interface StepEvent extends EventFacts {
  /** Tells events apart. */
  readonly type: "step";
  /** One sentence for a person. It holds no row values. */
  readonly message: string;
}

/** Something that a person should know, and that stops nothing. */
export interface WarningEvent extends EventFacts {
  /** Tells events apart. */
  readonly type: "warning";
  /** One sentence for a person. It holds no row values. */
  readonly message: string;
  /** The error that it reports; null if it reports none. */
  readonly code: ErrorCode | null;
}

/** How far a long piece of work is. */
export interface ProgressEvent extends EventFacts {
  /** Tells events apart. */
  readonly type: "progress";
  /** Units done, of `total`. */
  readonly done: number;
  /** An estimate while the work goes on. */
  readonly total: number;
  /** What `done` and `total` count, such as `rows`. */
  readonly unit: string;
  /** What is worked on, such as a table; null if it is not one thing. */
  readonly detail: string | null;
  /** How far that one thing is by itself; null where only the whole is known. */
  readonly part: { readonly done: number; readonly total: number } | null;
}

/** What every event has. */
export interface EventFacts {
  /** The part of the journey. */
  readonly phase: EventPhase;
  /** Time of the event, ISO 8601 in UTC. */
  readonly at: string;
}

/** Turns what the phases report into events. */
export function reportTo(listener: EventListener, phase: EventPhase): Report {
  return (event) => {
    const at = new Date().toISOString();
    if (event.kind === "progress") {
      const { detail, done, part, total, unit } = event;
      listener({
        type: "progress",
        phase: event.phase,
        at,
        done,
        total,
        unit,
        detail: detail ?? null,
        part: part ?? null,
      });
      return;
    }
    const facts = { phase: event.phase ?? phase, at, message: event.message };
    listener(
      event.kind === "step" ? { type: "step", ...facts } : { type: "warning", ...facts, code: event.code ?? null },
    );
  };
}
