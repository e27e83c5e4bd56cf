import { truncateSync } from "node:fs";
import type { Client, Transaction } from "@libsql/client/sqlite3";
import { InterruptedError } from "../errors.ts";
import type { SourceIdentity } from "../model/source-identity.ts";
import { Mutex } from "../mutex.ts";
import { withRetry } from "../retry.ts";
import { checkpointConcurrently } from "./checkpoint-concurrently.ts";
import { Checkpoints } from "./checkpoints.ts";
import { identifyFile, placeOf } from "./file-identity.ts";
import { retryLock } from "./retry-lock.ts";
import { RoomForWriters } from "./room-for-writers.ts";
import type { ReadOptions, Source, SourceLoadSignal, SourceOptions, SourceSnapshot, SourceWriter } from "./source.ts";
import { isBusy, sourceError, sourceReplacedError } from "./source-error.ts";
import { syncWal } from "./sync-wal.ts";
import { journalMode, reader } from "./transaction-reader.ts";
import { WalGuard } from "./wal-guard.ts";
import { notSwitched, refuseUnsharedFileSystem } from "./wal-switch.ts";
import { renderSettings, type WriteOptions } from "./write-options.ts";

/** Time slice for trying to get a lock; then other work of this process has its turn. */
const LOCK_SLICE_MS = 100;

/** For this long a lock is retried without a pause, ms. Later the holder is probably in a long transaction. */
const EAGER_MS = 5_000;

export class LibsqlSource implements Source {
  readonly kind = "file";
  readonly location: string;
  readonly path: string;
  readonly identity: SourceIdentity;
  /** Device and inode of the opened file. */
  readonly #place: string | null;
  readonly #client: Client;
  readonly #busyTimeout: number;
  readonly #signal: AbortSignal | undefined;
  readonly #observe: (seen: SourceLoadSignal) => void;
  readonly #syncWal: (wal: string) => Promise<void>;
  readonly #wal: WalGuard;
  readonly #checkpoints: Checkpoints;
  readonly #room = new RoomForWriters();
  /** Whether the last write transaction found a WAL. */
  #hasWal = false;
  readonly #mutex = new Mutex();

