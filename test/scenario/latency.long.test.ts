import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "@libsql/client";
import postgres from "postgres";
import { expect, it, onTestFinished } from "vitest";
import { fencedBy } from "../../src/fenced-by.ts";
import { runCli, startCli } from "../support/cli.ts";
import { type DelayProxy, delayProxy, tripsBehindTheFence } from "../support/delay-proxy.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase } from "../support/target.ts";

/** A change at rest: its message, and what else is on the way when it comes. */
const VISIBLE_ROUND_TRIPS = 3;
const DOWNTIME_ROUND_TRIPS = 10;
const TABLES = 4;
const WORK_MS = 100;

/**
 * Counted, since a busy machine takes its time but says nothing more often. The times hold where nothing else runs:
 * LATENCY_TIMES=1 asks for them, too.
 */
const hasTimes = process.env["LATENCY_TIMES"] === "1";

for (const roundTripMs of [20, 50, 100])
  it(`costs few round trips to a server ${roundTripMs} ms away`, { timeout: 600_000 }, async () => {
    const { application, cwd, ends, near, proxy } = await farAway(roundTripMs);
    const looking = postgres(near, { max: 1 });
    onTestFinished(() => looking.end());
    const shown = async () => (await looking<{ x: string }[]>`select x from t0 where id = 1`)[0]?.x;
    const sync = startCli(["sync", ...ends], { cwd });
    onTestFinished(() => void sync.child.kill("SIGKILL"));
    await sync.saw(/"event":"batch"/);
    const lags: number[] = [];
    const before = proxy.trips.length;
    for (let change = 0; change < 9; change++) {
      await delay(700);
      const started = performance.now();
      await application.execute({ sql: "UPDATE t0 SET x = ?", args: [`v${change}`] });
      while ((await shown()) !== `v${change}`) await delay(5);
      lags.push(performance.now() - started);
    }
    const batches = proxy.trips.slice(before).filter(({ text }) => text.includes("_changeover_stage"));
    // The first makes the staging table. All others are one message. The commit is sent right behind it, and is a trip
    // of its own only where the machine was kept from that for so long.
    expect(batches.filter(({ text }) => !/begin isolation[^]*update changeover\.run/.test(text))).toHaveLength(1);
    expect(batches).toHaveLength(10);
    const ended = new Promise((resolve) => sync.child.once("exit", resolve));
    sync.child.kill("SIGTERM");
    await ended;
    const trips = proxy.trips.length;
    const writing = writesUntilRefused(application);
    const { code, stderr, stdout } = await runCli(["cutover", ...ends], { cwd });
    expect(code, stderr).toBe(0);
    await writing;
    const { downtime_ms: downtime } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as { downtime_ms: number };
    const waited = tripsBehindTheFence(proxy.trips.slice(trips));
    expect(waited.length, waited.map(({ text }) => text.slice(0, 200)).join("\n")).toBeLessThan(DOWNTIME_ROUND_TRIPS);
    if (!hasTimes) return;
    expect([...lags].sort((one, other) => one - other)[4]).toBeLessThan(VISIBLE_ROUND_TRIPS * roundTripMs + WORK_MS);
    expect(downtime).toBeLessThan(DOWNTIME_ROUND_TRIPS * roundTripMs + WORK_MS);
  });

interface FarAway {
  readonly application: Client;
  readonly cwd: string;
  readonly ends: readonly string[];
  /** The server's own address. */
  readonly near: string;
  readonly proxy: DelayProxy;
}

/** A source with some tables, and a target with their schema, behind the proxy. */
async function farAway(roundTripMs: number): Promise<FarAway> {
  const tables = Array.from({ length: TABLES }, (_, table) => `t${table}`);
  const { application, path } = await sqliteFile(
    tables
      .map((t) => `CREATE TABLE ${t}(id INTEGER PRIMARY KEY AUTOINCREMENT, x TEXT); INSERT INTO ${t}(x) VALUES('a');`)
      .join("\n"),
  );
  const near = await emptyDatabase();
  const proxy = await delayProxy(Number(new URL(near).port), 0);
  onTestFinished(() => proxy.close());
  const far = new URL(near);
  far.port = String(proxy.port);
  const cwd = temporaryDirectory();
  const ends = ["--source", path, "--target", far.href, "--json", "--yes"];
  for (const args of [["schema", "--write"], ["up"]]) {
    const { code, stderr } = await runCli([...args, ...ends], { cwd });
    expect(code, stderr).toBe(0);
  }
  proxy.setRoundTrip(roundTripMs);
  return { application, cwd, ends, near, proxy };
}

/** Writes to every table, now and then, so that there is something to bring behind the fence. */
async function writesUntilRefused(application: Client): Promise<void> {
  for (let count = 0; ; count++) {
    const statements = Array.from({ length: TABLES }, (_, table) => `INSERT INTO t${table}(x) VALUES('w${count}')`);
    const refused = await application.batch(statements, "write").then(
      () => false,
      (error: unknown) => error instanceof Error && fencedBy(error) !== null,
    );
    if (refused) return;
    await delay(100);
  }
}
