import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { type HranaBatch, HranaStream } from "./hrana-stream.ts";
import { type HranaStatement, StatementError } from "./hrana-values.ts";
import { WriteLock } from "./write-lock.ts";

export interface HranaServerOptions {
  readonly file: string;
  /** A request without it is refused. */
  readonly token?: string;
  /** A stream without requests ends after that; sqld: 10 s. */
  readonly streamExpiryMs?: number;
  /** The lock of a transaction is taken away after that, where another waits; sqld: 5 s. */
  readonly transactionTimeoutMs?: number;
  readonly maxRowBytes?: number;
  readonly maxResponseBytes?: number;
}

/** What happens to a request in place of an answer. */
export type Fault =
  | { readonly kind: "status"; readonly status: number; readonly body?: string; readonly retryAfter?: number }
  /** It is done, and the answer is lost. */
  | { readonly kind: "lost" }
  | { readonly kind: "hang" };

interface Seen {
  readonly requests: readonly StreamRequest[];
}

type StreamRequest =
  | { readonly type: "close" | "get_autocommit" }
  | { readonly type: "execute"; readonly stmt: HranaStatement }
  | { readonly type: "batch"; readonly batch: HranaBatch }
  | { readonly type: "sequence" | "describe"; readonly sql?: string; readonly sql_id?: number }
  | { readonly type: "store_sql"; readonly sql_id: number; readonly sql: string }
  | { readonly type: "close_sql"; readonly sql_id: number };

type Handle = { readonly stream: HranaStream; baton: string; expiresAt: number };

/**
 * A libSQL server for tests: Hrana 2 and 3 over HTTP with JSON, with sqld's rules for batons, expiry, locks and
 * statements, as its source has them (github.com/tursodatabase/libsql, libsql-server/src/hrana).
 */
export class HranaServer {
  readonly url: string;
  /** Half of a round trip, each way, ms. */
  oneWayMs = 0;
  /** Which fault a request meets, if any. */
  fault: (request: Seen) => Fault | null = () => null;
  /** All tokens have expired. */
  tokensExpired = false;
  requests = 0;
  readonly #options: HranaServerOptions;
  readonly #lock: WriteLock;
  readonly #streams = new Map<string, Handle>();
  readonly #expired = new Set<string>();
  readonly #http: ReturnType<typeof createServer>;
  readonly #expiry: NodeJS.Timeout;

  static async start(options: HranaServerOptions): Promise<HranaServer> {
    const http = createServer().listen(0, "127.0.0.1");
    await once(http, "listening");
    return new HranaServer(http, options);
  }

  private constructor(http: ReturnType<typeof createServer>, options: HranaServerOptions) {
    this.#http = http;
    this.#options = options;
    this.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    this.#lock = new WriteLock(options.transactionTimeoutMs ?? 5_000);
    http.on("request", (request, response) => void this.#answer(request, response));
    this.#expiry = setInterval(() => this.expireStreams(performance.now()), 100).unref();
  }

  /** Ends the streams that were not asked since; all of them without a time. */
  expireStreams(now = Number.POSITIVE_INFINITY): void {
    for (const [id, handle] of this.#streams)
      if (handle.expiresAt <= now) {
        handle.stream.close();
        this.#streams.delete(id);
        this.#expired.add(id);
      }
  }

  get openStreams(): number {
    return this.#streams.size;
  }

  close(): void {
    clearInterval(this.#expiry);
    for (const { stream } of this.#streams.values()) stream.close();
    this.#streams.clear();
    this.#http.closeAllConnections();
    this.#http.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    await delay(this.oneWayMs);
    this.requests++;
    const send = async (status: number, body: unknown, headers: Record<string, string> = {}) => {
      const isText = typeof body === "string";
      await delay(this.oneWayMs);
      response.writeHead(status, { "content-type": isText ? "text/plain" : "application/json", ...headers });
      response.end(isText ? body : JSON.stringify(body));
    };
    if (this.tokensExpired) return send(401, { message: "The JWT has expired", code: "AUTH_JWT_EXPIRED" });
    const { token } = this.#options;
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`)
      return send(401, { message: "The JWT is invalid", code: "AUTH_JWT_INVALID" });
    if (request.method === "GET") return send(/^\/v[23]\/?$/.test(request.url ?? "") ? 200 : 404, "");
    const version = /^\/v([23])\/pipeline$/.exec(request.url ?? "")?.[1];
    if (version === undefined) return send(404, "");
    const { baton, requests } = JSON.parse(Buffer.concat(chunks).toString()) as Seen & { readonly baton?: string };
    const fault = this.fault({ requests });
    if (fault?.kind === "hang") return;
    if (fault?.kind === "status")
      return send(
        fault.status,
        fault.body ?? "",
        fault.retryAfter === undefined ? {} : { "retry-after": String(fault.retryAfter) },
      );
    const answer = await this.#pipeline(baton ?? null, requests, Number(version));
    if (fault?.kind === "lost") return void request.socket.destroy();
    return send(answer.status, answer.body);
  }

  async #pipeline(
    baton: string | null,
    requests: readonly StreamRequest[],
    version: number,
  ): Promise<{ readonly status: number; readonly body: unknown }> {
    const id = baton?.split(".")[0] ?? randomBytes(8).toString("hex");
    const known = this.#streams.get(id);
    if (baton !== null && this.#expired.has(id))
      return { status: 400, body: { message: "The stream has expired due to inactivity", code: "STREAM_EXPIRED" } };
    if (baton !== null && known === undefined) return { status: 400, body: "Received an invalid baton" };
    if (baton !== null && known?.baton !== baton)
      return { status: 400, body: "Received a baton that has already been used" };
    const { file, maxResponseBytes = 10_000_000, maxRowBytes = 5_000_000, streamExpiryMs = 10_000 } = this.#options;
    const stream = known?.stream ?? new HranaStream({ file, lock: this.#lock, maxRowBytes, maxResponseBytes });
    // In use: it neither expires, nor has another request a baton for it.
    const handle: Handle = { stream, baton: "", expiresAt: Number.POSITIVE_INFINITY };
    this.#streams.set(id, handle);
    const results: unknown[] = [];
    for (const request of requests) results.push(await answerOf(stream, request, version));
    if (stream.isClosed) this.#streams.delete(id);
    else {
      handle.baton = `${id}.${randomBytes(8).toString("hex")}`;
      handle.expiresAt = performance.now() + streamExpiryMs;
    }
    return { status: 200, body: { baton: stream.isClosed ? null : handle.baton, base_url: null, results } };
  }
}

async function answerOf(stream: HranaStream, request: StreamRequest, version: number): Promise<unknown> {
  try {
    return { type: "ok", response: { type: request.type, ...(await responseOf(stream, request, version)) } };
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    return { type: "error", error: { message: error.message, code: error.code } };
  }
}

async function responseOf(stream: HranaStream, request: StreamRequest, version: number): Promise<object> {
  switch (request.type) {
    case "close":
      stream.close();
      return {};
    case "execute":
      return { result: await stream.execute(request.stmt) };
    case "batch":
      return { result: await stream.batch(request.batch) };
    case "sequence":
      await stream.sequence(request);
      return {};
    case "store_sql":
      stream.storeText(request.sql_id, request.sql);
      return {};
    case "close_sql":
      stream.forgetText(request.sql_id);
      return {};
    case "get_autocommit":
      if (version < 3) throw new StatementError("HRANA_PROTO_ERROR", "get_autocommit is of version 3");
      return { is_autocommit: stream.isAutocommit };
    case "describe":
      throw new StatementError("UNKNOWN", "this test server describes nothing");
  }
}
