import { expect, it, onTestFinished } from "vitest";
import { RefusedError } from "../../src/errors.ts";
import { isToken, newToken, parseListenAddress } from "../../src/serve/access.ts";
import { type Observation, Observer } from "../../src/serve/observe.ts";
import { problemOf, type RouteOptions, routes } from "../../src/serve/routes.ts";
import type { Status } from "../../src/status/status.ts";
import { migrationThatAnswers, statusOf } from "./observed.ts";

function app({
  token = null,
  hosts = null,
  status = statusOf({}),
  steer = null,
}: {
  readonly token?: string | null;
  readonly hosts?: ReadonlySet<string> | null;
  readonly status?: Status;
  readonly steer?: RouteOptions["steer"];
} = {}) {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const observer = new Observer(
    migrationThatAnswers(() => status),
    { everyMs: 50, signal: stop.signal },
  );
  return routes({
    observer,
    page: "<p>the page</p>",
    token,
    steer,
    hosts,
    cookie: "changeover_token_8080",
    stalledMs: 60_000,
  });
}

it("shows the page, the status, the metrics and the health of a run", async () => {
  const served = app();
  expect(await (await served.request("/")).text()).toBe("<p>the page</p>");
  const document = (await (await served.request("/status.json")).json()) as {
    status: { lag: unknown; next_steps: unknown };
  };
  expect(document.status.lag).toEqual({ changes: 3, seconds: 1.5 });
  const metrics = await served.request("/metrics");
  expect(metrics.headers.get("content-type")).toContain("text/plain; version=0.0.4");
  expect(await metrics.text()).toContain('changeover_table_copied_rows{table="Customer Order"} 40\n');
  expect(await (await served.request("/healthz")).json()).toEqual({ ok: true, problem: null });
});

it("keeps the names of tables in JSON as they are", async () => {
  const document = (await (await app().request("/status.json")).json()) as { rates: { tables: object } };
  expect(Object.keys(document.rates.tables)).toEqual(["Customer Order"]);
});

