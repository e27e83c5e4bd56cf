import type { ProcessLane } from "./process-lane.ts";

/** Longer than indexes of a gigabyte take. */
const KEPT_MS = 20_000;

/** Processes that have looked at tables and that the copy will want in a moment, and after it the verification: starting one takes a third of a second of processor. */
export class SpareLanes {
  readonly #lanes: ProcessLane[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** One that is still there, if any. It does nothing for anyone else then. */
  take(): ProcessLane | undefined {
    for (let lane = this.#lanes.pop(); lane !== undefined; lane = this.#lanes.pop()) {
      if (lane.isThere) return lane;
      lane.close();
    }
    return undefined;
  }

  keep(lane: ProcessLane): void {
    lane.rest();
    this.#lanes.push(lane);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.close(), KEPT_MS);
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const lane of this.#lanes.splice(0)) lane.close();
  }
}
