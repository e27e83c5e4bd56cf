import { now } from "./clock.ts";
import type { Event, Fault } from "./sync-plan.ts";

export type Side = "source" | "target";

/** Where the engine is: which statement it is about to make. */
export interface Place {
  readonly side: Side;
  readonly text: string;
}

const IDLE_MS = 60;

/**
 * Puts the events of a plan between the statements of the engine: each statement takes a turn first. While the engine
 * makes none, since it sleeps or waits for a lock, the events go on by the clock, or a writer would keep what the
 * engine waits for.
 */
export class Turns {
  readonly #events: readonly Event[];
  readonly #perform: (event: Exclude<Event, { kind: "fault" }>) => Promise<void>;
  readonly #ended: () => void;
  readonly #timer: NodeJS.Timeout;
  /** Resolves once all events have happened. */
  readonly over: Promise<void>;
  /** Due, and waiting for a statement on their side. */
  readonly #impending: Fault[] = [];
  #next = 0;
  #countdown: number;
  #queue: Promise<unknown> = Promise.resolve();
  #failed: unknown;
  #last = now();

  constructor(events: readonly Event[], perform: (event: Exclude<Event, { kind: "fault" }>) => Promise<void>) {
    this.#events = events;
    this.#perform = perform;
    this.#countdown = events[0]?.after ?? 0;
    let ended = () => {};
    this.over = new Promise((resolve) => {
      ended = resolve;
    });
    this.#ended = ended;
    this.#timer = setInterval(() => {
      // What is due next is what the engine may be waiting for.
      if (now() - this.#last > IDLE_MS) void this.take(null).catch(() => {});
    }, IDLE_MS / 2);
    if (events.length === 0) this.stop();
  }

  /** What has happened, for messages. */
  get done(): number {
    return this.#next;
  }

  /** Lets happen what is due; returns the fault that befalls the statement. Without a place it is the clock's turn. */
  take(place: Place | null): Promise<Fault | null> {
    this.#last = now();
    const turn = this.#queue.then(() => this.#take(place));
    this.#queue = turn.catch(() => {});
    return turn;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#ended();
  }

  async #take(place: Place | null): Promise<Fault | null> {
    if (this.#failed !== undefined) throw this.#failed;
    this.#countdown = place === null ? -1 : this.#countdown - 1;
    for (
      let event = this.#events[this.#next];
      event !== undefined && this.#countdown < 0;
      event = this.#events[this.#next]
    ) {
      this.#next++;
      this.#countdown = this.#events[this.#next]?.after ?? 0;
      if (event.kind === "fault") this.#impending.push(event.fault);
      else await this.#happen(event);
    }
    const index = this.#impending.findIndex(({ side }) => side === place?.side);
    const fault = index < 0 ? null : (this.#impending.splice(index, 1)[0] ?? null);
    if (this.#next === this.#events.length && this.#impending.length === 0) this.stop();
    return fault;
  }

  async #happen(event: Exclude<Event, { kind: "fault" }>): Promise<void> {
    try {
      await this.#perform(event);
    } catch (error) {
      this.#failed = error;
      this.stop();
      throw error;
    }
  }
}
