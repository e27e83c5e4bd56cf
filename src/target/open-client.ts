import type { Socket } from "node:net";
import postgres from "postgres";
import { sql } from "../sql.ts";
import { type Connected, connectFirst, type Opener } from "./connection/connect-first.ts";
import { endedDuringStartup } from "./connection/dial.ts";
import type { Connection, Endpoint } from "./connection/resolve-connection.ts";
import type { ServerStateRow } from "./connection/server-state.ts";
import { ARRAY_TYPES } from "./target-arrays.ts";

/** One connection of postgres.js over a socket that we opened. */
export interface OpenClient {
  readonly client: postgres.Sql;
  readonly socket: Socket;
  readonly first: ServerStateRow;
  /** The process that the server named at startup; a pooler names one of its own. */
  readonly namedPid: number | null;
  /**
   * Ends the connection. Immediately, the socket is closed: postgres.js would send a farewell and wait for the answer,
   * forever on a dead connection (3.4.9).
   */
  end(timeoutSeconds: number): Promise<void>;
}

export interface OpenClientOptions {
  /** Stops dialling. */
  readonly signal?: AbortSignal;
  /** When an open connection closes. */
  readonly onClose?: () => void;
}

export function openClient(connection: Connection, options: OpenClientOptions = {}): Promise<Connected<OpenClient>> {
  const opener: Opener<OpenClient> = {
    open: (socket, endpoint) => signIn(socket, endpoint, connection, options),
    role: async ({ first }) => ({ isStandby: first.is_standby, isReadOnly: first.is_read_only }),
    close: (opened) => opened.end(1),
  };
  return connectFirst(connection, opener, options.signal);
}

async function signIn(
  socket: Socket,
  { host, password, port }: Endpoint,
  { applicationName, connectTimeoutSeconds, database, options, user }: Connection,
  { onClose }: OpenClientOptions,
): Promise<OpenClient> {
  let isAsked = false;
  // `socket` works but is missing from the types.
  const transport: object = {
    socket: () => {
      // postgres.js would silently reconnect forever if the server ends connections during startup.
      if (isAsked || socket.destroyed) throw endedDuringStartup();
      isAsked = true;
      return socket;
    },
  };
  // Everything is said here: postgres.js would read PG… variables by rules of its own.
  const client = postgres({
    ...transport,
    host: host.includes("/") ? "localhost" : host,
    port,
    user,
    password: password ?? "",
    database,
    ssl: false,
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    connect_timeout: connectTimeoutSeconds,
    keep_alive: null,
    fetch_types: false,
    types: ARRAY_TYPES,
    target_session_attrs: undefined,
    onnotice: () => {},
    onclose: () => onClose?.(),
    connection: { application_name: applicationName, ...(options === null ? {} : { options }) },
  });
  const end = async (timeout: number) => {
    await client.end({ timeout }).catch(() => {});
    socket.destroy();
  };
  try {
    const query = client.unsafe<ServerStateRow[]>(sql("target/server-state")).simple();
    const [first] = await query;
    if (first === undefined) throw new Error("the server answered nothing");
    return { client, socket, first, namedPid: namedPidOf(query), end };
  } catch (error) {
    await end(0);
    throw error;
  }
}

/** postgres.js keeps the server's key data there, unknown to its types (3.4.9). */
function namedPidOf(query: object): number | null {
  const state = "state" in query ? query.state : null;
  const pid = typeof state === "object" && state !== null && "pid" in state ? state.pid : null;
  return typeof pid === "number" ? pid : null;
}
