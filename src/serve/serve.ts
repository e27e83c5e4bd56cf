import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { UsageError } from "../errors.ts";
import type { FleetReader } from "../fleet/fleet-reader.ts";
import type { Migration } from "../migration.ts";
import { pause } from "../retry.ts";
import { isLoopback, type ListenAddress, newToken } from "./access.ts";
import { Observer } from "./observe.ts";
import { routes } from "./routes.ts";

export interface ServeOptions {
  readonly listen: ListenAddress;
  /** Asked for before anything is shown; on a loopback address, before anything is steered. Default: a new one. */
  readonly token?: string;
  /** Whether the page has buttons that steer. Default: true. */
  readonly canSteer?: boolean;
  /** How often the run is read while somebody looks, ms. Default: 1000. */
  readonly everyMs?: number;
  /** Shows the fleet of the target, too. */
  readonly fleet?: Pick<FleetReader, "read">;
  /** Without progress for so long, /healthz answers 503, ms. Default: five minutes. */
  readonly stalledMs?: number;
}

/** A server that is listening. */
export interface Serving extends AsyncDisposable {
  /** Its address, without the token. */
  readonly url: string;
  /** Asked for once. */
  readonly token: string;
  /** Whether it is asked for to look, and not only to steer. */
  readonly isAskedToLook: boolean;
  close(): Promise<void>;
}

/** What is asked of a migration, to show it and to steer it. */
export type Served = Pick<Migration, "control" | "watch">;

/** Open pages are told that the server ends; who does not read is not waited for. */
const TELL_WITHIN_MS = 200;
const PAGE = new URL("../../web/page.html", import.meta.url);

/**
 * Shows a run as a live page, with its metrics and its health. All is read from the target, so that it may run on
 * another machine than the sync. Values of rows are never read.
 *
 * @throws {UsageError} `LISTEN_ADDRESS` if the address is in use or is none of this machine.
 */
export async function serve(migration: Served, options: ServeOptions): Promise<Serving> {
  const { host, port } = options.listen;
  const token = options.token ?? newToken();
  const isAskedToLook = options.token !== undefined || !isLoopback(host);
  const stop = new AbortController();
  const watch = migration.watch();
  const observer = new Observer(watch, {
    everyMs: options.everyMs ?? 1_000,
    signal: stop.signal,
    ...(options.fleet === undefined ? {} : { fleet: options.fleet }),
  });
  const server = createServer();
  await listen(server, options.listen);
  const bound = (server.address() as AddressInfo).port;
  const app = routes({
    observer,
    page: readFileSync(PAGE, "utf8"),
    token: isAskedToLook ? token : null,
    steer: options.canSteer === false ? null : { token, control: migration.control },
    hosts: isLoopback(host) ? hostsOf(bound) : null,
    cookie: `changeover_token_${bound}`,
    ending: stop.signal,
    stalledMs: options.stalledMs ?? 300_000,
  });
  server.on("request", getRequestListener(app.fetch));
  const close = async () => {
    stop.abort();
    const closed = new Promise((resolve) => server.close(resolve));
    await Promise.race([closed, pause(TELL_WITHIN_MS)]);
    server.closeAllConnections();
    await closed;
    await watch.close();
  };
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port === 0 ? bound : port}/`,
    token,
    isAskedToLook,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function listen(server: Server, { host, port }: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) =>
      reject(
        new UsageError({
          code: "LISTEN_ADDRESS",
          message: `cannot listen on ${host}:${port}: ${cause.message}`,
          hint: "give another port, or 0 for any free one: --listen 127.0.0.1:0",
          cause,
        }),
      ),
    );
    server.listen(port, host, resolve);
  });
}

function hostsOf(port: number): ReadonlySet<string> {
  return new Set(
    ["localhost", "127.0.0.1", "[::1]"].flatMap((name) => [`${name}:${port}`, ...(port === 80 ? [name] : [])]),
  );
}
