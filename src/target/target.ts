import type { Writable } from "node:stream";
import postgres from "postgres";
import { UsageError } from "../errors.ts";
import { sql } from "../sql.ts";
import { type Backend, lookUpBackend } from "./backend-state.ts";
import { type ClientSockets, openSockets } from "./client-sockets.ts";
import { Liveness, lostError } from "./liveness.ts";
import { canonicalUrl, socketOf } from "./target-address.ts";
import { ARRAY_TYPES } from "./target-arrays.ts";
import { targetError } from "./target-error.ts";

/** Types of bound parameters. Row values go through COPY instead. */
export type TargetParameter = null | string | number | bigint | boolean | readonly (string | number | bigint | null)[];
export type TargetRow = Record<string, unknown>;

export interface TargetReader {
  rows<Row extends object = TargetRow>(text: string, parameters?: readonly TargetParameter[]): Promise<Row[]>;
}

export interface TargetStatements extends TargetReader {
  /** Runs statements without parameters, several if separated by `;`. */
  run(text: string): Promise<void>;
  /** Runs `work` in a savepoint, which is rolled back if it throws. */
  savepoint<T>(work: () => Promise<T>): Promise<T>;
}

export interface TargetTransaction extends TargetStatements {
  copyIn(text: string): Promise<CopyIn>;
}

/** One running `COPY … FROM STDIN`. */
export interface CopyIn {
  /** Resolves when the operating system has the bytes, so that memory stays bounded. */
  write(bytes: Uint8Array): Promise<void>;
  /** Ends the COPY; throws PostgreSQL's error if it rejects a row. */
  finish(): Promise<void>;
  /** Aborts the COPY and discards its rows. No effect once it has ended. */
  abort(): Promise<void>;
}

export interface TransactionOptions {
  readonly isolation?: "read committed" | "repeatable read";
  readonly readOnly?: boolean;
  /** False: the commit may be lost in a crash of the server. */
  readonly isDurable?: boolean;
}

/** One dedicated connection with its session state (advisory locks, temporary tables). */
export interface TargetSession extends TargetTransaction {
  transaction<T>(work: (tx: TargetTransaction) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** The server's process for this connection. */
  readonly backend: Backend;
  /** False once the connection is lost; the session is useless then. */
  readonly alive: boolean;
  /** Declares the connection lost, for a caller that knows before TCP does. Pending queries fail. */
  abandon(): void;
  close(): Promise<void>;
}

export interface Target {
  /** For messages: without the password. */
  readonly location: string;
  session(): Promise<TargetSession>;
  close(): Promise<void>;
}

export interface TargetOptions {
  readonly url: string;
  readonly connectTimeout?: number;
  /** Called after each commit with its duration, ms. */
  readonly observe?: (seen: TargetLoadSignal) => void;
}

export interface TargetLoadSignal {
  readonly kind: "commit";
  readonly durationMs: number;
}

export function openTarget(given: TargetOptions): Target {
  const options = { ...given, url: canonicalUrl(given.url) };
  const location = targetLocation(options.url);
  const open = new Set<TargetSession>();
  const connecting = new Set<ClientSockets>();
  return {
    location,
    async session() {
      const session = await connect(options, location, connecting);
      open.add(session);
      return session;
    },
    async close() {
      await Promise.all([...open].map((session) => session.close()));
      open.clear();
      // Also close sockets that are still connecting: a silent server would keep the process running.
      for (const sockets of connecting) sockets.cut();
    },
  };
}

/** `postgres://user@host:port/database`, safe to show. */
export function targetLocation(url: string): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch (cause) {
    throw badUrl(cause);
  }
  if (!/^postgres(ql)?:$/.test(parsed.protocol)) throw badUrl();
  const user = parsed.username === "" ? "" : `${decodeURIComponent(parsed.username)}@`;
  return `postgres://${user}${parsed.host}${parsed.pathname}`;
}

function badUrl(cause?: unknown): UsageError {
  return new UsageError({
    code: "TARGET_URL",
    message: "the target is not a PostgreSQL URL",
    hint: "give --target postgres://user:password@host:5432/database",
    cause,
  });
}

