// What --serve costs a copy and its comparison: CPU time of all processes, in alternated rounds, with a page that is
// open and a scrape each second. `npm run build && node --import jiti/register bench/serving.ts --rows 1000000`
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Database from "libsql";
import { openEmbedded } from "../src/embedded/embedded.ts";

const BIN = new URL("../bin/changeover.js", import.meta.url).pathname;
const { values } = parseArgs({
  options: { rows: { type: "string", default: "1000000" }, rounds: { type: "string", default: "5" } },
});
const directory = mkdtempSync(join(tmpdir(), "changeover-serving-"));
const embedded = await openEmbedded({ directory });
const cpu: Record<"plain" | "served", number[]> = { plain: [], served: [] };
try {
  for (let round = 0; round < Number(values.rounds); round++)
    for (const kind of round % 2 === 0 ? (["plain", "served"] as const) : (["served", "plain"] as const))
      cpu[kind].push(await fullOnce(`${kind}_${round}`, kind === "served"));
} finally {
  await embedded.release();
  rmSync(directory, { recursive: true, force: true });
}
const [plain, served] = [median(cpu.plain), median(cpu.served)];
console.log(JSON.stringify({ cpu, plain, served, overhead: `${((served / plain - 1) * 100).toFixed(1)} %` }));

/** Seconds of CPU of one `full`, its workers included; the server's are not. */
async function fullOnce(name: string, isServed: boolean): Promise<number> {
  const path = join(directory, `${name}.db`);
  const database = new Database(path);
  database.exec(
    "PRAGMA journal_mode = wal; CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, note TEXT); " +
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${values.rows}) ` +
      "INSERT INTO t SELECT i, 'name ' || i, 'some more text of row ' || i FROM n",
  );
  database.close();
  const target = await embedded.database(name);
  const args = [
    "full",
    "--yes",
    "--source",
    path,
    "--target",
    target,
    "--migrations-dir",
    join(directory, `m-${name}`),
  ];
  const child = spawn(
    "bash",
    [
      "-c",
      "TIMEFORMAT='cpu %U %S'; time node \"$@\"",
      "bash",
      BIN,
      ...args,
      ...(isServed ? ["--serve", "127.0.0.1:0"] : []),
    ],
    { cwd: directory },
  );
  let said = "";
  let watching: NodeJS.Timeout | null = null;
  const stop = new AbortController();
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString("utf8");
    const url = /the page is (\S+);/.exec(said)?.[1];
    if (url === undefined || watching !== null) return;
    void fetch(`${url}events`, { signal: stop.signal })
      .then((answer) => answer.text())
      .catch(() => {});
    watching = setInterval(() => void fetch(`${url}metrics`).catch(() => {}), 1_000);
  });
  child.stdout.resume();
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (watching !== null) clearInterval(watching);
  stop.abort();
  rmSync(path);
  const found = /cpu ([\d.]+) ([\d.]+)/.exec(said);
  if (code !== 0 || found === null) throw new Error(said);
  return Number(found[1]) + Number(found[2]);
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;
}