  constructor(path: string, client: Client, options: SourceOptions) {
    this.location = path;
    this.path = path;
    this.identity = options.expected ?? identifyFile(path);
    this.#place = this.identity.kind === "file" ? `${this.identity.device}:${this.identity.inode ?? 0}` : null;
    this.#client = client;
    this.#busyTimeout = options.busyTimeout ?? 30_000;
    this.#signal = options.signal;
    this.#observe = options.observe ?? (() => {});
    this.#syncWal = options.syncWal ?? syncWal;
    this.#wal = new WalGuard(path);
    this.#checkpoints = new Checkpoints({
      database: path,
      checkpoint: (options) => this.#enqueue(() => this.#restart(() => checkpointConcurrently(client, options))),
    });
  }

  read<T>(work: (tx: SourceSnapshot) => Promise<T>, options: ReadOptions = {}): Promise<T> {
    return this.#run("read", work, options);
  }

  async write<T>(work: (tx: SourceWriter) => Promise<T>, options: WriteOptions = {}): Promise<T> {
    const result = await this.#run("write", work, options);
    // The sync needs no lock, and our own readers do not wait for it.
    if (options.durable !== false)
      await this.#syncWal(`${this.path}-wal`).catch((error: unknown) =>
        Promise.reject(sourceError(error, this.location)),
      );
    return result;
  }

  async copyInto(file: string): Promise<void> {
    await this.#withRetry(() => this.#copy(file), this.#busyTimeout);
  }

  async switchToWal(): Promise<string> {
    refuseUnsharedFileSystem(this.path);
    const before = await this.read(journalMode);
    if (before === "wal") return before;
    // This needs exclusive access for an instant, so it waits for others as for any lock.
    const ask = () => this.#restart(() => this.#client.execute("PRAGMA journal_mode = wal"));
    const answer = await this.#withRetry(() => retryLock(ask, LOCK_SLICE_MS), this.#busyTimeout);
    const mode = String(answer.rows[0]?.[0]);
    if (mode !== "wal") throw notSwitched(this.location, mode);
    return before;
  }

  setSoleWriter(isAlone: boolean): void {
    this.#room.setSoleWriter(isAlone);
  }

  isContended(): boolean {
    return this.#room.isContended();
  }

  takeOverCheckpoints(): void {
    this.#checkpoints.start();
  }

  close(): void {
    this.#checkpoints.stop();
    this.#client.close();
  }

  #run<T>(
    mode: "read" | "write",
    work: (tx: SourceWriter) => Promise<T>,
    options: WriteOptions & ReadOptions = {},
  ): Promise<T> {
    return this.#withRetry(
      () => this.#restart(() => this.#attempt(mode, work, options)),
      options.lockWaitMs ?? this.#busyTimeout,
      options.signal,
    );
  }

  async #withRetry<T>(attempt: () => Promise<T>, lockWaitMs: number, signal?: AbortSignal): Promise<T> {
    const began = performance.now();
    const retryIf = (error: unknown) => {
      if (!isBusy(error)) return false;
      const waitedMs = performance.now() - began;
      this.#observe({ kind: "busy", waitedMs });
      if (this.#signal?.aborted || signal?.aborted) throw new InterruptedError();
      return waitedMs <= lockWaitMs;
    };
    const delays = function* () {
      for (;;) yield performance.now() - began < EAGER_MS ? 1 : 25 + Math.random() * 25;
    };
    return withRetry(() => this.#enqueue(attempt), { delays: delays(), retryIf }).catch((error: unknown) => {
      throw sourceError(error, this.location);
    });
  }

  /**
   * Runs transactions on a file one after the other. libsql works in this thread, so concurrent ones would only hold
   * each other's snapshot open for longer. A reconnect after BUSY would also break the other one.
   */
  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    return this.#mutex.run(async () => {
      await this.#wal.waitForRestart();
      await this.#room.leave();
      return work();
    });
  }

  /**
   * Reconnects after BUSY, which leaves a libsql connection broken (0.5.29): its next write reports success, is not
   * committed, and holds the write lock.
   */
  async #restart<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (isBusy(error)) await this.#client.reconnect();
      throw error;
    }
  }

  #refuseReplaced(): void {
    if (placeOf(this.path) !== this.#place) throw sourceReplacedError(this.location);
  }

  async #copy(file: string): Promise<void> {
    // An attempt that met a lock left bytes, and SQLite writes into an empty file only.
    truncateSync(file);
    const attempt = () => this.#restart(() => this.#client.execute({ sql: "VACUUM INTO ?", args: [file] }));
    await retryLock(attempt, LOCK_SLICE_MS);
    this.#refuseReplaced();
  }

  async #attempt<T>(mode: "read" | "write", work: (tx: SourceWriter) => Promise<T>, options: WriteOptions): Promise<T> {
    // If the path is empty, libsql would create an empty database.
    this.#refuseReplaced();
    const transaction = await (mode === "write" ? this.#beginWriting(options) : this.#beginReading());
    const started = performance.now();
    try {
      // Check again: a transaction may have its own connection, which opened whatever is at the path by now.
      this.#refuseReplaced();
      const result = await work(reader(transaction));
      if (mode === "write") this.#refuseReplaced();
      // Not transaction.commit(): after BUSY its unfinished statement keeps the lock even beyond reconnect(). With a
      // rollback journal readers block the commit, but no new ones enter. Waiting for them is cheaper than repeating
      // the whole transaction.
      await this.#acquire(() => transaction.executeMultiple("COMMIT"), { shutsOut: true });
      return result;
    } finally {
      transaction.close();
      const durationMs = performance.now() - started;
      this.#room.held(durationMs);
      this.#observe({ kind: mode, durationMs });
    }
  }

  /**
   * Takes the read snapshot here, since BEGIN takes none. The wait before the first statement is for others; the time
   * after it is ours.
   */
  async #beginReading(): Promise<Transaction> {
    const transaction = await this.#client.transaction("deferred");
    try {
      await this.#acquire(() => transaction.executeMultiple("PRAGMA schema_version"), { shutsOut: true });
      return transaction;
    } catch (error) {
      transaction.close();
      throw error;
    }
  }

  /**
   * Sets the pragmas on the connection that then begins the transaction: inside a transaction they have no effect.
   *
   * The pragmas depend on the journal mode, which can be read reliably only once the lock is ours.
   */
  async #beginWriting(options: WriteOptions): Promise<Transaction> {
    for (;;) {
      const hasWal = this.#hasWal;
      const transaction = await this.#acquire(
        async () => {
          const begun = await this.#client.transaction("deferred");
          try {
            await begun.executeMultiple(`COMMIT; ${renderSettings(options, { hasWal })}; BEGIN IMMEDIATE`);
            return begun;
          } catch (error) {
            begun.close();
            throw error;
          }
        },
        { shutsOut: !hasWal },
      );
      try {
        this.#hasWal = (await transaction.execute("PRAGMA journal_mode")).rows[0]?.[0] === "wal";
      } catch (error) {
        transaction.close();
        throw error;
      }
      if (this.#hasWal === hasWal) return transaction;
      transaction.close();
    }
  }

  /** Readers and commits meet a lock of others only with a rollback journal. */
  async #acquire<T>(attempt: () => Promise<T>, { shutsOut }: { readonly shutsOut: boolean }): Promise<T> {
    const started = performance.now();
    let hasWaited = false;
    const onBusy = () => {
      hasWaited = true;
      if (shutsOut) this.#room.met();
    };
    try {
      return await retryLock(attempt, LOCK_SLICE_MS, onBusy);
    } finally {
      if (hasWaited) this.#observe({ kind: "lock", durationMs: performance.now() - started });
    }
  }
}
