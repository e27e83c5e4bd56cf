import postgres from "postgres";
import type { ErrorCode } from "../error-codes.ts";
import { ChangeoverError, MigrationFileError, messageOf, TargetError } from "../errors.ts";

/**
 * What PostgreSQL or the network says, as one of our errors, by SQLSTATE or errno.
 * PostgreSQL's `detail` and `where` quote row values, so they stay out of the message.
 */
export function targetError(error: unknown, location: string): ChangeoverError {
  if (error instanceof ChangeoverError) return error;
  const state = sqlState(error);
  const known = state === undefined ? undefined : (KNOWN[state] ?? KNOWN[state.slice(0, 2)]);
  return new TargetError({
    code: known?.code ?? "TARGET_FAILED",
    message: `${known?.message ?? "PostgreSQL refused a statement"}: ${location} (${withoutValues(error)})`,
    hint: known?.hint ?? "see the message of PostgreSQL; if it makes no sense here, please report it",
    context: { location, sqlState: state, ...places(error) },
    cause: error,
  });
}

/** The SQLSTATE, or the errno name of a network error (of a Unix socket's a name of ours); also through our own errors. */
export function sqlState(error: unknown): string | undefined {
  if (error instanceof TargetError || error instanceof MigrationFileError)
    return error.context["sqlState"] as string | undefined;
  if (error instanceof Error && "code" in error && typeof error.code === "string")
    return socketCode(error, error.code) ?? error.code;
  if (error instanceof AggregateError && error.errors.length > 0) return sqlState(error.errors[0]);
  return undefined;
}

/** A Unix socket that is not there, or not for us: by the errno alone it could be any file. */
function socketCode(error: object, code: string): string | null {
  if (!("syscall" in error) || error.syscall !== "connect") return null;
  return code === "ENOENT" ? "SOCKET_MISSING" : code === "EACCES" ? "SOCKET_DENIED" : null;
}

/** The connection is gone or the server is not (yet) there: worth trying again. */
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

interface Known {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

/** What helps against `out of shared memory`. */
export const MORE_LOCKS =
  "a transaction over thousands of tables holds a lock on each: raise max_locks_per_transaction in postgresql.conf, which wants a restart, and run the same command again";

const unreachable: Known = {
  code: "TARGET_UNREACHABLE",
  message: "the target does not answer",
  hint: "check host and port of --target, and that PostgreSQL is running and reachable from here",
};
const lost: Known = {
  code: "TARGET_LOST",
  message: "the connection to the target was lost",
  hint: "run the same command again: it goes on from where it stopped",
};
const login: Known = {
  code: "TARGET_LOGIN",
  message: "the target refused the login",
  hint: "check user and password of --target (special characters must be percent-encoded)",
};

/** A Unix socket that is not there: its server does not run. */
const noSocket: Known = {
  ...unreachable,
  hint: "check the directory and the port that --target names, and that PostgreSQL is running and has its socket there",
};

const KNOWN: Readonly<Record<string, Known>> = {
  ECONNREFUSED: unreachable,
  SOCKET_MISSING: noSocket,
  SOCKET_DENIED: {
    ...unreachable,
    message: "the target's socket may not be opened",
    hint: "run as a user who may read and write in the directory that --target names",
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
    hint: "see who cancels statements there; then run the same command again",
  },
  "28": login,
  "3D000": {
    code: "TARGET_NO_DATABASE",
    message: "the target's database does not exist",
    hint: "create it first: createdb NAME",
  },
  "42501": {
    code: "TARGET_PRIVILEGE",
    message: "the target's role may not do that",
    hint: "changeover needs to own the tables and to create in the database: GRANT CREATE ON DATABASE … TO …, and CREATE on the schema",
  },
  "53100": {
    code: "TARGET_DISK_FULL",
    message: "the target's disk is full",
    hint: "free some space there; then run the same command again, it goes on from where it stopped",
  },
  "53200": { code: "TARGET_MEMORY", message: "the target has no memory left", hint: MORE_LOCKS },
  "53300": {
    code: "TARGET_CONNECTIONS",
    message: "the target has no connection left",
    hint: "changeover uses up to twelve connections, five with --jobs 1: raise the limit or close others",
  },
};

/** The primary message names tables and constraints, and in SQLSTATE class 22 often the value itself. */
export function withoutValues(error: unknown): string {
  const message =
    error instanceof AggregateError && error.errors.length > 0 ? messageOf(error.errors[0]) : messageOf(error);
  return sqlState(error)?.startsWith("22") === true
    ? message.replace(/: ".*$/s, "").replace(/"[^"]*"(?= is out of range)/s, "a value")
    : message;
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
 * COPY's `where` is `COPY t, line 3, column c: "value"`, after a line with a piece of the value where it is JSON: the place without
 * the value is safe.
 */
function placeOf(where: string): string {
  return (
    /^COPY [^]*?, line \d+(?:, column [^]*?)?(?=: "|: null input|$)/m.exec(where)?.[0] ?? where.replace(/: ".*$/s, "")
  );
}
