import type { CheckpointOptions } from "./checkpoint-concurrently.ts";
import { usedBytes } from "./wal-guard.ts";

/** SQLite's own come at 1,000 pages, 4 MB mostly. */
const DUE_BYTES = 1 << 20;
const SHORTEST_LOOK_MS = 5;
const LONGEST_LOOK_MS = 80;
const GROWTH = 1.5;
/** In a row, in which nobody wrote: then the application is at rest, and what we write ourselves has to be copied, too. */
const QUIET_LOOKS = 10;
/** In a row: then something is the matter of which others will tell. */
const MOST_FAILURES = 3;

export interface CheckpointsOptions {
  /** The database's path. */
  readonly database: string;
  /** Moves what is in the WAL into the database, as far as nobody reads it there. Never waits for others. Whether it did. */
  readonly checkpoint: (options: CheckpointOptions) => Promise<boolean>;
}

/**
 * Makes the checkpoints that SQLite would make within the application's commits. Each captured change dirties a page of the change log
 * besides its own, so that the WAL is full sooner: of a writer that does not wait for the disk (`synchronous = NORMAL`) a fifth of its
 * speed went into checkpoints. PASSIVE ones hold nobody up: writers go on, and one that is asked for meanwhile is left out.
 */
export class Checkpoints {
  readonly #options: CheckpointsOptions;
  readonly #wal: string;
  #timer: NodeJS.Timeout | null = null;
  #pause = SHORTEST_LOOK_MS;
  /** Bytes of the WAL at the last one. */
  #done = 0;
  #quiet = 0;
  #failures = 0;

  constructor(options: CheckpointsOptions) {
    this.#options = options;
    this.#wal = `${options.database}-wal`;
  }

  start(): void {
    this.#timer ??= this.#later();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #later(): NodeJS.Timeout {
    return setTimeout(() => void this.#look(), this.#pause).unref();
  }

  async #look(): Promise<void> {
    const used = usedBytes(this.#wal);
    if (!this.#isDue(used)) this.#pause = Math.min(LONGEST_LOOK_MS, this.#pause * GROWTH);
    else this.#pause = (await this.#checkpoint(used)) ? SHORTEST_LOOK_MS : LONGEST_LOOK_MS;
    if (this.#timer !== null && this.#failures < MOST_FAILURES) this.#timer = this.#later();
  }

  /** Of what came since the last one: where a reader keeps the WAL from being started anew, it is large for long. */
  #isDue(used: number): boolean {
    if (used < this.#done) this.#done = 0;
    return used - this.#done >= DUE_BYTES;
  }

  /** Whether one was made, or tried in vain: none then before more was written. */
  async #checkpoint(used: number): Promise<boolean> {
    try {
      if (!(await this.#options.checkpoint({ wal: this.#wal, alsoWhenQuiet: this.#quiet >= QUIET_LOOKS }))) {
        this.#quiet++;
        return false;
      }
      this.#failures = 0;
    } catch {
      this.#failures++;
    }
    this.#done = used;
    this.#quiet = 0;
    return true;
  }
}
