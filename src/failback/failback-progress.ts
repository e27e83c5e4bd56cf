import { type FailbackEvent, type FailbackState, nextInFailback } from "./failback-states.ts";

/** The state of one failback. */
export class FailbackProgress {
  #state: FailbackState;

  constructor(from: FailbackState) {
    this.#state = from;
  }

  get state(): FailbackState {
    return this.#state;
  }

  to(event: FailbackEvent): void {
    this.#state = nextInFailback(this.#state, event);
  }
}
