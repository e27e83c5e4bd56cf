import type { Client } from "@libsql/client/sqlite3";
import { InterruptedError, RefusedError } from "../errors.ts";
import { COMMIT_TABLE } from "../model/change-log.ts";
import type { SourceIdentity } from "../model/source-identity.ts";
import { sqliteName } from "../quote.ts";
import { pause } from "../retry.ts";
import { commitMarked } from "./commit-marked.ts";
import { isConnectionLost, isServerBusy, serverError } from "./remote-error.ts";
import { serverFetch } from "./server-fetch.ts";
import { ServerTransaction } from "./server-transaction.ts";
import type { ReadOptions, Source, SourceLoadSignal, SourceOptions, SourceSnapshot, SourceWriter } from "./source.ts";
import { notSwitched } from "./wal-switch.ts";
import type { WriteOptions } from "./write-options.ts";

/** An answer that takes longer is given up. sqld itself ends a transaction after 5 s where another waits. */
const ANSWER_MS = 30_000;
/** So long a server that cannot be reached is tried again. */
const OUTAGE_MS = 60_000;
/** The same before it has ever answered: the address may well be wrong. */
const FIRST_CONTACT_MS = 2_000;
const FIRST_PAUSE_MS = 20;
const MAX_PAUSE_MS = 2_000;

export interface ServerSourceOptions extends SourceOptions {
  readonly answerMs?: number;
  readonly outageMs?: number;
}

/** A libSQL server: Turso, or sqld. Each transaction has a stream of its own there. */
export class ServerSource implements Source {
  readonly kind = "remote";
  readonly path = null;
  readonly location: string;
  readonly identity: SourceIdentity;
  readonly #open: (send: typeof fetch) => Client;
  readonly #options: ServerSourceOptions;
  readonly #observe: (seen: SourceLoadSignal) => void;
  readonly #closed = new AbortController();
  #hasAnswered = false;

  constructor(location: string, open: (send: typeof fetch) => Client, options: ServerSourceOptions) {
    this.location = location;
    this.identity = options.expected ?? { kind: "server", url: location };
    this.#open = open;
    this.#options = options;
    this.#observe = options.observe ?? (() => {});
  }

  read<T>(work: (tx: SourceSnapshot) => Promise<T>, options: ReadOptions = {}): Promise<T> {
    return this.#withRetry(options, async (client) => {
      const transaction = await client.transaction("deferred");
      const started = performance.now();
      try {
        return await work(new ServerTransaction(transaction, { isReadOnly: true }));
      } finally {
        // Nobody waits for the end of a snapshot.
        transaction.close();
        this.#observe({ kind: "read", durationMs: performance.now() - started });
      }
    });
  }

  write<T>(work: (tx: SourceWriter) => Promise<T>, options: WriteOptions = {}): Promise<T> {
    const withoutKeys = options.foreignKeys === "off";
    const before = withoutKeys ? ["COMMIT", "PRAGMA foreign_keys = OFF", "BEGIN IMMEDIATE"] : [];
    return this.#withRetry(options, async (client) => {
      const transaction = await client.transaction(withoutKeys ? "deferred" : "write");
      const started = performance.now();
      try {
        const result = await work(new ServerTransaction(transaction, { before }));
        await commitMarked(transaction, { isLost: isConnectionLost, committed: (mark) => this.#isCommitted(mark) });
        return result;
      } finally {
        transaction.close();
        this.#observe({ kind: "write", durationMs: performance.now() - started });
      }
    });
  }

  copyInto(): Promise<void> {
    return Promise.reject(
      new RefusedError({
        code: "BACKUP_REMOTE",
        message: `${this.location} is a libSQL server, changeover cannot copy its file`,
        hint: "take the backup at the server, and omit --backup",
      }),
    );
  }

  switchToWal(): Promise<string> {
    return Promise.reject(notSwitched(this.location, "the server's own"));
  }

  setSoleWriter(): void {}

  /** Readers block no writer there: a server has a WAL. */
  isContended(): boolean {
    return false;
  }

  takeOverCheckpoints(): void {}

  close(): void {
    this.#closed.abort();
  }

  /**
   * Whether the transaction with this mark has committed; null where the source has no place for marks yet. The lock is
   * taken for the question: while it is ours, no commit is still on its way.
   */
  #isCommitted(mark: string): Promise<boolean | null> {
    return this.#withRetry({}, async (client) => {
      const transaction = await client.transaction("write");
      try {
        const tx = new ServerTransaction(transaction);
        const [found] = await tx.rows(`SELECT 1 FROM sqlite_schema WHERE name = ?`, [COMMIT_TABLE]);
        if (found === undefined) return null;
        const [row] = await tx.rows(`SELECT mark FROM ${sqliteName(COMMIT_TABLE)}`);
        return row?.[0] === mark;
      } finally {
        transaction.close();
      }
    });
  }

  /** Work that was not committed is done again: the server was busy, lost the stream, or could not be reached. */
  async #withRetry<T>(
    { lockWaitMs, signal }: Pick<WriteOptions, "lockWaitMs"> & ReadOptions,
    attempt: (client: Client) => Promise<T>,
  ): Promise<T> {
    const began = performance.now();
    const { answerMs = ANSWER_MS, busyTimeout = 30_000, outageMs = OUTAGE_MS } = this.#options;
    const busyMs = lockWaitMs ?? busyTimeout;
    const lostMs = Math.min(this.#hasAnswered ? outageMs : FIRST_CONTACT_MS, outageMs, lockWaitMs ?? outageMs);
    const ended = [this.#options.signal, signal, this.#closed.signal].filter((one) => one !== undefined);
    const stop = AbortSignal.any(ended);
    const onAnswer = () => {
      this.#hasAnswered = true;
    };
    const send = serverFetch({ answerMs, deadline: () => began + lostMs, onAnswer, signal: this.#closed.signal });
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS)) {
      try {
        return await attempt(this.#open(send));
      } catch (error) {
        const waitedMs = performance.now() - began;
        const isBusy = isServerBusy(error);
        if (isBusy) this.#observe({ kind: "busy", waitedMs });
        const mayPass = isBusy ? waitedMs <= busyMs : isConnectionLost(error) && waitedMs <= lostMs;
        if (mayPass && stop.aborted) throw new InterruptedError();
        if (!mayPass) throw serverError(error, { location: this.location, token: this.#options.authToken });
        await pause(pauseMs * (0.5 + Math.random()), stop);
      }
    }
  }
}
