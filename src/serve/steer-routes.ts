import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context as Call, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { ChangeoverError } from "../errors.ts";
import { jsonOf } from "../json-document.ts";
import type { Migration } from "../migration.ts";
import { CONTROL_ACTIONS, CONTROL_MEANING, CONTROL_RULES, type ControlCommand } from "../model/control.ts";

export interface SteerOptions {
  readonly control: Migration["control"];
  /** Whether who calls has shown the token, which steering always asks for. */
  readonly hasToken: (call: Call) => boolean;
}

/** Only answers that end soon are waited for. */
const BEGUN_IS_ENOUGH: ReadonlySet<string> = new Set(["verify", "cutover"]);

/**
 * What the page's buttons call. A page of another site cannot: the cookie is not sent for it, it may not send JSON
 * without being asked first, and its origin is another one.
 */
export function addSteerRoutes(app: Hono, { control, hasToken }: SteerOptions): void {
  // Of who has no token not a byte of the body is read.
  app.use("/control", async (call, next) => {
    if (!hasToken(call)) return call.json({ ok: false, message: NO_TOKEN }, 401);
    return next();
  });
  app.get("/control", (call) => {
    return call.json({ ok: true, actions: CONTROL_ACTIONS, meaning: CONTROL_MEANING, rules: CONTROL_RULES });
  });
  app.post("/control", bodyLimit({ maxSize: MAX_BODY_BYTES }), async (call) => {
    if (!isSameOrigin(call)) return call.json({ ok: false, message: "another site may not steer" }, 403);
    const command = commandOf(await call.req.json().catch(() => null));
    if (command === null) return call.json({ ok: false, message: "this is not a request that can be made" }, 400);
    try {
      const until = BEGUN_IS_ENOUGH.has(command.action) ? "taken" : "answered";
      const result = await control(command, { until, through: `the page at ${addressOf(call)}` });
      return call.json({ ok: true, ...(jsonOf(result) as object) });
    } catch (error) {
      if (!(error instanceof ChangeoverError)) throw error;
      const { code, hint, message } = error;
      return call.json({ ok: false, code, message, hint }, 409);
    }
  });
}

const MAX_BODY_BYTES = 10_000;
const NO_TOKEN = "steering asks for the token that was printed: open the address with it once";

function isSameOrigin(call: Call): boolean {
  if (!/^application\/json\b/.test(call.req.header("content-type") ?? "")) return false;
  const site = call.req.header("sec-fetch-site");
  if (site !== undefined && site !== "same-origin") return false;
  const origin = call.req.header("origin");
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === call.req.header("host"));
}

/** Null if it is none. */
function commandOf(body: unknown): ControlCommand | null {
  if (typeof body !== "object" || body === null || !("action" in body)) return null;
  const action = CONTROL_ACTIONS.find((name) => name === body.action);
  if (action === undefined) return null;
  if (action === "cutover") return { action, confirmed: "confirmed" in body && body.confirmed === true };
  if (action !== "max-rate") return { action };
  const maxRate = "max_rate" in body ? body.max_rate : undefined;
  return maxRate === null || typeof maxRate === "number" ? { action, maxRate } : null;
}

function addressOf(call: Call): string {
  try {
    return getConnInfo(call).remote.address ?? "an unknown address";
  } catch {
    // Called without a socket, as tests do.
    return "an unknown address";
  }
}
