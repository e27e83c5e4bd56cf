import type { ErrorCode } from "../error-codes.ts";
import { ChangeoverError, messageOf, SourceError } from "../errors.ts";
import { CommitLost, CommitUnknown } from "./commit-marked.ts";
import { tokenEnd } from "./server-token.ts";
import { isBusy, sqliteCode } from "./source-error.ts";

/** What libSQL's client says of the connection; all else that it says is the server's, or SQLite's. */
const OF_CONNECTION: ReadonlySet<string> = new Set([
  "SERVER_ERROR",
  "HRANA_WEBSOCKET_ERROR",
  "HRANA_PROTO_ERROR",
  "HRANA_CLOSED_ERROR",
  "URL_INVALID",
  "UNKNOWN",
  // Bun's.
  "ConnectionRefused",
  "FailedToOpenSocket",
]);

/** The stream is gone, and with it what it had not committed. */
const STREAM_LOST: ReadonlySet<string> = new Set(["STREAM_EXPIRED", "TRANSACTION_CLOSED", "HRANA_CLOSED_ERROR"]);
/** The server took the lock away from a transaction, or takes no more of them for now. */
const BUSY: ReadonlySet<string> = new Set(["TRANSACTION_TIMEOUT", "TRANSACTION_BUSY"]);

/** Others had the lock, or were given it. */
export function isServerBusy(error: unknown): boolean {
  return isBusy(error) || BUSY.has(codeOf(error) ?? "");
}

/** The way to the server failed, or the server forgot the stream: what was not committed may be done again. */
export function isConnectionLost(error: unknown): boolean {
  if (error instanceof CommitLost) return true;
  if (!(error instanceof Error) || error instanceof ChangeoverError || error instanceof CommitUnknown) return false;
  const code = codeOf(error);
  if (code === null) return isOfFetch(error);
  if (STREAM_LOST.has(code)) return true;
  if (!OF_CONNECTION.has(code) || code === "URL_INVALID") return false;
  const status = statusOf(error);
  // 400: sqld knows no such stream, as after its restart. Other refusals are for good, and 501 is no sqld's.
  return status === null || (status >= 500 && status !== 501) || status === 400 || status === 429;
}

export interface ServerPlace {
  /** Its URL, without the token. */
  readonly location: string;
  readonly token?: string | undefined;
}

/** What went wrong at a libSQL server, or on the way there. */
export function serverError(error: unknown, place: ServerPlace): ChangeoverError {
  if (error instanceof ChangeoverError) return error;
  const { location } = place;
  const { code, hint, message } = described(error, place);
  return new SourceError({ code, message, hint, context: { location, server: codeOf(error) }, cause: error });
}

interface Described {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

function described(error: unknown, place: ServerPlace): Described {
  const { location } = place;
  const code = codeOf(error) ?? "";
  const status = statusOf(error);
  if (status === 401 || status === 403 || code.startsWith("AUTH_")) return denied(error, place);
  if (error instanceof CommitUnknown)
    return {
      code: "SOURCE_UNREACHABLE",
      message: `${location} did not answer a COMMIT, so it is open whether that was done (${reasonOf(error.cause)})`,
      hint: "run the same command again: it finds out what is there",
    };
  if (status === 429)
    return {
      code: "SOURCE_RATE_LIMITED",
      message: `${location} takes no more requests for now (429), and did not for as long as they were tried again`,
      hint: "wait, or raise the plan's limits; then run the same command again, perhaps with --max-rate",
    };
  if (code === "BLOCKED")
    return {
      code: "SOURCE_BLOCKED",
      message: `${location} does not allow this (${reasonOf(error)})`,
      hint: "look at the quota, and whether the owner blocked reads or writes; then run the same command again",
    };
  if (isServerBusy(error))
    return {
      code: "SOURCE_BUSY",
      message: `another client held the write lock of ${location} for too long`,
      hint: "find the application's long transaction, then run the same command again: it continues where it stopped",
    };
  if (code === "SQLITE_TOOBIG" || code === "RESPONSE_TOO_LARGE")
    return {
      code: "SOURCE_ANSWER_TOO_LARGE",
      message: `${location} does not return a value or an answer of this size (${reasonOf(error)})`,
      hint: "sqld: raise the namespace's max_row_size or --max-response-size; or leave the table out with --exclude",
    };
  if (isConnectionLost(error) || isConnection(error))
    return {
      code: "SOURCE_UNREACHABLE",
      message: `no libSQL server answers at ${location} (${reasonOf(error)})`,
      hint:
        "check the address, and that a libSQL server (Turso, sqld) listens there; for a file give its path " +
        "to --source",
    };
  return {
    code: SQLITE[code] ?? "SOURCE_FAILED",
    message: `the server at ${location} refused a statement (${messageOf(error)})`,
    hint: "see the cause, and the server's log; then run the same command again",
  };
}

/** SQLite's, as the server hands them on. */
const SQLITE: Readonly<Record<string, ErrorCode>> = {
  SQLITE_CORRUPT: "SOURCE_CORRUPT",
  SQLITE_READONLY: "SOURCE_READ_ONLY",
  SQLITE_FULL: "SOURCE_DISK_FULL",
  SQLITE_IOERR: "SOURCE_IO",
};

function denied(error: unknown, { location, token }: ServerPlace): Described {
  const end = tokenEnd(token);
  const hasEnded = codeOf(error) === "AUTH_JWT_EXPIRED" || (end !== null && end.getTime() < Date.now());
  const when = end === null ? "" : ` on ${end.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  return {
    code: "SOURCE_LOGIN",
    message: hasEnded
      ? `the token for the libSQL server at ${location} has expired${when}`
      : `the libSQL server refuses the token at ${location} (${reasonOf(error)})`,
    hint: hasEnded
      ? "make a new one (`turso db tokens create NAME`), give it in CHANGEOVER_SOURCE_AUTH_TOKEN, and run the same " +
        "command again: it continues where it stopped"
      : "give a valid one in CHANGEOVER_SOURCE_AUTH_TOKEN, or as sourceAuthToken in the config",
  };
}

function isConnection(error: unknown): boolean {
  const code = codeOf(error);
  return code === null ? error instanceof Error && isOfFetch(error) : OF_CONNECTION.has(code);
}

function codeOf(error: unknown): string | null {
  return (
    sqliteCode(error) ??
    (error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null)
  );
}

function statusOf(error: unknown): number | null {
  const cause = error instanceof Error ? error.cause : null;
  const status = cause instanceof Error && "status" in cause ? cause.status : null;
  return typeof status === "number" ? status : null;
}

/** What `fetch` throws is a TypeError without a code, or says that the time was up. */
function isOfFetch({ message, name }: Error): boolean {
  return (name === "TypeError" && /^fetch failed|sending request|terminated/.test(message)) || name === "TimeoutError";
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause, message } = error;
  const reason = cause instanceof Error && cause.message !== "" ? cause.message : messageOf(error);
  return reason === "" ? message : reason;
}
