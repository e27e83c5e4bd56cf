import { actor } from "../db/actor.ts";
import type { TargetReader, TargetStatements } from "../db/target.ts";
import { version } from "../version.ts";
import { type Details, type Ending, endEntry, hasHistory, holdEntry, holdEntryInTransaction, insertEntry, isEntered, nameRun } from "./store.ts";

export interface RecordOptions {
  readonly command: string;
  readonly details: Details;
  /** Runs `work` with a connection of its own. */
  readonly apart: <T>(work: (target: TargetReader) => Promise<T>) => Promise<T>;
}

/**
 * The entry of one command in the history. Nothing of it may keep the command from its work: what cannot be written is left out. Where
 * our schema or the run is not there yet, `begin` is to be called again when it is.
 */
export class JobRecord {
  readonly #options: RecordOptions;
  readonly #started = performance.now();
  #id: string | null = null;
  /** The entry is part of a transaction that has not ended yet. */
  #provisional = false;

  constructor(options: RecordOptions) {
    this.#options = options;
  }

  /** With a session that lives as long as the work, or the next one when that was lost. */
  async begin(session: TargetReader): Promise<void> {
    await quietly(async () => {
      await this.#insert(session);
      if (this.#id !== null) await holdEntry(session, this.#id);
    });
  }

  /** Beside a transaction, which may be rolled back, and for as long as it lasts. */
  async beginBeside(tx: TargetStatements): Promise<void> {
    await quietly(async () => {
      const own = this.#id;
      // A transaction that was tried before has been rolled back, and its entry with it; or it has committed, and this is the next one.
      if (this.#provisional && own !== null && !(await this.#options.apart((target) => isEntered(target, own)))) this.#id = null;
      this.#provisional = false;
      if (this.#id === null) await this.#options.apart((target) => this.#insert(target));
      const id = this.#id;
      if (id !== null) await tx.savepoint(() => holdEntryInTransaction(tx, id));
    });
  }

  /** Before a transaction commits that made our schema: nobody else saw it until now. */
  async beginWithin(tx: TargetStatements): Promise<void> {
    if (this.#id !== null) return;
    await quietly(() => tx.savepoint(() => this.#insert(tx)));
    this.#provisional = this.#id !== null;
  }

  async end(ending: Ending): Promise<void> {
    const id = this.#id;
    if (id !== null) await quietly(() => this.#options.apart((target) => endEntry(target, id, ending)));
  }

  async #insert(target: TargetReader): Promise<void> {
    if (this.#id !== null) return nameRun(target, this.#id);
    if (!(await hasHistory(target))) return;
    const { command, details } = this.#options;
    this.#id = await insertEntry(target, { command, details, ...actor(), pid: process.pid, version: version() }, performance.now() - this.#started);
  }
}

async function quietly(work: () => Promise<void>): Promise<void> {
  await work().catch(() => {});
}
