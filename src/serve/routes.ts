import { type Context as Call, Hono } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { streamSSE } from "hono/streaming";
import type { Migration } from "../migration.ts";
import { isToken } from "./access.ts";
import type { Observation, Observer } from "./observe.ts";
import { documentOf, RunStream } from "./run-stream.ts";
import { addSteerRoutes } from "./steer-routes.ts";

export interface RouteOptions {
  readonly observer: Observer;
  /** The page, as one document. */
  readonly page: string;
  /** Null: everybody who reaches the address may look. */
  readonly token: string | null;
  /** What the buttons need; null: the page only shows. */
  readonly steer: { readonly control: Migration["control"]; readonly token: string } | null;
  /** Names under which the server may be addressed; null: any. A page of another site must not read through it. */
  readonly hosts: ReadonlySet<string> | null;
  /** Where a browser keeps the token. Ports are no part of cookies, so that each server has a name of its own. */
  readonly cookie: string;
  /** Aborted when the server ends: pages are told. */
  readonly ending?: AbortSignal;
  /** A run that is to get on and did not for so long is not healthy. */
  readonly stalledMs: number;
}

/** The page is one document with its own style and script; it speaks to its own server alone. */
const POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "script-src 'unsafe-inline'",
  "connect-src 'self'",
  "img-src data:",
  "frame-ancestors 'none'",
  "form-action 'self'",
  "base-uri 'none'",
].join("; ");
const KEEP_ALIVE_MS = 15_000;
/** Each holds a connection open. */
const MAX_VIEWERS = 200;

/** The pages and documents of `changeover serve`. */
export function routes(options: RouteOptions): Hono {
  const app = new Hono();
  const { observer } = options;
  app.use(async (context, next) => {
    context.header("Content-Security-Policy", POLICY);
    context.header("X-Content-Type-Options", "nosniff");
    context.header("Referrer-Policy", "no-referrer");
    context.header("Cache-Control", "no-store");
    const host = context.req.header("host") ?? "";
    if (options.hosts !== null && !options.hosts.has(host)) return context.text("unknown host\n", 421);
    const given = context.req.query("token");
    const token = options.token ?? options.steer?.token ?? null;
    if (token !== null && given !== undefined && isToken(given, token)) {
      setCookie(context, options.cookie, given, { httpOnly: true, sameSite: "Strict", path: "/" });
      // The token does not stay in the address.
      if (context.req.path === "/") return context.redirect("/");
      return next();
    }
    if (context.req.path === "/healthz" || options.token === null) return next();
    if (isToken(tokenOf(context, options.cookie), options.token)) return next();
    return context.text("This page asks for the token that `changeover serve` printed: open /?token=…\n", 401);
  });
  const { steer } = options;
  if (steer !== null)
    addSteerRoutes(app, {
      control: steer.control,
      hasToken: (call) => isToken(tokenOf(call, options.cookie), steer.token),
    });
  app.get("/", (context) => context.html(options.page));
  app.get("/status.json", async (context) => context.json(documentOf(await observer.now())));
  app.get("/metrics", async (context) => {
    // The library takes 35 ms to load, and not everybody scrapes.
    const { renderMetrics } = await import("./metrics.ts");
    const { text, type } = await renderMetrics(await observer.now());
    return context.body(text, 200, { "Content-Type": type });
  });
  app.get("/healthz", async (context) => {
    const problem = problemOf(await observer.now(), options.stalledMs);
    return context.json({ ok: problem === null, problem }, problem === null ? 200 : 503);
  });
  addEvents(app, options);
  return app;
}

function addEvents(app: Hono, { ending, observer }: RouteOptions): void {
  const run = new RunStream(observer);
  let viewers = 0;
  app.get("/events", (context) => {
    if (viewers >= MAX_VIEWERS) return context.text("too many pages are open\n", 503);
    viewers++;
    return streamSSE(context, async (stream) => {
      const done = new Promise<void>((resolve) => {
        stream.onAbort(resolve);
        ending?.addEventListener("abort", () => resolve(), { once: true });
      });
      const stop = run.listen((event) => stream.writeSSE(event));
      const alive = setInterval(() => void stream.writeSSE({ event: "alive", data: "" }), KEEP_ALIVE_MS);
      await done;
      clearInterval(alive);
      stop();
      viewers--;
      if (ending?.aborted === true) await stream.writeSSE({ event: "end", data: "" });
    });
  });
}

function tokenOf(call: Call, cookie: string): string | undefined {
  return /^Bearer (.+)$/.exec(call.req.header("authorization") ?? "")?.[1] ?? getCookie(call, cookie);
}

/** Why the run makes no progress; null if it does, or if nothing is to be done. */
export function problemOf({ at, error, progressAt, status }: Observation, stalledMs: number): string | null {
  if (error !== null) return `the target cannot be read: ${error.code}`;
  if (status === null || status.phase === "new") return null;
  const isBusy = status.phase === "copying" || (status.phase === "syncing" && (status.lag.changes ?? 0) > 0);
  if (!isBusy) return null;
  if (!status.running) return `no process works on the run (phase ${status.phase})`;
  const age = Date.parse(at) - Date.parse(progressAt);
  return age > stalledMs ? `no progress for ${Math.round(age / 1_000)} s` : null;
}
