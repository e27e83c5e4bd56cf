import { setTimeout as delay } from "node:timers/promises";
import postgres from "postgres";
import { expect, it, onTestFinished } from "vitest";
import { runCli, startCli } from "../support/cli.ts";
import { delayProxy } from "../support/delay-proxy.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase } from "../support/target.ts";

const ROUND_TRIP_MS = 50;
/** What the way there may cost, in round trips: measured 8 and 19. */
const REPLAY_ROUND_TRIPS = 12;
const DOWNTIME_ROUND_TRIPS = 26;
/** What both take without any way, with a busy machine's share. */
const WORK_MS = 500;

it("a server 50 ms away costs replay and cutover a known number of round trips", { timeout: 180_000 }, async () => {
  const { application, path } = await sqliteFile(
    "CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT); INSERT INTO t VALUES(1, 'a')",
  );
  const near = await emptyDatabase();
  const proxy = await delayProxy(Number(new URL(near).port), ROUND_TRIP_MS);
  onTestFinished(() => proxy.close());
  const far = new URL(near);
  far.port = String(proxy.port);
  const cwd = temporaryDirectory();
  const ends = ["--source", path, "--target", far.href, "--json", "--yes"];
  const run = async (...args: string[]) => {
    const { code, stderr, stdout } = await runCli([...args, ...ends], { cwd });
    expect(code, stderr).toBe(0);
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as { downtime_ms?: number };
  };
  await run("schema", "--write");
  await run("up");
  const sync = startCli(["sync", ...ends], { cwd });
  onTestFinished(() => void sync.child.kill("SIGKILL"));
  await sync.saw(/"event":"batch"/);
  const looking = postgres(near, { max: 1 });
  onTestFinished(() => looking.end());
  const lags: number[] = [];
  for (let change = 0; change < 9; change++) {
    await delay(700);
    const started = performance.now();
    await application.execute({ sql: "UPDATE t SET x = ?", args: [`v${change}`] });
    while ((await looking<{ x: string }[]>`select x from t`)[0]?.x !== `v${change}`) await delay(5);
    lags.push(performance.now() - started);
  }
  const median = [...lags].sort((one, other) => one - other)[4] ?? 0;
  const { downtime_ms: downtime = 0 } = await run("cutover");
  expect(median).toBeLessThan(REPLAY_ROUND_TRIPS * ROUND_TRIP_MS + WORK_MS);
  expect(downtime).toBeLessThan(DOWNTIME_ROUND_TRIPS * ROUND_TRIP_MS + WORK_MS);
});
