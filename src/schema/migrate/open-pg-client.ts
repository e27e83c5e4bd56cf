import type { Socket } from "node:net";
import type pg from "pg";
import { sql } from "../../sql.ts";
import { type Connected, connectFirst, type Opener } from "../../target/connection/connect-first.ts";
import { endedDuringStartup } from "../../target/connection/dial.ts";
import { connectionLocation } from "../../target/connection/render-connection.ts";
import type { Connection, Endpoint } from "../../target/connection/resolve-connection.ts";
import { renderSearchPath, schemaMissingError } from "../../target/connection/search-path.ts";
import { type ServerState, type ServerStateRow, serverStateOf } from "../../target/connection/server-state.ts";
import { type PidAsker, poolingBetween } from "../../target/connection/transaction-pooler.ts";
import { DEFAULT_STATE_SCHEMA } from "../../target/state-schema.ts";

export interface OpenPgClient {
  readonly client: pg.Client;
  /** The connection to the one server that was reached. */
  readonly same: Connection;
  readonly server: ServerState;
}

interface SignedIn {
  readonly client: pg.Client;
  readonly first: ServerStateRow;
}

/** One connection of node-postgres over a socket that we opened. */
export async function openPgClient(connection: Connection): Promise<OpenPgClient> {
  const { opened, same } = await connect(connection);
  const { client, first } = opened;
  try {
    const pooling = await poolingOf(opened, same);
    // A shared connection gets its settings in each transaction: they would reach other clients.
    if (pooling !== "transaction" && needsSearchPath(connection))
      await client.query(renderSearchPath(connection, "session"));
    if (connection.schema !== null)
      await refuseMissingSchema(client, connection.schema, connectionLocation(connection));
    return { client, same, server: serverStateOf(first, pooling) };
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}

function needsSearchPath({ schema, stateSchema, user }: Connection): boolean {
  return schema !== null || user === DEFAULT_STATE_SCHEMA || user === stateSchema;
}

async function refuseMissingSchema(client: pg.Client, schema: string, location: string): Promise<void> {
  const { rows } = await client.query<{ usable: boolean }>(
    "select coalesce(bool_or(has_schema_privilege(oid, 'usage')), false) as usable from pg_namespace " +
      "where nspname = $1",
    [schema],
  );
  if (rows[0]?.usable !== true) throw schemaMissingError(schema, location);
}

async function connect(connection: Connection): Promise<Connected<SignedIn>> {
  const driver = await importDriver();
  const opener: Opener<SignedIn> = {
    open: (socket, endpoint) => signIn(driver.default, { socket, endpoint, connection }),
    role: async ({ first }) => ({ isStandby: first.is_standby, isReadOnly: first.is_read_only }),
    close: ({ client }) => client.end(),
  };
  return connectFirst(connection, opener);
}

export function importDriver(): Promise<typeof import("pg")> {
  return import("pg");
}

interface SignIn {
  readonly socket: Socket;
  readonly endpoint: Endpoint;
  readonly connection: Connection;
}

async function signIn({ Client }: typeof pg, { connection, endpoint, socket }: SignIn): Promise<SignedIn> {
  // Everything is said here: node-postgres would read PG… variables and .pgpass by rules of its own.
  const client = new Client({
    stream: () => alreadyConnected(socket),
    host: endpoint.host,
    port: endpoint.port,
    user: connection.user,
    // An empty one would be refused before the server is asked.
    password: () => endpoint.password ?? "",
    database: connection.database,
    ssl: false,
    application_name: connection.applicationName,
    connectionTimeoutMillis: connection.connectTimeoutSeconds * 1_000,
    options: connection.options ?? "",
  });
  // Ignore the loss of an idle connection: the next statement reports it.
  client.on("error", () => {});
  try {
    if (socket.destroyed) throw endedDuringStartup();
    await client.connect();
    const { rows } = await client.query<ServerStateRow>(sql("target/server-state"));
    const [first] = rows;
    if (first === undefined) throw new Error("the server answered nothing");
    return { client, first };
  } catch (error) {
    socket.destroy();
    throw isPasswordMissing(error) ? Object.assign(error, { code: "28P01" }) : error;
  }
}

/** node-postgres says it without a code, before the server is asked. */
function isPasswordMissing(error: unknown): error is Error {
  return error instanceof Error && /^SASL: .*password must be a/.test(error.message);
}

/** node-postgres asks its stream to connect, and waits for it. */
function alreadyConnected(socket: Socket): Socket {
  return Object.assign(socket, {
    connect: () => {
      setImmediate(() => socket.emit("connect"));
      return socket;
    },
  });
}

async function poolingOf({ client, first }: SignedIn, same: Connection): Promise<ServerState["pooling"]> {
  const named = "processID" in client ? client.processID : null;
  // node-postgres reads a process id as signed.
  if (typeof named !== "number" || named === first.pid) return "none";
  const second = await connect(same);
  try {
    return await poolingBetween(askerOf(client), askerOf(second.opened.client));
  } finally {
    await second.opened.client.end();
  }
}

function askerOf(client: pg.Client): PidAsker {
  return {
    async pidOf(text) {
      const answer: pg.QueryResult<{ pid: number }> | pg.QueryResult<{ pid: number }>[] = await client.query(text);
      const last = Array.isArray(answer) ? answer.at(-1) : answer;
      return last?.rows[0]?.pid ?? 0;
    },
    async run(text) {
      await client.query(text);
    },
  };
}
