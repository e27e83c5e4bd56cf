import type postgres from "postgres";
import { TargetError } from "../errors.ts";
import type { Backend } from "./backend-state.ts";
import type { ServerState } from "./connection/server-state.ts";
import { startCopy } from "./copy-in.ts";
import { arrayLiteral, canInline, inlineParameters } from "./inline-parameters.ts";
import { type Liveness, lostError } from "./liveness.ts";
import type { OpenClient } from "./open-client.ts";
import type {
  CopyIn,
  TargetLoadSignal,
  TargetParameter,
  TargetSession,
  TargetStatement,
  TargetTransaction,
  TransactionOptions,
} from "./target.ts";
import { targetError } from "./target-error.ts";

export interface PostgresSessionOptions {
  readonly opened: OpenClient;
  readonly connection: postgres.ReservedSql;
  readonly location: string;
  readonly backend: Backend;
  readonly server: ServerState;
  readonly schema: string | null;
  readonly stateSchema: string;
  readonly state: Liveness;
  readonly observe: (seen: TargetLoadSignal) => void;
}

export class PostgresSession implements TargetSession {
  readonly #opened: OpenClient;
  readonly #connection: postgres.ReservedSql;
  readonly #location: string;
  readonly backend: Backend;
  readonly server: ServerState;
  readonly schema: string | null;
  readonly stateSchema: string;
  readonly #state: Liveness;
  readonly #observe: (seen: TargetLoadSignal) => void;
  #savepoints = 0;
  /** The BEGIN of a transaction that has said nothing yet: it goes with the first statement, in one message. */
  #begin: string | null = null;
  /** The last COPY, which may not have started yet. */
  #copy: Promise<CopyIn> | null = null;

  constructor({
    backend,
    connection,
    location,
    observe,
    opened,
    schema,
    server,
    state,
    stateSchema,
  }: PostgresSessionOptions) {
    this.#opened = opened;
    this.#connection = connection;
    this.#location = location;
    this.backend = backend;
    this.server = server;
    this.schema = schema;
    this.stateSchema = stateSchema;
    this.#state = state;
    this.#observe = observe;
  }

  get alive(): boolean {
    return this.#state.alive;
  }

