import { setImmediate as nextTurn } from "node:timers/promises";
import { InterruptedError } from "../errors.ts";
import type { ChangeReader, Changes } from "./read-changes.ts";

export interface ReadAheadOptions {
  readonly reader: ChangeReader;
  readonly first: Changes;
  readonly signal?: AbortSignal | undefined;
  /** Called between two snapshots of the source: rests as long as it should. */
  readonly rest?: ((pass: Changes) => Promise<unknown>) | undefined;
}

/** Passes that wait to be brought over, each of a megabyte at most. */
const MAX_WAITING = 8;

/**
 * The passes of a batch, in their order, to the one whose snapshot knows of no more: read while those before them are
 * brought over, since neither SQLite nor PostgreSQL need wait for the other.
 */
export class ReadAhead {
  readonly #options: ReadAheadOptions;
  readonly #reading: Promise<void>;
  readonly #waiting: Changes[];
  #last: Changes;
  #taken = true;
  #isHeld = false;
  #isClosed = false;
  #wake: () => void = () => {};

  constructor(options: ReadAheadOptions) {
    this.#options = options;
    this.#last = options.first;
    this.#waiting = [options.first];
    this.#reading = this.#read();
    // Told of by take().
    this.#reading.catch(() => {});
  }

  /**
   * All passes that were read meanwhile, at least one; none behind the last. What was taken before counts as brought
   * over. With `holds` nothing more is read until they were brought over by `without`: whatever began here would keep
   * it waiting from its start.
   */
  async take({ holds = false }: { readonly holds?: boolean } = {}): Promise<readonly Changes[]> {
    this.#taken = true;
    this.#wake();
    while (this.#waiting.length === 0 && !isLast(this.#last)) await Promise.race([this.#reading, this.#change()]);
    const passes = this.#waiting.splice(0);
    this.#taken = passes.length === 0;
    this.#isHeld ||= holds && passes.length > 0;
    this.#wake();
    return passes;
  }

  /**
   * Does `work` and reads nothing meanwhile: a snapshot would keep it from hearing PostgreSQL's answers, which wait for
   * the next word then.
   */
  async without<T>(work: () => Promise<T>): Promise<T> {
    this.#isHeld = true;
    try {
      return await work();
    } finally {
      this.#isHeld = false;
      this.#wake();
    }
  }

  /** Ends reading, and returns once it has ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wake();
    await this.#reading.catch(() => {});
  }

  async #read(): Promise<void> {
    const { reader, rest, signal } = this.#options;
    for (let pass = 1; !isLast(this.#last); pass++) {
      // A row that is read in chunks when it is staged: a snapshot from before that would not know what became of it
      // since.
      while (
        !this.#isClosed &&
        (this.#isHeld ||
          this.#waiting.length >= MAX_WAITING ||
          (this.#last.large !== null && !(this.#taken && this.#waiting.length === 0)))
      )
        await this.#change();
      if (this.#isClosed) return;
      if (signal?.aborted === true) throw new InterruptedError();
      await rest?.(this.#last);
      const changes = await reader.read(this.#last.through, { pass });
      this.#last = changes;
      this.#waiting.push(changes);
      this.#wake();
      // libsql keeps the thread: answers of PostgreSQL are heard between two snapshots.
      await nextTurn();
    }
  }

  /** Something was taken, read, or all is over. */
  #change(): Promise<void> {
    return new Promise((resolve) => {
      const before = this.#wake;
      this.#wake = () => {
        this.#wake = () => {};
        before();
        resolve();
      };
    });
  }
}

/** A row that was read in chunks is sure to be consistent once a later snapshot knows of no change to it. */
function isLast({ last, through, large }: Changes): boolean {
  return through === last && large === null;
}
