import type { MigrationEvent } from "../events.ts";

/** How fast one kind of work was at one time. */
export interface WorkSample {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly phase: string;
  readonly unit: string;
  /** Units done by then. */
  readonly done: number;
}

/** A sentence that was shown, and when. */
export interface RecordedStep {
  readonly at: string;
  readonly message: string;
  readonly isWarning: boolean;
}

const EVERY_MS = 250;
/** A sync may go on for weeks: what is older is thinned out. */
const KEPT_SAMPLES = 4_000;
const KEPT_STEPS = 500;

/** Keeps what a command reports while it works, for its report. */
export class EventRecord {
  readonly steps: RecordedStep[] = [];
  samples: WorkSample[] = [];
  readonly #lastAt = new Map<string, number>();

  /** For `onEvent`. */
  add(event: MigrationEvent): void {
    if (event.type !== "progress") {
      this.steps.push({ at: event.at, message: event.message, isWarning: event.type === "warning" });
      if (this.steps.length > KEPT_STEPS) this.steps.shift();
      return;
    }
    const time = Date.parse(event.at);
    if (time - (this.#lastAt.get(event.phase) ?? 0) < EVERY_MS && event.done < event.total) return;
    this.#lastAt.set(event.phase, time);
    this.samples.push({ time, phase: event.phase, unit: event.unit, done: event.done });
    if (this.samples.length > KEPT_SAMPLES) this.samples = this.samples.filter((_, index) => index % 2 === 0);
  }
}
