import { type ChangeoverError, messageOf, SourceError } from "../errors.ts";

/** What libSQL's client says of the connection; all else that it says is SQLite's. */
const OF_CONNECTION: ReadonlySet<string> = new Set([
  "SERVER_ERROR",
  "HRANA_WEBSOCKET_ERROR",
  "HRANA_PROTO_ERROR",
  "HRANA_CLOSED_ERROR",
  "URL_INVALID",
  // Bun's.
  "ConnectionRefused",
  "FailedToOpenSocket",
]);

/** An error of the way to a libSQL server, rather than of a statement there; null if it is none. */
export function remoteError(error: unknown, location: string): ChangeoverError | null {
  if (!(error instanceof Error)) return null;
  const code = "code" in error ? String(error.code) : null;
  if (code === null ? !isOfFetch(error) : !OF_CONNECTION.has(code)) return null;
  const status = (error.cause as { readonly status?: unknown } | undefined)?.status;
  const isDenied = status === 401 || status === 403;
  const what = isDenied ? "the libSQL server refuses the token" : "no libSQL server answers";
  return new SourceError({
    code: isDenied ? "SOURCE_LOGIN" : "SOURCE_UNREACHABLE",
    message: `${what} at ${location} (${reasonOf(error)})`,
    hint: isDenied
      ? "give a valid one in CHANGEOVER_SOURCE_AUTH_TOKEN, or as sourceAuthToken in the config"
      : "check the address, and that a libSQL server (Turso, sqld) listens there; for a file give its path to --source",
    context: { location },
    cause: error,
  });
}

/** What `fetch` throws is a TypeError without a code: Node and Deno only say it. */
function isOfFetch({ message, name }: Error): boolean {
  return name === "TypeError" && /^fetch failed|sending request/.test(message);
}

function reasonOf(error: Error): string {
  const { cause, message } = error;
  const reason = cause instanceof Error && cause.message !== "" ? cause.message : messageOf(error);
  return reason === "" ? message : reason;
}