  async rows<Row extends object>(text: string, parameters: readonly TargetParameter[] = []): Promise<Row[]> {
    this.#mustBeAlive();
    if (this.#begin !== null) {
      if (canInline(parameters)) return (await this.batch<Row>([{ text, parameters }]))[0] ?? [];
      await this.run("");
    }
    try {
      const result = await this.#state.guard(
        this.#connection.unsafe(text, parameters.map(asText), {
          // A named statement would be unknown to the next connection of a pooler.
          prepare: parameters.length > 0 && this.server.pooling !== "transaction",
        }),
      );
      return result as unknown as Row[];
    } catch (error) {
      throw targetError(error, this.#location);
    }
  }

  async run(text: string): Promise<void> {
    await this.#send(text);
  }

  async batch<Row extends object>(statements: readonly TargetStatement[]): Promise<Row[][]> {
    // A comment may be the last thing that a statement says.
    const text = statements.map((statement) => inlineParameters(statement)).join("\n;\n");
    return rowSets(await this.#send(text)) as Row[][];
  }

  /** One message of the simple protocol, behind the BEGIN if that is still to be said. */
  async #send(text: string): Promise<unknown> {
    this.#mustBeAlive();
    try {
      return await this.#state.guard(this.#connection.unsafe(this.#takeBegin(text)).simple());
    } catch (error) {
      throw targetError(error, this.#location);
    }
  }

  /** The server answers the COMMIT of a transaction in which a statement failed by taking it back, and by no error. */
  async #commit(): Promise<void> {
    const answer = await this.#send("commit");
    if ((answer as { readonly command?: string }).command === "COMMIT") return;
    throw new TargetError({
      code: "TARGET_FAILED",
      message: `${this.#location}: the transaction was rolled back, since one of its statements had failed`,
      hint: "PostgreSQL's log names the statement; nothing of it was done: run the same command again",
    });
  }

  #takeBegin(text: string): string {
    const begin = this.#begin;
    this.#begin = null;
    return begin === null ? text : `${begin};\n${text}`;
  }

  async transaction<T>(work: (tx: TargetTransaction) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    this.#mustBeAlive();
    this.#begin = renderBegin(options);
    let result: T;
    try {
      result = await work(this);
    } catch (error) {
      // While a COPY waits for rows, the server accepts no statement, not even ROLLBACK.
      await this.#abortCopy();
      if (this.#begin === null && this.alive) await this.run("rollback").catch(() => {});
      this.#begin = null;
      throw error;
    }
    if (this.#begin !== null) this.#begin = null;
    else if (options.endsUnheard === true) void this.run("commit").catch(() => {});
    else {
      const started = performance.now();
      await this.#commit();
      this.#observe({ kind: "commit", durationMs: performance.now() - started });
    }
    return result;
  }

  async transactionAtOnce<Row extends object>(
    statements: readonly TargetStatement[],
    options: TransactionOptions = {},
  ): Promise<Row[][]> {
    const answered = this.batch<Row>([{ text: renderBegin(options) }, ...statements]);
    // Sent right behind, in a message of its own. Had a statement failed, it takes the transaction back.
    const ended = this.#commit();
    ended.catch(() => {});
    let rows: Row[][];
    try {
      rows = await answered;
    } catch (error) {
      await ended.catch(() => {});
      throw error;
    }
    const started = performance.now();
    await ended;
    this.#observe({ kind: "commit", durationMs: performance.now() - started });
    return rows;
  }

  async savepoint<T>(work: () => Promise<T>): Promise<T> {
    const name = `changeover_${++this.#savepoints}`;
    await this.run(`savepoint ${name}`);
    try {
      const result = await work();
      await this.run(`release savepoint ${name}`);
      return result;
    } catch (error) {
      await this.#abortCopy();
      if (this.alive) await this.run(`rollback to savepoint ${name}; release savepoint ${name}`);
      throw error;
    }
  }

  async copyIn(text: string): Promise<CopyIn> {
    this.#mustBeAlive();
    this.#copy = startCopy(this.#connection, this.#takeBegin(text), this.#location, this.#state);
    return this.#copy;
  }

  async #abortCopy(): Promise<void> {
    const copy = await this.#copy?.catch(() => null);
    await copy?.abort();
  }

  abandon(): void {
    this.#state.end();
  }

  async close(): Promise<void> {
    const { alive } = this.#state;
    this.#state.end();
    // end() would wait for an unreleased connection until its timeout.
    if (alive) this.#connection.release();
    await this.#opened.end(alive ? 1 : 0);
  }

  #mustBeAlive(): void {
    if (!this.#state.alive) throw lostError(this.#location);
  }
}

/** The isolation is always said: a default of the database would show each statement what the first one saw. */
function renderBegin({ isDurable, isolation = "read committed", readOnly }: TransactionOptions): string {
  return [
    `begin isolation level ${isolation}${readOnly === true ? " read only" : ""}`,
    ...(isDurable === false ? ["set local synchronous_commit = off"] : []),
  ].join("; ");
}

interface Answer {
  /** Null where the statement has no rows to return, not even none. */
  readonly columns: unknown;
}

/** postgres.js gives a result for each statement that returns rows, and one for all others before the first of them. */
function rowSets(answer: unknown): unknown[] {
  const answers = Array.isArray(answer) && !("columns" in answer) ? (answer as Answer[]) : [answer as Answer];
  return answers.filter(({ columns }) => columns != null);
}

/**
 * Sends parameters as text, since PostgreSQL knows their types. The library serializes by that type. It takes any
 * string for false, so booleans stay as they are. It encodes a JSON string once more, hence `::text::jsonb` in our SQL.
 */
function asText(parameter: TargetParameter): string | boolean | null {
  if (parameter === null || typeof parameter === "boolean") return parameter;
  return typeof parameter === "object" ? arrayLiteral(parameter) : String(parameter);
}
