import { TargetError } from "../../errors.ts";
import { addressesOf, type Dialled, type DialOptions, dial, type Route } from "./dial.ts";
import { connectionLocation } from "./render-connection.ts";
import { type Connection, type Endpoint, isSocketDirectory } from "./resolve-connection.ts";

/** What a fresh session says of its server. */
export interface ServerRole {
  readonly isStandby: boolean;
  readonly isReadOnly: boolean;
}

/** Signs in over an open socket. */
export interface Opener<T> {
  open(socket: Dialled["socket"], endpoint: Endpoint): Promise<T>;
  role(opened: T): Promise<ServerRole>;
  close(opened: T): Promise<void>;
}

export interface Connected<T> {
  readonly opened: T;
  /** The connection to this one endpoint: a second one must reach the same server. */
  readonly same: Connection;
  readonly isEncrypted: boolean;
}

/**
 * Tries hosts, their addresses and ways of encryption in libpq's order, until one signs in and has the wanted role.
 * https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-MULTIPLE-HOSTS
 */
export async function connectFirst<T>(
  connection: Connection,
  opener: Opener<T>,
  signal?: AbortSignal,
): Promise<Connected<T>> {
  const location = connectionLocation(connection);
  const passes: readonly Connection["sessionAttributes"][] =
    connection.sessionAttributes === "prefer-standby" ? ["standby", "any"] : [connection.sessionAttributes];
  let failure: unknown;
  for (const wanted of passes) {
    for (const endpoint of inOrder(connection)) {
      try {
        const connected = await connectTo(connection, endpoint, opener, { location, signal });
        const same = { ...connection, endpoints: [endpoint], sessionAttributes: "any" as const };
        if (wanted === "any" || suits(await opener.role(connected.opened), wanted)) return { ...connected, same };
        await opener.close(connected.opened);
        failure = unsuited(location, connection.sessionAttributes);
      } catch (error) {
        failure = error;
        if (!mayTryNextHost(error)) throw error;
      }
    }
  }
  throw failure;
}

async function connectTo<T>(
  connection: Connection,
  endpoint: Endpoint,
  opener: Opener<T>,
  options: DialOptions,
): Promise<Omit<Connected<T>, "same">> {
  let failure: unknown;
  for (const address of await addressesOf(endpoint)) {
    let isReached = false;
    for (const encryption of encryptions(connection, endpoint)) {
      const route: Route = { endpoint, address, encryption };
      let dialled: Dialled;
      try {
        dialled = await dial(route, connection, options);
      } catch (error) {
        failure ??= error;
        // Nobody is there: another way of encryption meets nobody either.
        if (isUnreachable(error)) break;
        isReached = true;
        continue;
      }
      isReached = true;
      try {
        return { opened: await opener.open(dialled.socket, endpoint), isEncrypted: dialled.isEncrypted };
      } catch (error) {
        dialled.socket.destroy();
        // What the server says is more than that a connection failed.
        if (failure === undefined || hasState(error)) failure = error;
        if (!mayTryOtherEncryption(error, connection, dialled)) throw failure;
      }
    }
    if (isReached) throw failure;
  }
  throw failure;
}

/** `allow` begins in plain text, `prefer` with TLS; both try the other way if the server refuses. */
function encryptions({ tls }: Connection, { host }: Endpoint): readonly Route["encryption"][] {
  if (isSocketDirectory(host) || tls.mode === "disable") return ["none"];
  if (tls.mode === "allow") return ["none", "offered"];
  return tls.mode === "prefer" ? ["offered", "none"] : ["required"];
}

/** The server refused the login, which its pg_hba.conf may allow the other way. */
function mayTryOtherEncryption(error: unknown, { tls }: Connection, { isEncrypted }: Dialled): boolean {
  if (tls.mode === "allow") return !isEncrypted && isLoginRefused(error);
  return tls.mode === "prefer" && isEncrypted && (isLoginRefused(error) || !hasState(error));
}

const codeOf = (error: unknown) =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
const isLoginRefused = (error: unknown) => codeOf(error).startsWith("28");
const hasState = (error: unknown) => /^[0-9A-Z]{5}$/.test(codeOf(error)) && /\d/.test(codeOf(error));

const UNREACHABLE = new Set([
  "ECONNREFUSED",
  "ENOENT",
  "EACCES",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
  "EAFNOSUPPORT",
  "ETIMEDOUT",
  "CONNECT_TIMEOUT",
]);
const isUnreachable = (error: unknown) => UNREACHABLE.has(codeOf(error));

/** libpq goes on after a network failure and a server that is starting, not after a refused login. */
function mayTryNextHost(error: unknown): boolean {
  const code = codeOf(error);
  return isUnreachable(error) || code === "ENOTFOUND" || code === "EAI_AGAIN" || code === "57P03" || LOST.has(code);
}
const LOST = new Set(["ECONNRESET", "EPIPE", "CONNECTION_CLOSED"]);

function inOrder({ endpoints, values }: Connection): readonly Endpoint[] {
  if (values.get("load_balance_hosts") !== "random") return endpoints;
  return endpoints
    .map((endpoint) => ({ endpoint, at: Math.random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ endpoint }) => endpoint);
}

function suits({ isReadOnly, isStandby }: ServerRole, wanted: Connection["sessionAttributes"]): boolean {
  switch (wanted) {
    case "read-write":
      return !isReadOnly && !isStandby;
    case "read-only":
      return isReadOnly || isStandby;
    case "primary":
      return !isStandby;
    case "standby":
      return isStandby;
    default:
      return true;
  }
}

function unsuited(location: string, wanted: string): TargetError {
  return new TargetError({
    code: "TARGET_SESSION_ATTRS",
    message: `no server of the target is what target_session_attrs=${wanted} asks for: ${location}`,
    hint: "name the primary's host too; changeover writes, so target_session_attrs=read-write is what it needs",
    context: { location },
  });
}
