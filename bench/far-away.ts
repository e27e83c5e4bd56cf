import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import Database from "libsql";
import postgres from "postgres";
import { delayProxy, tripsBehindTheFence } from "../test/support/delay-proxy.ts";
import { median, mustMeasure } from "./measure.ts";
import { PhaseClock } from "./phase-clock.ts";
import { empty, openPlace, type Place } from "./place.ts";

// A server far away: `npm run bench:far-away` prints the table of far-away.md.
const BIN = fileURLToPath(new URL("../bin/changeover.js", import.meta.url));
const ROUND_TRIPS_MS = (process.argv[2] ?? "0,20,50,100").split(",").map(Number);
const ROWS = 400_000;
const CHANGES = 15;

interface Far {
  readonly roundTripMs: number;
  readonly upSeconds: number;
  readonly copySeconds: number;
  readonly visibleMs: number;
  readonly downtimeMs: number;
  /** Round trips between the fence and the commit that opens the target. */
  readonly downtimeTrips: number;
}

async function measureFar(place: Place, roundTripMs: number): Promise<Far> {
  await empty(place);
  const cwd = mkdtempSync(join(place.directory, "far-"));
  const path = join(cwd, "app.db");
  const application = new Database(path, { timeout: 10_000 });
  application.exec(
    "PRAGMA journal_mode = WAL; CREATE TABLE big(id INTEGER PRIMARY KEY, a TEXT, b TEXT, n INTEGER); " +
      "WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < " +
      `${ROWS}) INSERT INTO big SELECT n, hex(randomblob(80)), hex(randomblob(20)), n FROM i; ` +
      "CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT); INSERT INTO t VALUES(1, 'a')",
  );
  const near = new URL(place.url);
  const proxy = await delayProxy(Number(near.port), roundTripMs);
  const far = new URL(place.url);
  far.hostname = "127.0.0.1";
  far.port = String(proxy.port);
  const ends = ["--source", path, "--target", far.href, "--yes"];
  const run = (...args: string[]) => mustMeasure(process.execPath, [BIN, ...args, ...ends], { cwd });
  try {
    await run("schema", "--write");
    const up = await run("up");
    const clock = new PhaseClock();
    const sync = spawn(process.execPath, [BIN, "sync", ...ends], { cwd, stdio: ["ignore", "ignore", "pipe"] });
    let lines = "";
    createInterface({ input: sync.stderr }).on("line", (line) => {
      lines += `${line}\n`;
      clock.saw(line.replace(/^\S+Z /, ""));
    });
    const visibleMs = await visible(place, application);
    const { copy } = clock.phases();
    sync.kill("SIGTERM");
    await once(sync, "exit");
    if (copy === 0) throw new Error(`no copy was seen in\n${lines}`);
    const before = proxy.trips.length;
    const writer = setInterval(() => {
      try {
        application.exec("INSERT INTO t(x) VALUES('w')");
      } catch {
        // The fence.
      }
    }, 100);
    await run("cutover", "--max-downtime", "20s").finally(() => clearInterval(writer));
    const [row] = await place.sql<{ ms: number }[]>`select downtime_ms::int as ms from changeover.run`;
    return {
      roundTripMs,
      upSeconds: up.seconds,
      copySeconds: copy,
      visibleMs,
      downtimeMs: row?.ms ?? Number.NaN,
      downtimeTrips: tripsBehindTheFence(proxy.trips.slice(before)).length,
    };
  } finally {
    proxy.close();
    application.close();
  }
}

/** How long a change takes to be seen in the target by somebody there: the median of some. */
async function visible({ url }: Place, application: Database.Database): Promise<number> {
  const looking = postgres(url, { max: 1, onnotice: () => {} });
  const shown = async () =>
    (await looking<{ x: string }[]>`select x from t where id = 1`.catch(() => []))[0]?.x ?? null;
  const change = async (value: string) => {
    const started = performance.now();
    application.prepare("UPDATE t SET x = ? WHERE id = 1").run(value);
    while ((await shown()) !== value) await delay(3);
    return performance.now() - started;
  };
  // The first is seen once all is copied.
  while ((await shown()) === null) await delay(200);
  await change("first");
  const lags: number[] = [];
  for (let count = 0; count < CHANGES; count++) {
    await delay(700);
    lags.push(await change(`v${count}`));
  }
  await looking.end();
  return median(lags);
}

function render(measured: readonly Far[]): string {
  const [local] = measured;
  const rows = measured.map(
    ({ copySeconds, downtimeMs, downtimeTrips, roundTripMs, upSeconds, visibleMs }) =>
      `| ${roundTripMs} ms | ${upSeconds.toFixed(1)} s | ${copySeconds.toFixed(1)} s ` +
      `(${Math.round((100 * (local?.copySeconds ?? 0)) / copySeconds)} %) | ${Math.round(visibleMs)} ms | ` +
      `${downtimeMs} ms | ${downtimeTrips} |`,
  );
  return [
    "| round trip | `up` | copy (speed) | a change is visible, median | downtime | its round trips |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

const place = await openPlace(undefined);
try {
  const measured: Far[] = [];
  for (const roundTripMs of ROUND_TRIPS_MS) {
    measured.push(await measureFar(place, roundTripMs));
    console.log(JSON.stringify(measured.at(-1)));
  }
  console.log(render(measured));
} finally {
  await place.close();
}
