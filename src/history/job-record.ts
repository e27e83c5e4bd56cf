import { actor } from "../db/actor.ts";
import type { TargetReader, TargetStatements } from "../db/target.ts";
import { version } from "../version.ts";
import { type Details, type Ending, endEntry, hasHistory, holdEntry, holdEntryInTransaction, insertEntry, nameRun } from "./store.ts";

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
  #id: string | null = null;

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
      if (this.#id === null) await this.#options.apart((target) => this.#insert(target));
      const id = this.#id;
      if (id !== null) await tx.savepoint(() => holdEntryInTransaction(tx, id));
    });
  }

  async end(ending: Ending): Promise<void> {
    const id = this.#id;
    if (id !== null) await quietly(() => this.#options.apart((target) => endEntry(target, id, ending)));
  }

  async #insert(target: TargetReader): Promise<void> {
    if (this.#id !== null) return nameRun(target, this.#id);
    if (!(await hasHistory(target))) return;
    const { command, details } = this.#options;
    this.#id = await insertEntry(target, { command, details, ...actor(), pid: process.pid, version: version() });
  }
}

async function quietly(work: () => Promise<void>): Promise<void> {
  await work().catch(() => {});
}
