import type { ProcessLane } from "./process-lane.ts";

const KEPT_MS = 1_000;

/** Processes that have looked at tables, and that the copy will want in a moment: starting one takes a tenth of a second. */
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
    this.#lanes.push(lane);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.close(), KEPT_MS);
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const lane of this.#lanes.splice(0)) lane.close();
  }
}
