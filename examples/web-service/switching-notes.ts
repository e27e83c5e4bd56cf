import { setTimeout as delay } from "node:timers/promises";
import { fencedBy } from "changeover/fenced-by";
import type { Note, Notes } from "./notes.ts";

export type Place = "sqlite" | "postgres";

/** Longer than changeover's --max-downtime: by then the fence has fallen, or the other database has taken over. */
const MAX_WAIT_MS = 10_000;
const PAUSE_MS = 5;

/**
 * Asks the database that is in charge, and changes over with it. A write that a fence refuses was not done at all, so
 * it is safe to do it again: there while the databases change over, in the other one once that has taken over.
 */
export class SwitchingNotes implements Notes {
  readonly #places: Readonly<Record<Place, Notes>>;
  #place: Place;

  constructor(places: Readonly<Record<Place, Notes>>, place: Place) {
    this.#places = places;
    this.#place = place;
  }

  get place(): Place {
    return this.#place;
  }

  /** For those who are told by other means than by a refused write. */
  switchTo(place: Place): void {
    this.#place = place;
  }

  add(text: string): Promise<Note> {
    return this.#ask((notes) => notes.add(text));
  }

  edit(id: number, text: string): Promise<Note | null> {
    return this.#ask((notes) => notes.edit(id, text));
  }

  get(id: number): Promise<Note | null> {
    return this.#ask((notes) => notes.get(id));
  }

  async #ask<T>(question: (notes: Notes) => Promise<T>): Promise<T> {
    const deadline = performance.now() + MAX_WAIT_MS;
    for (;;) {
      const place = this.#place;
      try {
        return await question(this.#places[place]);
      } catch (error) {
        const fence = fencedBy(error);
        if (fence === null || performance.now() > deadline) throw error;
        if (place !== this.#place) continue;
        if (fence.state === "cut-over") this.#place = "postgres";
        else if (fence.state === "returned") this.#place = "sqlite";
        // cutting-over, returning, not-open: it is not decided yet. PostgreSQL's commit follows the seal by a moment.
        await delay(PAUSE_MS);
      }
    }
  }
}
