import postgres from "postgres";
import { UsageError } from "../errors.ts";
import { sql } from "../sql.ts";
import { type Backend, lookUpBackend } from "./backend-state.ts";
import { type ClientSockets, openSockets } from "./client-sockets.ts";
import { Liveness } from "./liveness.ts";
import { PostgresSession } from "./postgres-session.ts";
import { canonicalUrl, socketOf } from "./target-address.ts";
import { ARRAY_TYPES } from "./target-arrays.ts";
import { targetError } from "./target-error.ts";

/** Types of bound parameters. Row values go through COPY instead. */
export type TargetParameter = null | string | number | bigint | boolean | readonly (string | number | bigint | null)[];

type TargetRow = Record<string, unknown>;

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
