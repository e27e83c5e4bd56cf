import postgres from "postgres";
import { ChangeoverError, MigrationFileError, messageOf, TargetError } from "../errors.ts";
import { failureError, type KnownFailure } from "./connection/known-failure.ts";
import { loginOverTlsError, tlsError } from "./connection/tls-error.ts";

/**
 * Turns an error of PostgreSQL or the network into a ChangeoverError, by SQLSTATE or errno. PostgreSQL's `detail` and
 * `where` quote row values, so they stay out of the message.
 */
export function targetError(error: unknown, location: string): ChangeoverError {
  if (error instanceof ChangeoverError) return error;
  const ofConnection = tlsError(error, location) ?? loginOverTlsError(error, location);
  if (ofConnection !== null) return ofConnection;
  const state = sqlState(error);
  const ofState = state === undefined ? undefined : (KNOWN[state] ?? KNOWN[state.slice(0, 2)]);
  const known = hidesRows(error) ? ROW_SECURITY : ofState;
  return failureError(known ?? REFUSED, {
    location,
    detail: withoutValues(error),
    context: { sqlState: state, ...places(error) },
    cause: error,
  });
}

/**
 * The SQLSTATE, or the errno name of a network error (with names of our own for Unix sockets); looks into our own
 * errors, too.
 */
export function sqlState(error: unknown): string | undefined {
  if (error instanceof TargetError || error instanceof MigrationFileError)
    return error.context["sqlState"] as string | undefined;
  if (error instanceof Error && "code" in error && typeof error.code === "string")
    return socketCode(error, error.code) ?? error.code;
  if (error instanceof AggregateError && error.errors.length > 0) return sqlState(error.errors[0]);
  return undefined;
}

/** A missing or forbidden Unix socket: the errno alone could mean any file. */
function socketCode(error: object, code: string): string | null {
  if (!("syscall" in error) || error.syscall !== "connect") return null;
  return code === "ENOENT" ? "SOCKET_MISSING" : code === "EACCES" ? "SOCKET_DENIED" : null;
}

/** The connection is lost, or the server is not up yet: a retry may succeed. */
export function isConnectionLoss(error: unknown): boolean {
  if (error instanceof TargetError && error.code === "TARGET_LOST") return true;
  const state = sqlState(error);
  return state !== undefined && (/^(08|57P0[1-3])/.test(state) || LOSS.has(state));
}

const LOSS = new Set([
  "ECONNREFUSED",
  "SOCKET_MISSING",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "CONNECTION_DESTROYED",
  "CONNECT_TIMEOUT",
  "TARGET_LOST",
]);

/** PostgreSQL has refused to leave out rows by a policy. Its message is in the language of the server. */
function hidesRows(error: unknown): boolean {
  return error instanceof Error && "routine" in error && error.routine === "check_enable_rls";
}

const ROW_SECURITY: KnownFailure = {
  code: "TARGET_PRIVILEGE",
  message: "row security holds for the target's role, and would hide rows from it",
  hint: "ALTER TABLE … NO FORCE ROW LEVEL SECURITY until the cutover, or ALTER ROLE … BYPASSRLS",
};

/** Hint for `out of shared memory`. */
export const MORE_LOCKS =
  "a transaction over thousands of tables holds a lock on each: raise max_locks_per_transaction in " +
  "postgresql.conf, restart the server, and run the same command again";

const REFUSED: KnownFailure = {
  code: "TARGET_FAILED",
  message: "PostgreSQL refused a statement",
  hint: "PostgreSQL's message names the cause; if changeover is at fault, please report it",
};
const unreachable: KnownFailure = {
  code: "TARGET_UNREACHABLE",
  message: "the target does not answer",
  hint: "check host and port of --target, and that PostgreSQL is running and reachable from here",
};
const lost: KnownFailure = {
  code: "TARGET_LOST",
  message: "the connection to the target was lost",
  hint: "run the same command again: it continues where it stopped",
};
const login: KnownFailure = {
  code: "TARGET_LOGIN",
  message: "the target refused the login",
  hint:
    "check user and password of --target (special characters must be percent-encoded), or the line of .pgpass and " +
    "PGPASSWORD where --target has no password",
};

