import { actor } from "../../embedded/actor.ts";
import { inTime } from "../../in-time.ts";
import type { TargetReader, TargetSession, TargetStatements } from "../../target/target.ts";
import { version } from "../../version.ts";
import {
  type Details,
  type Ending,
  endEntry,
  hasHistory,
  holdEntry,
  holdEntryInTransaction,
  insertEntry,
  nameRun,
} from "./store.ts";

/** Someone who holds our table would hold up the work. */
const BRIEFLY = "set local lock_timeout = '1s'; set local statement_timeout = '3s'";

/** A target that has fallen silent must not keep the command from ending. */
const END_MS = 1_000;

export interface RecordOptions {
  readonly command: string;
  readonly details: Details;
  /** Runs `work` in a transaction with a connection of its own. */
  readonly apart: (work: (target: TargetStatements) => Promise<void>) => Promise<void>;
}

/**
 * The entry of one command in the history. Nothing of it may keep the command from its work: what cannot be written is
 * left out. Where our schema or the run is not there yet, `begin` is to be called again when it is.
 */
export class JobRecord {
  readonly #options: RecordOptions;
  readonly #started = performance.now();
  #id: string | null = null;
  #begun = false;

  constructor(options: RecordOptions) {
    this.#options = options;
  }

  /** With a session that lives as long as the work, or the next one when that was lost. */
  async begin(session: TargetSession): Promise<void> {
    await withoutTriggers(() =>
      session.transaction(async (tx) => {
        await tx.run(BRIEFLY);
        await this.#insert(tx);
        if (this.#id !== null) await holdEntry(tx, this.#id);
      }),
    );
  }

  /** Next to a transaction, which may be rolled back, and for as long as it lasts. */
  async beginBeside(tx: TargetStatements): Promise<void> {
    await withoutTriggers(async () => {
      if (this.#id === null) await this.#apart((target) => this.#insert(target));
      const id = this.#id;
      if (id !== null) await tx.savepoint(() => holdEntryInTransaction(tx, id));
    });
  }

  /**
   * What came to no work is not kept. The first migration of all makes the history in its own transaction: only now it
   * is there.
   */
  async end(ending: Ending): Promise<void> {
    if (!this.#begun) return;
    await withoutTriggers(() =>
      inTime(
        () =>
          this.#apart(async (target) => {
            if (this.#id === null) await this.#insert(target);
            if (this.#id !== null) await endEntry(target, this.#id, ending);
          }),
        END_MS,
      ),
    );
  }

  #apart(work: (target: TargetStatements) => Promise<void>): Promise<void> {
    return this.#options.apart(async (target) => {
      await target.run(BRIEFLY);
      await work(target);
    });
  }

  async #insert(target: TargetReader): Promise<void> {
    this.#begun = true;
    if (this.#id !== null) return nameRun(target, this.#id);
    if (!(await hasHistory(target))) return;
    const { command, details } = this.#options;
    this.#id = await insertEntry(target, {
      command,
      details,
      ...actor(),
      pid: process.pid,
      version: version(),
      ago: Math.round(performance.now() - this.#started),
    });
  }
}

async function withoutTriggers(work: () => Promise<void>): Promise<void> {
  await work().catch(() => {});
}