async function connect(
  options: TargetOptions,
  location: string,
  connecting: Set<ClientSockets>,
): Promise<TargetSession> {
  let backend: Backend = { pid: 0, started: "" };
  const state = new Liveness(location, () => lookUpBackend(options.url, backend));
  const timeout = options.connectTimeout ?? 10;
  // `socket` works but is missing from the types.
  const sockets = openSockets(timeout);
  connecting.add(sockets);
  const transport: object = { socket: sockets.connect };
  const client = postgres(options.url, {
    ...transport,
    ...socketOf(options.url),
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    connect_timeout: timeout,
    fetch_types: false,
    types: ARRAY_TYPES,
    onnotice: () => {},
    onclose: () => state.end(),
    connection: { application_name: "changeover" },
  });
  try {
    // `reserve()` never resolves for a connection that is not yet open, if `fetch_types` is off (3.4.9): run a query
    // first.
    const opened: readonly unknown[] = await state.guard(client.unsafe(sql("target/open-session")).simple());
    const reserved = await state.guard(client.reserve());
    const [own] = opened.at(-1) as readonly Backend[];
    backend = own ?? backend;
    return new PostgresSession(client, sockets, reserved, location, backend, state, options.observe ?? (() => {}));
  } catch (error) {
    await client.end({ timeout: 0 }).catch(() => {});
    sockets.cut();
    throw targetError(error, location);
  } finally {
    connecting.delete(sockets);
  }
}

class PostgresSession implements TargetSession {
  readonly #client: postgres.Sql;
  readonly #openSockets: ClientSockets;
  readonly #connection: postgres.ReservedSql;
  readonly #location: string;
  readonly backend: Backend;
  readonly #state: Liveness;
  readonly #observe: (seen: TargetLoadSignal) => void;
  #savepoints = 0;
  /** The last COPY, which may not have started yet. */
  #copy: Promise<CopyIn> | null = null;

  constructor(
    client: postgres.Sql,
    sockets: ClientSockets,
    connection: postgres.ReservedSql,
    location: string,
    backend: Backend,
    state: Liveness,
    observe: (seen: TargetLoadSignal) => void,
  ) {
    this.#client = client;
    this.#openSockets = sockets;
    this.#connection = connection;
    this.#location = location;
    this.backend = backend;
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
        this.#connection.unsafe(text, parameters.map(asText), { prepare: parameters.length > 0 }),
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
      `begin${isolation}${options.readOnly === true ? " read only" : ""}${options.isDurable === false ? "; set local synchronous_commit = off" : ""}`,
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
    await this.#client.end({ timeout: alive ? 1 : 0 }).catch(() => {});
    this.#openSockets.cut();
  }

  #mustBeAlive(): void {
    if (!this.#state.alive) throw lostError(this.#location);
  }
}

/**
 * Sends parameters as text, since PostgreSQL knows their types. postgres.js serializes by that type: it takes any
 * string for false, so booleans stay as they are, and encodes a JSON string once more, hence `::text::jsonb` in our
 * SQL.
 */
function asText(parameter: TargetParameter): string | boolean | null {
  if (parameter === null || typeof parameter === "boolean") return parameter;
  return typeof parameter === "object" ? arrayLiteral(parameter) : String(parameter);
}

function arrayLiteral(values: readonly (string | number | bigint | null)[]): string {
  return `{${values.map((value) => (value === null ? "NULL" : `"${String(value).replace(/["\\]/g, "\\$&")}"`)).join(",")}}`;
}

/** Part of postgres.js' query object that its types omit. */
interface Settling {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/**
 * Starts a COPY and reports errors that postgres.js drops. postgres.js resolves a COPY query with its stream and
 * forgets it: an error after `end()` is lost, and the stream never finishes (3.4.9, `CopyInResponse` in connection.js).
 * But it calls `resolve` or `reject` of the query again when the server has answered, so those are replaced here.
 */
async function startCopy(
  connection: postgres.ReservedSql,
  text: string,
  location: string,
  state: Liveness,
): Promise<CopyIn> {
  const query = connection.unsafe(text);
  const settle = query as unknown as Settling;
  const first = settle.resolve.bind(query);
  const fail = settle.reject.bind(query);
  let started = false;
  let settled: { error?: unknown } | undefined;
  const answered = new Promise<void>((done) => {
    settle.resolve = (value) => {
      if (started) {
        settled ??= {};
        done();
      } else {
        started = true;
        first(value);
      }
    };
    settle.reject = (error) => {
      settled ??= { error };
      fail(error);
      done();
    };
  });
  let stream: Writable;
  try {
    stream = await state.guard(query.writable());
  } catch (error) {
    throw targetError(error, location);
  }
  stream.on("error", () => {});
  const throwIfFailed = () => {
    if (settled !== undefined && "error" in settled) throw targetError(settled.error, location);
  };
  return {
    async write(bytes) {
      throwIfFailed();
      await state.guard(Promise.race([answered, new Promise<void>((done) => stream.write(bytes, () => done()))]));
      throwIfFailed();
    },
    async finish() {
      throwIfFailed();
      stream.end();
      await state.guard(answered);
      throwIfFailed();
    },
    async abort() {
      if (settled !== undefined || !state.alive) return;
      stream.destroy(new Error("aborted"));
      await state.guard(answered).catch(() => {});
    },
  };
}
