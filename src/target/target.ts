import type { Backend } from "./backend-state.ts";
import { connectionLocation } from "./connection/render-connection.ts";
import { resolveConnection } from "./connection/resolve-connection.ts";
import type { ServerState } from "./connection/server-state.ts";
import { SessionOpener } from "./session-opener.ts";
import type { InState } from "./state-schema.ts";

/** Types of bound parameters. Row values go through COPY instead. */
export type TargetParameter = null | string | number | bigint | boolean | readonly (string | number | bigint | null)[];

type TargetRow = Record<string, unknown>;

export interface TargetReader extends InState {
  rows<Row extends object = TargetRow>(text: string, parameters?: readonly TargetParameter[]): Promise<Row[]>;
}

/** A statement of changeover's own, whose parameters may be written into its text. */
export interface TargetStatement {
  readonly text: string;
  readonly parameters?: readonly TargetParameter[];
}

export interface TargetStatements extends TargetReader {
  /** Runs statements without parameters, several if separated by `;`. */
  run(text: string): Promise<void>;
  /** Runs `work` in a savepoint, which is rolled back if it throws. */
  savepoint<T>(work: () => Promise<T>): Promise<T>;
}

export interface TargetTransaction extends TargetStatements {
  /**
   * Sends several statements as one message, which costs one round trip. Those behind one that fails do not run.
   * Returns the rows of each that has any to return, in their order.
   */
  batch<Row extends object = TargetRow>(statements: readonly TargetStatement[]): Promise<Row[][]>;
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
  /** It only reads: nobody waits for its end, which the next statement follows. */
  readonly endsUnheard?: boolean;
}

/** One dedicated connection with its session state (advisory locks, temporary tables). */
export interface TargetSession extends TargetTransaction {
  transaction<T>(work: (tx: TargetTransaction) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /**
   * A whole transaction in one round trip. Whatever must not be committed has to fail: nobody looks at the rows before.
   */
  transactionAtOnce<Row extends object = TargetRow>(
    statements: readonly TargetStatement[],
    options?: TransactionOptions,
  ): Promise<Row[][]>;
  /** The server's process for this connection. */
  readonly backend: Backend;
  readonly server: ServerState;
  /** False once the connection is lost; the session is useless then. */
  readonly alive: boolean;
  /** Declares the connection lost, for a caller that knows before TCP does. Pending queries fail. */
  abandon(): void;
  close(): Promise<void>;
}

export interface Target {
  /** For messages: without the password. */
  readonly location: string;
  readonly stateSchema: string;
  session(options?: SessionOptions): Promise<TargetSession>;
  close(): Promise<void>;
}

export interface SessionOptions {
  /**
   * For a few reads: behind a pooler in transaction mode the connection is taken as it is, without settings and locks.
   * Otherwise such a pooler is refused.
   */
  readonly mayBeShared?: boolean;
}

export interface TargetOptions {
  /** A connection string as libpq has them. */
  readonly url: string;
  /** Called after each commit with its duration, ms. */
  readonly observe?: (seen: TargetLoadSignal) => void;
}

export interface TargetLoadSignal {
  readonly kind: "commit";
  readonly durationMs: number;
}

export function openTarget({ observe = () => {}, url }: TargetOptions): Target {
  const connection = resolveConnection(url);
  const location = connectionLocation(connection);
  const open = new Set<TargetSession>();
  const closing = new AbortController();
  const opener = new SessionOpener(connection, closing.signal, observe);
  return {
    location,
    stateSchema: connection.stateSchema,
    async session(options = {}) {
      const session = await opener.open(options);
      for (const before of open) if (!before.alive) open.delete(before);
      open.add(session);
      return session;
    },
    async close() {
      // Also ends connections that are still being made: a silent server would keep the process running.
      closing.abort();
      await Promise.all([...open].map((session) => session.close()));
      open.clear();
    },
  };
}
