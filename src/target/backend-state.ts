import { setTimeout as delay } from "node:timers/promises";
import { waitUntil } from "../retry.ts";
import type { Connection } from "./connection/resolve-connection.ts";
import { openClient } from "./open-client.ts";
import type { TargetReader } from "./target.ts";

/** A backend process of the server, which serves one connection. PIDs are reused, hence its start time. */
export interface Backend {
  readonly pid: number;
  /** Seconds since 1970, as text. */
  readonly started: string;
}

/**
 * State of a backend: it works for us, it waits for data that we sent long ago, it has ended, or it could not be looked
 * up.
 */
export type BackendState = "working" | "waiting-for-us" | "gone" | "unreachable";

const CONNECT_SECONDS = 5;
const GONE_WITHIN_MS = 5_000;

/** Looks up a backend through another connection, to the same server. */
export async function lookUpBackend(connection: Connection, backend: Backend): Promise<BackendState> {
  // The connection is still being made, which may take a while.
  if (backend.pid === 0) return delay(CONNECT_SECONDS * 1_000, "unreachable" as const, { ref: false });
  const given = new AbortController();
  const asked = ask(connection, backend, given.signal).catch(() => "unreachable" as const);
  const answer = await Promise.race([asked, delay(CONNECT_SECONDS * 2_000, "unreachable" as const, { ref: false })]);
  given.abort();
  return answer;
}

async function ask(connection: Connection, backend: Backend, signal: AbortSignal): Promise<BackendState> {
  const { opened } = await openClient({ ...connection, connectTimeoutSeconds: CONNECT_SECONDS }, { signal });
  const end = () => void opened.end(0);
  signal.addEventListener("abort", end, { once: true });
  try {
    const [row] = await opened.client.unsafe<{ waits: boolean }[]>(
      "select (state <> 'active' or wait_event = 'ClientRead') is true as waits from pg_stat_activity where pid " +
        "= $1 and extract(epoch from backend_start)::text = $2",
      [backend.pid, backend.started],
    );
    return row === undefined ? "gone" : row.waits ? "waiting-for-us" : "working";
  } finally {
    signal.removeEventListener("abort", end);
    await opened.end(0);
  }
}

/**
 * Terminates the backend of a lost connection and waits until it has ended. The server may not know that the client is
 * gone, and would keep its locks, including the run lock. Returns false on timeout.
 */
export async function endBackend(session: TargetReader, backend: Backend): Promise<boolean> {
  const isGone = async () => {
    const [left] = await session.rows(
      "select pg_terminate_backend(pid) from pg_stat_activity where pid = $1::int and extract(epoch from " +
        "backend_start)::text = $2",
      [backend.pid, backend.started],
    );
    return left === undefined;
  };
  return waitUntil(isGone, { everyMs: 50, timeoutMs: GONE_WITHIN_MS });
}
