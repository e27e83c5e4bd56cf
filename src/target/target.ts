import type { Writable } from "node:stream";
import postgres from "postgres";
import { UsageError } from "../errors.ts";
import { sql } from "../sql.ts";
import { Liveness, lostError } from "./liveness.ts";
import { canonicalUrl, socketOf } from "./target-address.ts";
import { ARRAY_TYPES } from "./target-arrays.ts";
import { targetError } from "./target-error.ts";
import { type Backend, feelPulse } from "./target-pulse.ts";
import { type Wire, wire } from "./target-socket.ts";

/** What may be bound to a parameter. Row values travel by COPY, not here. */
export type TargetParameter = null | string | number | bigint | boolean | readonly (string | number | bigint | null)[];
export type TargetRow = Record<string, unknown>;

export interface TargetReader {
  rows<Row extends object = TargetRow>(text: string, parameters?: readonly TargetParameter[]): Promise<Row[]>;
}

export interface TargetStatements extends TargetReader {
  /** Runs statements without parameters, several if separated by `;`. */
  run(text: string): Promise<void>;
  /** Runs `work` in a savepoint: what it did is undone if it throws. */
  savepoint<T>(work: () => Promise<T>): Promise<T>;
}

export interface TargetTransaction extends TargetStatements {
  copyIn(text: string): Promise<CopyIn>;
}

/** One `COPY … FROM STDIN` under way. */
export interface CopyIn {
  /** Resolves when the bytes are with the operating system, so that memory stays bounded. */
  write(bytes: Uint8Array): Promise<void>;
  /** Ends the COPY; throws what PostgreSQL found wrong in the rows. */
  finish(): Promise<void>;
  /** Gives the COPY up; its rows are not kept. Does nothing once it has ended. */
  abort(): Promise<void>;
}

export interface TransactionOptions {
  readonly isolation?: "read committed" | "repeatable read";
  readonly readOnly?: boolean;
  /** False: the commit need not outlive a crash of the server. */
  readonly isDurable?: boolean;
}

/** One connection of its own, with its session state (advisory locks, temporary tables). */
export interface TargetSession extends TargetTransaction {
  transaction<T>(work: (tx: TargetTransaction) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** The server's process for it. */
  readonly backend: Backend;
  /** False once the connection is lost: the session is of no more use then. */
  readonly alive: boolean;
  /** Takes the connection for lost: for who knows better than TCP. What waits for an answer fails. */
  abandon(): void;
  close(): Promise<void>;
}

export interface Target {
  /** As shown to people: without the password. */
  readonly location: string;
  session(): Promise<TargetSession>;
  close(): Promise<void>;
}

export interface TargetOptions {
  readonly url: string;
  readonly connectTimeout?: number;
  /** Told of each commit and how long it took, ms. */
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
  const wires = new Set<Wire>();
  return {
    location,
    async session() {
      const session = await connect(options, location, wires);
      open.add(session);
      return session;
    },
    async close() {
      await Promise.all([...open].map((session) => session.close()));
      open.clear();
      // Those on their way as well: a server that does not answer would keep the process up.
      for (const way of wires) way.cut();
    },
  };
}

/** `postgres://user@host:port/database`: what may be shown. */
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

async function connect(options: TargetOptions, location: string, wires: Set<Wire>): Promise<TargetSession> {
  let backend: Backend = { pid: 0, started: "" };
  const state = new Liveness(location, () => feelPulse(options.url, backend));
  const timeout = options.connectTimeout ?? 10;
  // `socket` works but is missing from the types.
  const way = wire(timeout);
  wires.add(way);
  const transport: object = { socket: way.connect };
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
    // Not by way of `reserve()`, which with `fetch_types` off never resolves for a connection yet to be made (3.4.9).
    const opened: readonly unknown[] = await state.guard(client.unsafe(sql("target/open-session")).simple());
    const reserved = await state.guard(client.reserve());
    const [own] = opened.at(-1) as readonly Backend[];
    backend = own ?? backend;
    return new PostgresSession(client, way, reserved, location, backend, state, options.observe ?? (() => {}));
  } catch (error) {
    await client.end({ timeout: 0 }).catch(() => {});
    way.cut();
    throw targetError(error, location);
  } finally {
    wires.delete(way);
  }
}

class PostgresSession implements TargetSession {
  readonly #client: postgres.Sql;
  readonly #wire: Wire;
  readonly #connection: postgres.ReservedSql;
  readonly #location: string;
  readonly backend: Backend;
  readonly #state: Liveness;
  readonly #observe: (seen: TargetLoadSignal) => void;
  #savepoints = 0;
  /** The last one, which may be about to begin. */
  #copy: Promise<CopyIn> | null = null;

  constructor(
    client: postgres.Sql,
    way: Wire,
    connection: postgres.ReservedSql,
    location: string,
    backend: Backend,
    state: Liveness,
    observe: (seen: TargetLoadSignal) => void,
  ) {
    this.#client = client;
    this.#wire = way;
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
      // No statement, not even ROLLBACK, goes through while a COPY waits for rows.
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
    // Unreleased, the connection would be waited for until the timeout.
    if (alive) this.#connection.release();
    await this.#client.end({ timeout: alive ? 1 : 0 }).catch(() => {});
    this.#wire.cut();
  }

  #mustBeAlive(): void {
    if (!this.#state.alive) throw lostError(this.#location);
  }
}

/**
 * Parameters go as text, whose type PostgreSQL knows. postgres.js does serialize by that type: it takes any string
 * for false, hence booleans as they are, and makes JSON of a string once more, hence `::text::jsonb` in our SQL.
 */
function asText(parameter: TargetParameter): string | boolean | null {
  if (parameter === null || typeof parameter === "boolean") return parameter;
  return typeof parameter === "object" ? arrayLiteral(parameter) : String(parameter);
}

function arrayLiteral(values: readonly (string | number | bigint | null)[]): string {
  return `{${values.map((value) => (value === null ? "NULL" : `"${String(value).replace(/["\\]/g, "\\$&")}"`)).join(",")}}`;
}

/** The part of postgres.js' query object that its types leave out. */
interface Settling {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/**
 * postgres.js resolves a COPY query with the stream and then forgets it: an error
 * that arrives after `end()` is dropped and the stream never finishes (3.4.9,
 * `CopyInResponse` in connection.js). It does call the query's own `resolve` and
 * `reject` again when the server has answered, so that is where we listen.
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
      stream.destroy(new Error("given up"));
      await state.guard(answered).catch(() => {});
    },
  };
}
