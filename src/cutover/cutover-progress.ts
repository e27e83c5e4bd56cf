import { type CutoverEvent, type CutoverState, nextInCutover } from "./cutover-states.ts";

/** What the time behind the fence went to, ms, in its order. */
export type Timeline = readonly { readonly step: CutoverEvent; readonly durationMs: number }[];

/** The state of one cutover, and how long each step took. */
export class CutoverProgress {
  readonly #timeline: { step: CutoverEvent; durationMs: number }[] = [];
  #state: CutoverState = "preparing";
  #since = Number.NaN;

  get state(): CutoverState {
    return this.#state;
  }

  get timeline(): Timeline {
    return this.#timeline;
  }

  /** `at`: performance.now() from which the first step counts. */
  begin(at: number): void {
    this.#since = at;
  }

  to(event: CutoverEvent): void {
    this.#state = nextInCutover(this.#state, event);
    const now = performance.now();
    this.#timeline.push({ step: event, durationMs: Math.round((now - this.#since) * 10) / 10 });
    this.#since = now;
  }
}
