import { TargetError } from "../../src/errors.ts";
import type {
  CopyIn,
  SessionOptions,
  Target,
  TargetParameter,
  TargetSession,
  TargetStatement,
  TargetTransaction,
  TransactionOptions,
} from "../../src/target/target.ts";
import { type Life, never } from "./life.ts";
import type { Fault } from "./sync-plan.ts";

/** The target as a life of the engine meets it. */
export class DisturbedTarget implements Target {
  readonly location: string;
  readonly stateSchema: string;
  readonly #target: Target;
  readonly #life: Life;

  constructor(target: Target, life: Life) {
    this.location = target.location;
    this.stateSchema = target.stateSchema;
    this.#target = target;
    this.#life = life;
  }

  async session(options?: SessionOptions): Promise<TargetSession> {
    const life = this.#life;
    if (life.dead) return never();
    const fault = await life.turn({ side: "target", text: "connect" });
    if (life.dead) return never();
    if (fault?.how.startsWith("death") === true) {
      await life.die();
      return never();
    }
    if (fault !== null)
      throw new TargetError({
        code: "TARGET_UNREACHABLE",
        message: "the target does not answer",
        hint: "none",
        context: { sqlState: "ECONNREFUSED" },
      });
    const session = await this.#target.session(options);
    const [row] = await session.rows<{ pid: number }>("select pg_backend_pid() as pid");
    const pid = row?.pid ?? 0;
    life.connected(pid);
    return new DisturbedSession(session, pid, life);
  }

  close(): Promise<void> {
    return this.#target.close();
  }
}

class DisturbedSession implements TargetSession {
  readonly #session: TargetSession;
  readonly #pid: number;
  readonly #life: Life;

  constructor(session: TargetSession, pid: number, life: Life) {
    this.#session = session;
    this.#pid = pid;
    this.#life = life;
  }

  get alive(): boolean {
    return this.#session.alive;
  }

  get stateSchema(): string {
    return this.#session.stateSchema;
  }

  get backend(): TargetSession["backend"] {
    return this.#session.backend;
  }

  get server(): TargetSession["server"] {
    return this.#session.server;
  }

  rows<Row extends object = Record<string, unknown>>(
    text: string,
    parameters?: readonly TargetParameter[],
  ): Promise<Row[]> {
    return this.#statement(text, () => this.#session.rows<Row>(text, parameters));
  }

  run(text: string): Promise<void> {
    return this.#statement(text, () => this.#session.run(text));
  }

  batch<Row extends object = Record<string, unknown>>(statements: readonly TargetStatement[]): Promise<Row[][]> {
    return this.#statement(textOf(statements), () => this.#session.batch<Row>(statements));
  }

  async transactionAtOnce<Row extends object = Record<string, unknown>>(
    statements: readonly TargetStatement[],
    options: TransactionOptions = {},
  ): Promise<Row[][]> {
    return this.#statement(`${textOf(statements)}; commit`, async () => {
      const rows = await this.#session.transactionAtOnce<Row>(statements, options);
      if (this.#life.dead) return never();
      await this.#life.committed();
      return rows;
    });
  }

  savepoint<T>(work: () => Promise<T>): Promise<T> {
    return this.#session.savepoint(work);
  }

  async transaction<T>(work: (tx: TargetTransaction) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    const life = this.#life;
    if (life.dead) return never();
    let atCommit: Fault | null = null;
    try {
      const result = await this.#session.transaction(async () => {
        const done = await work(this);
        if (life.dead) return never<T>();
        atCommit = await life.turn({ side: "target", text: "commit" });
        await this.#before(atCommit);
        return done;
      }, options);
      if (life.dead) return await never<T>();
      await life.committed();
      return await this.#after(atCommit, result);
    } catch (error) {
      if (life.dead) return never();
      throw error;
    }
  }

  async copyIn(text: string): Promise<CopyIn> {
    const copy = await this.#statement(text, () => this.#session.copyIn(text));
    return {
      write: (bytes) => this.#statement("copy data", () => copy.write(bytes), { inCopy: true }),
      finish: () => this.#statement("copy done", () => copy.finish(), { inCopy: true }),
      abort: () => copy.abort(),
    };
  }

  abandon(): void {
    this.#session.abandon();
  }

  async close(): Promise<void> {
    if (this.#life.dead) return never();
    await this.#session.close();
  }

  /** `inCopy`: PostgreSQL takes no other statement now, so none can be made to fail. */
  async #statement<T>(text: string, work: () => Promise<T>, options: { readonly inCopy?: boolean } = {}): Promise<T> {
    const life = this.#life;
    if (life.dead) return never();
    const fault = await life.turn({ side: "target", text });
    if (life.dead) return never();
    try {
      await this.#before(fault, options.inCopy);
      const done = work();
      if (fault?.how === "cut during") await Promise.all([done, life.cut(this.#pid)]);
      return await this.#after(fault, await done);
    } catch (error) {
      if (life.dead) return never();
      throw error;
    }
  }

  async #before(fault: Fault | null, inCopy = false): Promise<void> {
    if (fault?.how === "death before") {
      await this.#life.die();
      return never();
    }
    if (fault?.how === "cut before") await this.#life.cut(this.#pid);
    // As a full disk does it: the statement fails, and with it the transaction.
    if (fault?.how === "refused" && !inCopy)
      await this.#session.run("do $$ begin raise exception 'no space left on device' using errcode = '53100'; end $$");
  }

  /** The database did it, but the answer never came. */
  async #after<T>(fault: Fault | null, result: T): Promise<T> {
    if (this.#life.dead) return never();
    if (fault?.how === "death after") {
      await this.#life.die();
      return never();
    }
    if (fault?.how === "cut after") {
      await this.#life.cut(this.#pid);
      throw new TargetError({ code: "TARGET_LOST", message: "the connection was lost", hint: "none", context: {} });
    }
    return result;
  }
}

function textOf(statements: readonly TargetStatement[]): string {
  return statements.map(({ text }) => text).join("; ");
}
