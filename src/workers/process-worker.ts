import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { SourceError } from "../errors.ts";
import type { SourceIdentity } from "../model/source-identity.ts";
import type { LockWait } from "../throttle/throttle.ts";
import type { LoadSignal } from "../throttle/throttle-policy.ts";
import { packError, unpackError } from "./error-message.ts";
import type { FromJob, ToJob } from "./job-messages.ts";
import type { JobCalls, JobInput, JobName, JobResult } from "./jobs.ts";

export interface ProcessWorkerOptions {
  /** Path of a file source. */
  readonly source: string;
  readonly identity: SourceIdentity;
  readonly targetUrl: string;
  /** Someone set a rate, which is kept with each page. */
  readonly isRated: boolean;
  readonly observe: (loadSignal: LoadSignal | LockWait) => void;
}

/** Run from TypeScript, there is no file that a process could start with. */
export const processesAreThere = !import.meta.url.endsWith(".ts");

/**
 * For glibc: pages of rows come and go, a megabyte each, and left alone it gives them back to the system and takes them
 * again. 50,000 page faults in place of 17,000 for 250,000 pages of a file, and 5 to 17 µs for each of these pages in
 * place of 4 to 6.
 */
const KEEPS_MEMORY = { MALLOC_MMAP_THRESHOLD_: String(8 << 20), MALLOC_TRIM_THRESHOLD_: String(16 << 20) };

/**
 * A process next to this one that does jobs. Not a thread: all of SQLite in a process counts its memory under one lock,
 * on which two threads waited for half of their time. Passing pages from one process to another costs more than it
 * gains.
 */
export class ProcessWorker {
  readonly #process: ChildProcess;
  readonly #options: ProcessWorkerOptions;
  readonly #abort = () => this.#send({ kind: "abort" });
  #signal: AbortSignal | null = null;
  #job: {
    readonly calls: Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;
    done(result: unknown): void;
    failed(error: Error): void;
  } | null = null;
  #end: Error | null = null;

  constructor(options: ProcessWorkerOptions) {
    this.#options = options;
    this.#process = fork(fileURLToPath(new URL("./job-process.js", import.meta.url)), [], {
      serialization: "advanced",
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      env: { ...KEEPS_MEMORY, ...process.env },
    });
    this.#process.on("message", (message: FromJob) => this.#receive(message));
    this.#process.on("error", (error) => this.#lost(error));
    this.#process.on("exit", (code, signal) => this.#lost(new Error(`it ended with ${signal ?? `exit code ${code}`}`)));
    const { identity } = options;
    this.#send({ kind: "open", source: options.source, identity, target: options.targetUrl, isRated: options.isRated });
  }

  /** False once the process has ended. */
  get isThere(): boolean {
    return this.#end === null;
  }

  /** Whose word ends a job: from now on this signal's. Null: nobody's, between two pieces of work. */
  obey(signal: AbortSignal | null): void {
    this.#signal?.removeEventListener("abort", this.#abort);
    this.#signal = signal;
    signal?.addEventListener("abort", this.#abort);
  }

  async do<Name extends JobName>(job: Name, input: JobInput<Name>, calls: JobCalls<Name>): Promise<JobResult<Name>> {
    if (this.#end !== null) throw this.#end;
    return new Promise((resolve, reject) => {
      this.#job = {
        calls: calls as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>,
        done: (result) => resolve(result as JobResult<Name>),
        failed: reject,
      };
      this.#send({ kind: "do", job, input });
      if (this.#signal?.aborted === true) this.#abort();
    });
  }

  /** Closes its sessions, until there is other work. */
  rest(): void {
    this.#send({ kind: "rest" });
  }

  close(): void {
    this.obey(null);
    if (this.#process.connected) this.#process.disconnect();
  }

  #receive(message: FromJob): void {
    switch (message.kind) {
      case "call":
        void this.#answer(message.call, message.name, message.args);
        break;
      case "load-signal":
        this.#options.observe(message.loadSignal);
        break;
      case "done":
        this.#settle((job) => job.done(message.result));
        break;
      case "failed":
        this.#settle((job) => job.failed(unpackError(message.error)));
    }
  }

  async #answer(call: number | null, name: string, args: readonly unknown[]): Promise<void> {
    try {
      const value = await this.#job?.calls[name]?.(...args);
      if (call !== null) this.#send({ kind: "answer", call, value });
    } catch (error) {
      if (call === null) this.#settle((job) => job.failed(error instanceof Error ? error : new Error(String(error))));
      else this.#send({ kind: "refusal", call, error: packError(error) });
    }
  }

  #lost(cause: Error): void {
    this.#end ??= new SourceError({
      code: "PROCESS_LOST",
      message: `a process that worked on one of the tables is gone: ${cause.message}`,
      hint:
        "run the same command again: it goes on from where it stopped; with --jobs 1 everything is done in " +
        "one process",
      cause,
    });
    const end = this.#end;
    this.#settle((job) => job.failed(end));
  }

  #settle(how: (job: { done(result: unknown): void; failed(error: Error): void }) => void): void {
    const job = this.#job;
    this.#job = null;
    if (job !== null) how(job);
  }

  #send(message: ToJob): void {
    if (!this.#process.connected) return;
    this.#process.send(message, (error) => {
      if (error !== null) this.#lost(error);
    });
  }
}