it("asks for the token on every path but /healthz, and takes it from the address, a cookie or a header", async () => {
  const served = app({ token: "secret" });
  for (const path of ["/", "/status.json", "/metrics", "/events"])
    expect((await served.request(path)).status).toBe(401);
  expect((await served.request("/?token=wrong")).status).toBe(401);
  expect((await served.request("/healthz")).status).toBe(200);
  const entered = await served.request("/?token=secret");
  expect([entered.status, entered.headers.get("location")]).toEqual([302, "/"]);
  const cookie = (entered.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  expect(entered.headers.get("set-cookie")).toContain("HttpOnly; SameSite=Strict");
  expect((await served.request("/", { headers: { cookie } })).status).toBe(200);
  expect((await served.request("/metrics", { headers: { authorization: "Bearer secret" } })).status).toBe(200);
  expect((await served.request("/metrics", { headers: { authorization: "Bearer secre" } })).status).toBe(401);
});

const JSON_TYPE = { "content-type": "application/json" };

function steered() {
  const asked: [unknown, unknown][] = [];
  const served = app({
    steer: {
      token: "secret",
      control: async (command, options) => {
        asked.push([command, options]);
        if (command.action === "pause")
          throw new RefusedError({ code: "CONTROL_CONFLICT", message: "anna was first", hint: "speak to her" });
        return { action: command.action, isAnswered: false, answer: "it is under way" };
      },
    },
  });
  const post = (body: unknown, headers: Record<string, string>) =>
    served.request("/control", { method: "POST", body: JSON.stringify(body), headers });
  return { asked, post, served };
}

it("lets anybody look on a loopback address, and steer by the token alone", async () => {
  const { asked, post, served } = steered();
  expect((await served.request("/")).status).toBe(200);
  expect((await served.request("/control")).status).toBe(401);
  expect((await post({ action: "abort" }, JSON_TYPE)).status).toBe(401);
  expect((await post({ action: "abort" }, { ...JSON_TYPE, authorization: "Bearer secre" })).status).toBe(401);
  const entered = await served.request("/?token=secret");
  const cookie = (entered.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const answer = await post({ action: "cutover", confirmed: true }, { ...JSON_TYPE, cookie });
  expect(await answer.json()).toEqual({ ok: true, action: "cutover", is_answered: false, answer: "it is under way" });
  expect(asked).toEqual([
    [
      { action: "cutover", confirmed: true },
      { until: "taken", through: "the page at an unknown address" },
    ],
  ]);
  const rules = (await (await served.request("/control", { headers: { cookie } })).json()) as { meaning: object };
  expect(Object.keys(rules.meaning)).toContain("max-rate");
});

it.each([
  ["a form of another site", { action: "abort" }, { "content-type": "text/plain" }, 403],
  ["another origin", { action: "abort" }, { ...JSON_TYPE, origin: "http://evil.example" }, 403],
  ["another site, by the browser's word", { action: "abort" }, { ...JSON_TYPE, "sec-fetch-site": "same-site" }, 403],
  ["an action that is none", { action: "drop" }, JSON_TYPE, 400],
  ["a rate that is none", { action: "max-rate", max_rate: "1; drop" }, JSON_TYPE, 400],
  ["what another person asked first", { action: "pause" }, JSON_TYPE, 409],
] as const)("does not do what is asked by %s", async (_, body, headers: Record<string, string>, status) => {
  const { asked, post } = steered();
  const answer = await post(body, { ...headers, authorization: "Bearer secret", host: "localhost" });
  expect(answer.status).toBe(status);
  expect(asked).toHaveLength(status === 409 ? 1 : 0);
});

it("keeps the token of each server under a name of its own: ports are no part of cookies", async () => {
  const entered = await app({ token: "secret" }).request("/?token=secret");
  expect(entered.headers.get("set-cookie")).toMatch(/^changeover_token_8080=/);
  const other = await app({ token: "other" }).request("/", { headers: { cookie: "changeover_token_9090=other" } });
  expect(other.status).toBe(401);
});

it("reads no body of a hundred megabytes, and none at all of who has no token", async () => {
  const { asked, served } = steered();
  let sent = 0;
  const endless = () =>
    new ReadableStream({
      pull(controller) {
        sent += 100_000;
        controller.enqueue(new Uint8Array(100_000));
        if (sent >= 100_000_000) controller.close();
      },
    });
  const post = (headers: Record<string, string>) =>
    served.request(
      new Request("http://localhost/control", {
        method: "POST",
        body: endless(),
        headers: { ...JSON_TYPE, ...headers },
        duplex: "half",
      } as RequestInit),
    );
  expect((await post({})).status).toBe(401);
  expect((await post({ authorization: "Bearer secret" })).status).toBeGreaterThanOrEqual(400);
  expect(sent).toBeLessThan(1_000_000);
  expect(asked).toEqual([]);
});

it("lets nobody in who guesses: ten thousand tokens that are near the right one", async () => {
  const token = newToken();
  const served = app({ token });
  const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
  let isIn = 0;
  for (let n = 0; n < 10_000; n++) {
    const place = n % token.length;
    const letter = letters[(letters.indexOf(token[place] ?? "") + 1 + (n % 63)) % 64] ?? "";
    const guess = token.slice(0, place) + letter + token.slice(place + 1);
    if (isToken(guess, token)) isIn++;
  }
  expect(isIn).toBe(0);
  expect((await served.request(`/?token=${token.slice(0, -1)}`)).status).toBe(401);
  expect((await served.request(`/?token=${token}x`)).status).toBe(401);
  expect((await served.request(`/?token=${token}`)).status).toBe(302);
});

it.each(["<img src=x onerror=alert(1)>", 'a"b', "a\nb", "a'b\\c", "</script>", '{x="y"}'])(
  "shows a table called %j as text, and as a label that Prometheus reads",
  async (name) => {
    const served = app({
      status: statusOf({ tables: [{ table: name, rows: 1, copied: 1, done: true, compared: null, comparedAt: null }] }),
    });
    const metrics = await (await served.request("/metrics")).text();
    const label = name.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
    expect(metrics).toContain(`changeover_table_copied_rows{table="${label}"} 1\n`);
    const document = (await (await served.request("/status.json")).json()) as { status: { tables: unknown[] } };
    expect(document.status.tables).toEqual([expect.objectContaining({ table: name })]);
  },
);

it("answers under its own names alone, so that a page of another site cannot read it", async () => {
  const served = app({ hosts: new Set(["127.0.0.1:8080"]) });
  expect((await served.request("/status.json", { headers: { host: "evil.example" } })).status).toBe(421);
  expect((await served.request("/status.json", { headers: { host: "127.0.0.1:8080" } })).status).toBe(200);
});

it("streams what there is, and every change", async () => {
  const statuses = [statusOf({ watermark: 1 }), statusOf({ watermark: 2 })];
  const stop = new AbortController();
  const observer = new Observer(
    migrationThatAnswers(() => statuses.shift() ?? statusOf({ watermark: 3 })),
    {
      everyMs: 10,
      signal: stop.signal,
    },
  );
  const served = routes({ observer, page: "", token: null, steer: null, hosts: null, cookie: "c", stalledMs: 60_000 });
  const body = (await served.request("/events")).body?.getReader();
  let text = "";
  while (!text.includes('"watermark":3')) text += new TextDecoder().decode((await body?.read())?.value);
  await body?.cancel();
  stop.abort();
  expect(text).toMatch(/event: samples\ndata: \[\]/);
  expect(text).toContain("event: change\n");
  expect(text.indexOf('"watermark":1')).toBeLessThan(text.indexOf('"watermark":2'));
});

it("says that the target cannot be read, and shows what it knew", async () => {
  let isLost = false;
  const stop = new AbortController();
  const observer = new Observer(
    migrationThatAnswers(() => {
      if (isLost) throw new Error("gone");
      return statusOf({});
    }),
    { everyMs: 0, signal: stop.signal },
  );
  const served = routes({ observer, page: "", token: null, steer: null, hosts: null, cookie: "c", stalledMs: 60_000 });
  expect((await served.request("/healthz")).status).toBe(200);
  isLost = true;
  await new Promise((resolve) => setTimeout(resolve, 2));
  expect((await served.request("/healthz")).status).toBe(503);
  expect(await (await served.request("/status.json")).json()).toMatchObject({
    error: { code: "UNEXPECTED", message: "gone" },
    status: { phase: "syncing" },
  });
  stop.abort();
});

const OBSERVED: Observation = {
  at: "2026-01-01T00:10:00.000Z",
  status: statusOf({}),
  history: [],
  rates: { copied: 0, replayed: 0, compared: 0, tables: {} },
  walBytes: null,
  fleet: null,
  error: null,
  progressAt: "2026-01-01T00:09:59.000Z",
};

it.each([
  ["a sync that follows", {}, null],
  ["a sync that has fallen silent", { progressAt: "2026-01-01T00:00:00.000Z" }, "no progress for 600 s"],
  ["a sync that nobody runs", { status: statusOf({ running: false }) }, "no process works on the run (phase syncing)"],
  [
    "a copy that nobody runs",
    { status: statusOf({ phase: "copying", running: false }) },
    "no process works on the run (phase copying)",
  ],
  [
    "a run that is caught up, and quiet",
    { status: statusOf({ lag: { changes: 0, seconds: 0 } }), progressAt: "2026-01-01T00:00:00.000Z" },
    null,
  ],
  ["a run that is cut over", { status: statusOf({ phase: "cut-over", running: false }) }, null],
] as const)("the health of %s", (_, given: Partial<Observation>, problem) => {
  expect(problemOf({ ...OBSERVED, ...given }, 60_000)).toBe(problem);
});

it("understands addresses to listen on", () => {
  expect(parseListenAddress("127.0.0.1:8080")).toEqual({ host: "127.0.0.1", port: 8080 });
  expect(parseListenAddress("[::1]:0")).toEqual({ host: "::1", port: 0 });
  expect(parseListenAddress(":9000")).toEqual({ host: "0.0.0.0", port: 9000 });
  for (const wrong of ["8080", "host", "host:", "host:99999", "http://host:1"])
    expect(parseListenAddress(wrong)).toBeNull();
});

it("compares tokens whole", () => {
  expect(isToken("abc", "abc")).toBe(true);
  for (const wrong of [null, undefined, "", "ab", "abcd", "abd"]) expect(isToken(wrong, "abc")).toBe(false);
});
