import { LibsqlError } from "@libsql/client";
import type {
  ReadOptions,
  Source,
  SourceRow,
  SourceSnapshot,
  SourceValue,
  SourceWriter,
  WriteOptions,
} from "../../src/source/source.ts";
import { type Life, never } from "./life.ts";

const USUAL = 30;

/** What ends the transactions of a dead engine from within. */
class Death extends Error {}

/** A read transaction has no such method; the engine's types know. */
const refused = () => Promise.reject(new TypeError("this transaction only reads"));

/** The source as a life of the engine meets it: others' turns before each statement, and its faults. */
export class DisturbedSource implements Source {
  readonly kind: Source["kind"];
  readonly location: string;
  readonly path: string | null;
  readonly identity: Source["identity"];
  readonly #source: Source;
  readonly #life: Life;

  constructor(source: Source, life: Life) {
    this.#source = source;
    this.#life = life;
    this.kind = source.kind;
    this.location = source.location;
    this.path = source.path;
    this.identity = source.identity;
  }

  read<T>(work: (tx: SourceSnapshot) => Promise<T>, options?: ReadOptions): Promise<T> {
    return this.#transaction("read", (run) => this.#source.read((tx) => run({ ...tx, run: refused }), options), work);
  }

  write<T>(work: (tx: SourceWriter) => Promise<T>, options?: WriteOptions): Promise<T> {
    return this.#transaction("write", (run) => this.#source.write(run, options), work);
  }

  copyInto(file: string): Promise<void> {
    return this.#source.copyInto(file);
  }

  switchToWal(): Promise<string> {
    return this.#source.switchToWal();
  }

  setSoleWriter(isAlone: boolean): void {
    this.#source.setSoleWriter(isAlone);
  }

  isContended(): boolean {
    return this.#source.isContended();
  }

  takeOverCheckpoints(): void {
    this.#source.takeOverCheckpoints();
  }

  close(): void {
    this.#source.close();
  }

  async #transaction<T>(
    mode: "read" | "write",
    begin: (run: (tx: SourceWriter) => Promise<T>) => Promise<T>,
    work: (tx: SourceWriter) => Promise<T>,
  ): Promise<T> {
    const life = this.#life;
    if (life.dead) return never();
    const fault = await life.turn({ side: "source", text: mode });
    if (life.dead) return never();
    if (fault?.how === "death before") return this.#die();
    let pending = fault;
    const run = (tx: SourceWriter) => {
      // Once: tried again after BUSY, it goes through.
      const inside = pending;
      pending = null;
      if (inside?.how === "busy") throw new LibsqlError("database is locked", "SQLITE_BUSY");
      if (inside?.how === "fails") throw new LibsqlError("disk I/O error", "SQLITE_IOERR");
      return work(this.#within(tx));
    };
    try {
      const result = await life.reading(begin(async (tx) => run(tx)));
      if (life.dead) return await never<T>();
      if (fault?.how === "death after") return await this.#die();
      return result;
    } catch (error) {
      if (life.dead) return never();
      throw error;
    }
  }

  async #die<T>(): Promise<T> {
    await this.#life.die();
    return never();
  }

  #within(tx: SourceWriter): SourceWriter {
    const life = this.#life;
    let statements = 0;
    const statement = async <T>(text: string, work: () => Promise<T>): Promise<T> => {
      if (life.dead) throw new Death();
      // Capture tries itself out with hundreds: the events of a plan are meant for the rest, too.
      if (++statements > USUAL && statements % USUAL !== 0) return work();
      const fault = await life.turn({ side: "source", text });
      if (life.dead) throw new Death();
      if (fault?.how === "busy") throw new LibsqlError("database is locked", "SQLITE_BUSY");
      if (fault?.how === "fails") throw new LibsqlError("disk I/O error", "SQLITE_IOERR");
      if (fault?.how === "death before") return this.#dieWithin();
      const result = await work();
      if (fault?.how === "death after") return this.#dieWithin();
      return result;
    };
    return {
      rows: (sql: string, args?: readonly SourceValue[]): Promise<SourceRow[]> =>
        statement(sql, () => tx.rows(sql, args)),
      run: (sql: string, args?: readonly SourceValue[]) => statement(sql, () => tx.run(sql, args)),
      script: (statements: string) => statement(statements, () => tx.script(statements)),
    };
  }

  async #dieWithin(): Promise<never> {
    await this.#life.die();
    throw new Death();
  }
}
