import { setTimeout as delay } from "node:timers/promises";
import postgres from "postgres";
import type { TargetReader } from "./target.ts";
import { socketOf } from "./target-address.ts";
import { wire } from "./target-socket.ts";

/** A process of the server that serves one connection. Numbers are used again, hence its start. */
export interface Backend {
  readonly pid: number;
  /** Seconds since 1970, as text. */
  readonly started: string;
}

/** What such a process is at: work for us, waiting for what we have long sent, no longer there, or not to be asked. */
export type Pulse = "working" | "waiting-for-us" | "gone" | "unreachable";

const CONNECT_SECONDS = 5;
const GONE_WITHIN_MS = 5_000;

/** Asks after a process of the server over a connection of its own. */
export async function feelPulse(url: string, backend: Backend): Promise<Pulse> {
  // Not known yet: the connection is being made, and that may take a little.
  if (backend.pid === 0) return delay(CONNECT_SECONDS * 1_000, "unreachable" as const, { ref: false });
  const way = wire(CONNECT_SECONDS);
  // `socket` works but is missing from the types.
  const transport: object = { socket: way.connect };
  const client = postgres(url, {
    ...transport,
    ...socketOf(url),
    max: 1,
    fetch_types: false,
    connect_timeout: CONNECT_SECONDS,
    onnotice: () => {},
    connection: { application_name: "changeover" },
  });
  try {
    const asked = client.unsafe<{ waits: boolean }[]>(
      "select (state <> 'active' or wait_event = 'ClientRead') is true as waits from pg_stat_activity where pid = $1 and extract(epoch from backend_start)::text = $2",
      [backend.pid, backend.started],
    );
    const rows = await Promise.race([asked, delay(CONNECT_SECONDS * 2_000, null, { ref: false })]);
    if (rows === null) return "unreachable";
    const [row] = rows;
    return row === undefined ? "gone" : row.waits ? "waiting-for-us" : "working";
  } catch {
    return "unreachable";
  } finally {
    await client.end({ timeout: 0 }).catch(() => {});
    way.cut();
  }
}

/**
 * Ends a process of the server that serves a connection lost to us, and waits until it is gone: the server may not know that nobody is at
 * the other end, and would keep its locks, the run's among them. False if it did not end in time.
 */
export async function endBackend(session: TargetReader, backend: Backend): Promise<boolean> {
  const deadline = performance.now() + GONE_WITHIN_MS;
  for (;;) {
    const [left] = await session.rows(
      "select pg_terminate_backend(pid) from pg_stat_activity where pid = $1::int and extract(epoch from backend_start)::text = $2",
      [backend.pid, backend.started],
    );
    if (left === undefined) return true;
    if (performance.now() > deadline) return false;
    await delay(50);
  }
}
