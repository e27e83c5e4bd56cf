import type postgres from "postgres";
import type { Backend } from "./backend-state.ts";
import type { ServerState } from "./connection/server-state.ts";
import { startCopy } from "./copy-in.ts";
import { type Liveness, lostError } from "./liveness.ts";
import type { OpenClient } from "./open-client.ts";
import type {
  CopyIn,
  TargetLoadSignal,
  TargetParameter,
  TargetSession,
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
    this.#mustBeAlive();
    try {
      await this.#state.guard(this.#connection.unsafe(text).simple());
    } catch (error) {
      throw targetError(error, this.#location);
    }
  }

  async transaction<T>(work: (tx: TargetTransaction) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    const isolation = options.isolation === undefined ? "" : ` isolation level ${options.isolation}`;
    await this.run(
      [
        `begin${isolation}${options.readOnly === true ? " read only" : ""}`,
        ...(options.isDurable === false ? ["set local synchronous_commit = off"] : []),
      ].join("; "),
    );
    let result: T;
    try {
      result = await work(this);
    } catch (error) {
      // While a COPY waits for rows, the server accepts no statement, not even ROLLBACK.
      await this.#abortCopy();
      if (this.alive) await this.run("rollback").catch(() => {});
      throw error;
    }
    const started = performance.now();
    await this.run("commit");
    this.#observe({ kind: "commit", durationMs: performance.now() - started });
    return result;
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
    this.#copy = startCopy(this.#connection, text, this.#location, this.#state);
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

/**
 * Sends parameters as text, since PostgreSQL knows their types. The library serializes by that type. It takes any
 * string for false, so booleans stay as they are. It encodes a JSON string once more, hence `::text::jsonb` in our SQL.
 */
function asText(parameter: TargetParameter): string | boolean | null {
  if (parameter === null || typeof parameter === "boolean") return parameter;
  return typeof parameter === "object" ? arrayLiteral(parameter) : String(parameter);
}

function arrayLiteral(values: readonly (string | number | bigint | null)[]): string {
  const quoted = (value: string | number | bigint) => `"${String(value).replace(/["\\]/g, "\\$&")}"`;
  return `{${values.map((value) => (value === null ? "NULL" : quoted(value))).join(",")}}`;
}