/** The socket is missing, so the server does not run. */
const noSocket: KnownFailure = {
  ...unreachable,
  hint:
    "check that PostgreSQL is running, and that its socket is in the directory, and has the port, that --target " +
    "names",
};

const KNOWN: Readonly<Record<string, KnownFailure>> = {
  ECONNREFUSED: unreachable,
  SOCKET_MISSING: noSocket,
  SOCKET_DENIED: {
    ...unreachable,
    message: "no permission to open the target's socket",
    hint: "run changeover as a user with read and write permission on that directory",
  },
  ENOTFOUND: unreachable,
  EAI_AGAIN: unreachable,
  ETIMEDOUT: unreachable,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  CONNECT_TIMEOUT: unreachable,
  ECONNRESET: lost,
  EPIPE: lost,
  CONNECTION_CLOSED: lost,
  CONNECTION_ENDED: lost,
  CONNECTION_DESTROYED: lost,
  "57": lost,
  "08": lost,
  "57014": {
    code: "TARGET_CANCELLED",
    message: "a statement was cancelled at the target",
    hint: "find out who cancels statements there; then run the same command again",
  },
  "28": login,
  "3D000": {
    code: "TARGET_NO_DATABASE",
    message: "the target's database does not exist",
    hint: "create it first: createdb NAME",
  },
  "42501": {
    code: "TARGET_PRIVILEGE",
    message: "the target's role lacks a privilege",
    hint:
      "changeover must own the tables and needs CREATE on the database and the schema: GRANT CREATE ON DATABASE … " +
      "TO …; GRANT CREATE ON SCHEMA … TO …",
  },
  "53100": {
    code: "TARGET_DISK_FULL",
    message: "the target's disk is full",
    hint: "free some space there; then run the same command again: it continues where it stopped",
  },
  "53200": { code: "TARGET_MEMORY", message: "the target is out of memory", hint: MORE_LOCKS },
  "53300": {
    code: "TARGET_CONNECTIONS",
    message: "the target has no free connection",
    hint:
      "changeover uses up to twelve connections, five with --jobs 1: raise max_connections or close other " +
      "connections",
  },
};

/** PostgreSQL's primary message without row values, which SQLSTATE class 22 often quotes. */
export function withoutValues(error: unknown): string {
  const message =
    error instanceof AggregateError && error.errors.length > 0 ? messageOf(error.errors[0]) : messageOf(error);
  return sqlState(error)?.startsWith("22") === true
    ? message.replace(/: ".*$/s, "").replace(/"[^"]*"(?= is out of range)/s, "a value")
    : `${message}${detailOf(error)}`;
}

/** PostgreSQL's DETAIL says which key or which types it is about; the values in it are left out. */
function detailOf(error: unknown): string {
  if (!(error instanceof Error) || !("detail" in error) || typeof error.detail !== "string") return "";
  const detail = error.detail.replace(/ ?= ?\(.*\)/s, "=(…)").replace(/contains \(.*\)/s, "contains (…)");
  return `. ${detail.replace(/\.$/, "")}`;
}

function places(error: unknown): Record<string, unknown> {
  if (!(error instanceof postgres.PostgresError)) return {};
  const where = error.where === undefined ? undefined : placeOf(error.where);
  return {
    schema: error.schema_name,
    table: error.table_name,
    column: error.column_name,
    constraint: error.constraint_name,
    where,
  };
}

/**
 * COPY's `where` is `COPY t, line 3, column c: "value"`, preceded by a part of the value for JSON. Only the position is
 * returned.
 */
function placeOf(where: string): string {
  return (
    /^COPY [^]*?, line \d+(?:, column [^]*?)?(?=: "|: null input|$)/m.exec(where)?.[0] ?? where.replace(/: ".*$/s, "")
  );
}
