import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createClient } from "@libsql/client";
import Database from "libsql";
import { HranaServer } from "../test/support/hrana/hrana-server.ts";
import { mustMeasure } from "./measure.ts";
import { empty, openPlace, type Place } from "./place.ts";

// A libSQL server far away, as our test server plays it: `npm run bench:far-libsql` prints the table of the docs.
const BIN = fileURLToPath(new URL("../bin/changeover.js", import.meta.url));
const ROUND_TRIPS_MS = (process.argv[2] ?? "0,10,40,100").split(",").map(Number);
const ROWS = Number(process.argv[3] ?? 200_000);
/** Rows of one answer to the plain SELECT: some 3 MB. */
const PAGE = 20_000;

interface Measured {
  readonly roundTripMs: number;
  readonly selectSeconds: number;
  readonly dataSeconds: number;
  readonly requests: number;
}

async function measureServer(place: Place, roundTripMs: number): Promise<Measured> {
  await empty(place);
  const cwd = mkdtempSync(join(place.directory, "libsql-"));
  const file = join(cwd, "app.db");
  const maker = new Database(file);
  maker.exec(
    "PRAGMA journal_mode = WAL; CREATE TABLE big(id INTEGER PRIMARY KEY, a TEXT, b TEXT, n INTEGER); " +
      "WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < " +
      `${ROWS}) INSERT INTO big SELECT n, hex(randomblob(40)), hex(randomblob(20)), n FROM i`,
  );
  maker.close();
  const server = await HranaServer.start({ file });
  const ends = ["--source", server.url, "--target", place.url, "--yes"];
  const run = (...args: string[]) => mustMeasure(process.execPath, [BIN, ...args, ...ends], { cwd });
  try {
    await run("schema", "--write");
    await run("up");
    server.oneWayMs = roundTripMs / 2;
    const selectSeconds = await selectAll(server.url);
    const before = server.requests;
    const { seconds: dataSeconds } = await run("data", "--no-verify");
    return { roundTripMs, selectSeconds, dataSeconds, requests: server.requests - before };
  } finally {
    server.close();
  }
}

async function selectAll(url: string): Promise<number> {
  const client = createClient({ url, intMode: "bigint" });
  const started = performance.now();
  for (let after = 0n, found = PAGE; found === PAGE; ) {
    const { rows } = await client.execute({
      sql: "SELECT * FROM big WHERE id > ? ORDER BY id LIMIT ?",
      args: [after, PAGE],
    });
    found = rows.length;
    after = BigInt(String(rows.at(-1)?.["id"] ?? after));
  }
  client.close();
  return (performance.now() - started) / 1_000;
}

const place = await openPlace(undefined);
try {
  const measured: Measured[] = [];
  for (const roundTripMs of ROUND_TRIPS_MS) {
    measured.push(await measureServer(place, roundTripMs));
    console.log(JSON.stringify(measured.at(-1)));
  }
  const perSecond = (seconds: number) => Math.round(ROWS / seconds).toLocaleString("en");
  console.log(
    "| round trip | plain SELECT, rows/s | `data`, rows/s | share | requests |\n| --- | --- | --- | --- | --- |",
  );
  for (const { dataSeconds, requests, roundTripMs, selectSeconds } of measured)
    console.log(
      `| ${roundTripMs} ms | ${perSecond(selectSeconds)} | ${perSecond(dataSeconds)} | ` +
        `${Math.round((100 * selectSeconds) / dataSeconds)} % | ${requests} |`,
    );
} finally {
  await place.close();
}
