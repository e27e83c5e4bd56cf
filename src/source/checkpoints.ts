import type { CheckpointOptions } from "./checkpoint-concurrently.ts";
import { usedBytes } from "./wal-guard.ts";

/** SQLite itself makes a checkpoint every 1,000 pages, mostly 4 MB. */
const DUE_BYTES = 1 << 20;
const MIN_POLL_MS = 5;
const MAX_POLL_MS = 80;
const GROWTH = 1.5;
/** After this many polls in a row without a write by others, our own frames are copied, too. */
const QUIET_POLLS = 10;
/** After this many failures in a row, stop: other operations will report the cause. */
const MAX_FAILURES = 3;

export interface CheckpointsOptions {
  /** Path of the database file. */
  readonly database: string;
  /** Makes one checkpoint without waiting for others; returns whether it ran. */
  readonly checkpoint: (options: CheckpointOptions) => Promise<boolean>;
}

/**
 * Takes the WAL checkpoints out of the application's commits. Capture dirties a page of the change log with each
 * change, so the WAL fills sooner: a writer with `synchronous = NORMAL` lost a fifth of its speed to checkpoints.
 *
 * PASSIVE checkpoints block nobody. A writer goes on, and a checkpoint requested meanwhile is skipped.
 */
export class Checkpoints {
  readonly #options: CheckpointsOptions;
  readonly #wal: string;
  #timer: NodeJS.Timeout | null = null;
  #pause = MIN_POLL_MS;
  /** Size of the WAL at the last checkpoint. */
  #done = 0;
  #quiet = 0;
  #failures = 0;

  constructor(options: CheckpointsOptions) {
    this.#options = options;
    this.#wal = `${options.database}-wal`;
  }

  start(): void {
    this.#timer ??= this.#schedule();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #schedule(): NodeJS.Timeout {
    return setTimeout(() => void this.#poll(), this.#pause).unref();
  }

  async #poll(): Promise<void> {
    const used = usedBytes(this.#wal);
    if (!this.#isDue(used)) this.#pause = Math.min(MAX_POLL_MS, this.#pause * GROWTH);
    else this.#pause = (await this.#checkpoint(used)) ? MIN_POLL_MS : MAX_POLL_MS;
    if (this.#timer !== null && this.#failures < MAX_FAILURES) this.#timer = this.#schedule();
  }

  /** Counts from the last checkpoint: a WAL that a reader keeps from restarting stays large for long. */
  #isDue(used: number): boolean {
    if (used < this.#done) this.#done = 0;
    return used - this.#done >= DUE_BYTES;
  }

  /** Returns whether a checkpoint ran or failed: in both cases the next one waits for more writes. */
  async #checkpoint(used: number): Promise<boolean> {
    try {
      if (!(await this.#options.checkpoint({ wal: this.#wal, alsoWhenQuiet: this.#quiet >= QUIET_POLLS }))) {
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
