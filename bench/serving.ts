// What --serve costs copy with verification, and replay: CPU time of changeover with its workers and of PostgreSQL, in
// alternated rounds, with three pages that are open and a scrape each second.
// `npm run build && node --import jiti/register bench/serving.ts --rows 2000000 --changes 300000 --rounds 7`
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Database from "libsql";
import { openEmbedded } from "../src/embedded/embedded.ts";

const BIN = new URL("../bin/changeover.js", import.meta.url).pathname;
const PAGES = 3;
const TICKS_A_SECOND = 100;
const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "2000000" },
    changes: { type: "string", default: "300000" },
    rounds: { type: "string", default: "7" },
  },
});

interface Cost {
  readonly client: number;
  readonly server: number;
  readonly wall: number;
}

const directory = mkdtempSync(join(tmpdir(), "changeover-serving-"));
const embedded = await openEmbedded({ directory });
const postmaster = Number(readFileSync(find(directory, "postmaster.pid"), "utf8").split("\n")[0]);
const costs: Record<"copy" | "replay", Record<"plain" | "served", Cost[]>> = {
  copy: { plain: [], served: [] },
  replay: { plain: [], served: [] },
};
try {
  for (let round = 0; round < Number(values.rounds); round++)
    for (const kind of round % 2 === 0 ? (["plain", "served"] as const) : (["served", "plain"] as const)) {
      const { copy, replay } = await once(`${kind}_${round}`, kind === "served");
      costs.copy[kind].push(copy);
      costs.replay[kind].push(replay);
    }
} finally {
  await embedded.release();
  rmSync(directory, { recursive: true, force: true });
}
for (const [work, { plain, served }] of Object.entries(costs)) {
  const total = ({ client, server }: Cost) => client + server;
  const [a, b] = [median(plain.map(total)), median(served.map(total))];
  const pairs = served.map((cost, index) => total(cost) / total(plain[index] ?? cost) - 1);
  const wall = median(served.map((cost) => cost.wall));
  const [own, other] = [median(served.map(({ client }) => client)), median(plain.map(({ client }) => client))];
  console.log(
    `${work}: ${a.toFixed(2)} s of CPU without, ${b.toFixed(2)} s with it: ${percent(b / a - 1)} ` +
      `(medians of ${plain.length}; of each pair ${pairs.map(percent).join(", ")}; median ${percent(median(pairs))}; ` +
      `changeover alone ${other.toFixed(2)} and ${own.toFixed(2)} s; ${wall.toFixed(1)} s of time)`,
  );
}

/** A sync that copies and compares, then another one that replays what was changed meanwhile. */
async function once(name: string, isServed: boolean): Promise<{ readonly copy: Cost; readonly replay: Cost }> {
  const path = join(directory, `${name}.db`);
  write(
    path,
    "PRAGMA journal_mode = wal; CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, note TEXT); " +
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${values.rows}) ` +
      "INSERT INTO t SELECT i, 'name ' || i, 'some more text of row ' || i FROM n",
  );
  const target = await embedded.database(name);
  const ends = ["--source", path, "--target", target, "--migrations-dir", join(directory, `m-${name}`)];
  await measured(["schema", "--write", ...ends], false);
  await measured(["up", ...ends], false);
  const copy = await measured(["sync", "--until", "caught-up", ...ends], isServed);
  write(path, `UPDATE t SET note = note || '!' WHERE id <= ${values.changes}`);
  const replay = await measured(["sync", "--until", "caught-up", ...ends], isServed);
  await measured(["rollback", "--yes", ...ends], false);
  rmSync(path);
  return { copy, replay };
}

function write(path: string, sql: string): void {
  const database = new Database(path);
  database.exec(sql);
  database.close();
}

/** Seconds of CPU of one command, its workers included, and of the server meanwhile. */
async function measured(args: readonly string[], isServed: boolean): Promise<Cost> {
  const before = serverSeconds();
  const began = performance.now();
  const served = isServed ? ["--serve", "127.0.0.1:0"] : [];
  const timed = ["-c", "TIMEFORMAT='cpu %U %S'; time node \"$@\"", "bash", BIN, ...args, ...served];
  const child = spawn("bash", timed, { cwd: directory });
  let said = "";
  let watching: NodeJS.Timeout | null = null;
  const stop = new AbortController();
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString("utf8");
    const url = /the page is (\S+);/.exec(said)?.[1];
    if (url === undefined || watching !== null) return;
    for (let page = 0; page < PAGES; page++)
      void fetch(`${url}events`, { signal: stop.signal })
        .then((answer) => answer.text())
        .catch(() => {});
    watching = setInterval(() => void fetch(`${url}metrics`).catch(() => {}), 1_000);
  });
  child.stdout.resume();
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (watching !== null) clearInterval(watching);
  stop.abort();
  const found = /cpu ([\d.]+) ([\d.]+)/.exec(said);
  if (code !== 0 || found === null) throw new Error(said);
  const wall = (performance.now() - began) / 1_000;
  return { client: Number(found[1]) + Number(found[2]), server: serverSeconds() - before, wall };
}

/** Of all processes that the server has and had. */
function serverSeconds(): number {
  let ticks = 0;
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = readStat(entry);
    if (stat === null || (Number(entry) !== postmaster && Number(stat[1]) !== postmaster)) continue;
    const [user = 0, system = 0, userOfEnded = 0, systemOfEnded = 0] = stat.slice(11, 15).map(Number);
    ticks += user + system + (Number(entry) === postmaster ? userOfEnded + systemOfEnded : 0);
  }
  return ticks / TICKS_A_SECOND;
}

/** From the third field on; null for a process that has ended. */
function readStat(pid: string): readonly string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}

function find(from: string, name: string): string {
  const found = readdirSync(from, { recursive: true, encoding: "utf8" }).find((path) => path.endsWith(name));
  if (found === undefined) throw new Error(`there is no ${name}`);
  return join(from, found);
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
