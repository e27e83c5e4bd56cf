import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("writer-process.mjs", import.meta.url));

export type Rows = readonly (readonly (string | null)[])[];

export interface Written {
  /** For each commit all tables' rows as they then stood. */
  readonly states: readonly (readonly Rows[])[];
  /** What SQLite said of statements that it refused. */
  readonly refusals: readonly string[];
}

interface Answer extends Partial<Written> {
  readonly id: number;
  readonly error?: string;
}

/**
 * Processes that write as the application's do. They outlive a trial: starting one takes longer than most trials'
 * writes.
 */
export class Writers {
  readonly #processes: WriterProcess[];
  #database: { readonly path: string; readonly queries: readonly string[] } = { path: "", queries: [] };

  constructor(count: number) {
    this.#processes = Array.from({ length: count }, () => new WriterProcess());
  }

  get count(): number {
    return this.#processes.length;
  }

  /** Makes a database for all of them to write to. Returns what stands in it. */
  async create(database: {
    readonly path: string;
    readonly journal: "wal" | "delete";
    readonly ddl: readonly string[];
    readonly queries: readonly string[];
  }): Promise<Written> {
    this.#database = database;
    return this.#ask(0, { kind: "create", ...database });
  }

  /** Runs statements in one of them; with `open` the transaction stays open if it is. */
  write(writer: number, statements: readonly string[], open = false): Promise<Written> {
    return this.#ask(writer, { kind: "write", ...this.#database, statements, open });
  }

  /** Runs statements as one transaction, while others may write too. */
  race(writer: number, statements: readonly string[]): Promise<Written> {
    return this.#ask(writer, { kind: "race", ...this.#database, statements });
  }

  /** Kills one with whatever it has open; another takes its place. */
  async kill(writer: number): Promise<void> {
    await this.#of(writer).kill();
    this.#processes[writer % this.count] = new WriterProcess();
  }

  async closeDatabase(): Promise<void> {
    for (const writer of this.#processes) await writer.ask({ kind: "close" });
  }

  async end(): Promise<void> {
    for (const writer of this.#processes) await writer.kill();
  }

  async #ask(writer: number, message: object): Promise<Written> {
    const { states = [], refusals = [] } = await this.#of(writer).ask(message);
    return { states, refusals };
  }

  #of(writer: number): WriterProcess {
    return this.#processes[writer % this.count] as WriterProcess;
  }
}

class WriterProcess {
  readonly #child: ChildProcess = fork(PROGRAM, { stdio: ["ignore", "ignore", "inherit", "ipc"], execArgv: [] });
  readonly #waiting = new Map<
    number,
    { readonly resolve: (answer: Answer) => void; readonly reject: (error: Error) => void }
  >();
  #asked = 0;

  constructor() {
    this.#child.on("message", (answer: Answer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if (answer.error === undefined) waiting?.resolve(answer);
      else waiting?.reject(new Error(`a writer: ${answer.error}`));
    });
    this.#child.on("exit", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("a writer ended by itself"));
    });
  }

  ask(message: object): Promise<Answer> {
    const id = ++this.#asked;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ ...message, id });
    });
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, "exit");
  }
}
