import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createClient } from "@libsql/client";
import { describe, expect, it } from "vitest";
import { type RunningCli, runCli, startCli } from "../support/cli.ts";
import { temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

const TABLES = ["a", "b", "c"];
const ROWS = 80_000;
/** So that none is copied whole before the kill, on whatever machine. */
const SLOWLY = ["--max-rate", "30000"];

/** Large enough for processes of its own, with text keys, so that rows do not lie in the order of their keys. */
async function largeSource(path: string): Promise<void> {
  const client = createClient({ url: `file:${path}`, intMode: "bigint" });
  for (const table of TABLES) {
    await client.executeMultiple(
      `CREATE TABLE ${table}(id TEXT PRIMARY KEY NOT NULL, n INTEGER, body TEXT);
       WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS}) INSERT INTO ${table}
         SELECT hex(randomblob(8)), i, 'row ' || i || ' "of ' || char(9) || hex(randomblob(40)) FROM n`,
    );
  }
  client.close();
}

const ps = (...args: string[]) => spawnSync("ps", args, { encoding: "utf8" }).stdout;
const childrenOf = (pid: number | undefined) =>
  ps("-o", "pid=", "--ppid", String(pid))
    .trim()
    .split(/\s+/)
    .map(Number)
    .filter((child) => isJob(child));
const isJob = (pid: number) => ps("-o", "args=", "-p", String(pid)).includes("job-process");

/** The command with its processes, which have begun to copy. */
async function copying(
  args: readonly string[],
  cwd: string,
): Promise<RunningCli & { readonly processes: readonly number[] }> {
  const run = startCli(args, { cwd });
  await run.saw(/copying [1-3] table/);
  let processes: number[] = [];
  await expect.poll(() => (processes = childrenOf(run.child.pid)).length, { interval: 20 }).toBeGreaterThan(1);
  await delay(250);
  return { ...run, processes };
}

describe("tables in processes of their own", () => {
  it("are looked at, copied and compared by the same ones", { timeout: 120_000 }, async () => {
    const cwd = temporaryDirectory();
    const source = join(cwd, "app.db");
    await largeSource(source);
    const run = startCli(["full", "--source", source, "--target", await emptyDatabase(), "--jobs", "2", "--yes"], {
      cwd,
    });
    const seen = new Set<number>();
    let isOver = false;
    const over = run.ended.finally(() => (isOver = true));
    while (!isOver) {
      for (const pid of childrenOf(run.child.pid)) seen.add(pid);
      await delay(20);
    }
    expect(await over).toMatchObject({ code: 0 });
    expect(seen.size).toBe(2);
  });

  it("are copied and compared; whoever dies, the same command again goes on, and nothing is there twice", {
    timeout: 120_000,
  }, async () => {
    const cwd = temporaryDirectory();
    const source = join(cwd, "app.db");
    await largeSource(source);
    const target = await emptyDatabase();
    const ends = ["--source", source, "--target", target];
    expect(await runCli(["schema", "--write", ...ends], { cwd })).toMatchObject({ code: 0 });
    expect(await runCli(["up", ...ends], { cwd })).toMatchObject({ code: 0 });

    const orphaned = await copying(["data", ...ends, "--jobs", "3", ...SLOWLY], cwd);
    orphaned.child.kill("SIGKILL");
    await orphaned.ended;
    await expect.poll(() => orphaned.processes.filter((pid) => isAlive(pid))).toEqual([]);

    const bereft = await copying(["data", ...ends, "--jobs", "2", ...SLOWLY], cwd);
    process.kill(bereft.processes[0] ?? 0, "SIGKILL");
    const { code, stderr } = await bereft.ended;
    expect(code).not.toBe(0);
    expect(stderr).toContain("a process that worked on one of the tables is gone: it ended with SIGKILL");
    expect(stderr).toContain("run the same command again");

    const last = await runCli(["data", ...ends, "--jobs", "2", "--json"], { cwd });
    expect(JSON.parse(last.stdout)).toMatchObject({ ok: true, rows: TABLES.length * ROWS, differences: 0 });
    for (const table of TABLES)
      expect(await query(target, `select count(*)::integer as rows, sum(n)::text as sum from ${table}`)).toEqual([
        { rows: ROWS, sum: String((ROWS * (ROWS + 1)) / 2) },
      ]);
  });
});

/** What is dead, but not yet buried by whom it fell to, is dead. */
function isAlive(pid: number): boolean {
  try {
    return !execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).startsWith("Z");
  } catch {
    return false;
  }
}
