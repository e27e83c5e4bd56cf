import { spawn } from "node:child_process";
import { once } from "node:events";
import { statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { FENCE_TABLE, LOG_TABLE } from "../../src/model/change-log.ts";
import type { TableMapping } from "../../src/model/mapping.ts";
import { raiseFence, sealFence } from "../../src/source/fence/fence.ts";
import { prepareFence } from "../../src/source/fence/prepare-fence.ts";
import { openSource } from "../../src/source/source.ts";
import { bank, expectAllMoney, expectEqual, startTransfers, stopped, syncing, untilCaughtUp } from "../support/bank.ts";
import { runCli } from "../support/cli.ts";
import { sqliteFile } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

describe("faults of the source, of its writer and of the machine", () => {
  it("the source's disk is full: nothing begins or is left behind, and it begins once there is space", async () => {
    const url = await emptyDatabase();
    const its = await bank(url, "delete");
    const before = JSON.stringify((await its.application.execute("SELECT name, sql FROM sqlite_schema")).rows);
    const blocks = Math.ceil(statSync(its.path).size / 512);
    const { code, stderr } = await limited(blocks, ["sync", "--until", "caught-up", ...its.ends], its.cwd);
    expect(stderr).toMatch(/\[SOURCE_(IO|DISK_FULL)\]/);
    expect(code).toBe(1);
    expect(JSON.stringify((await its.application.execute("SELECT name, sql FROM sqlite_schema")).rows)).toBe(before);
    expect((await runCli(["sync", "--until", "caught-up", ...its.ends], { cwd: its.cwd })).code).toBe(0);
    await expectEqual(its, url);
  });

  it("a second sync is refused, and one after a killed one is not", async () => {
    const url = await emptyDatabase();
    const its = await bank(url);
    const transfers = startTransfers(its.application);
    const first = await syncing(its);
    const second = await runCli(["sync", ...its.ends], { cwd: its.cwd });
    expect(second.code).toBe(1);
    expect(second.stderr).toContain("[RUN_LOCKED]");
    first.child.kill("SIGKILL");
    await first.ended;
    const third = await syncing(its);
    await transfers.stop();
    await untilCaughtUp(third, its, url);
    await expectEqual(its, url);
    await stopped(third);
  });

  it.each(["wal", "delete"] as const)(
    "the writer is killed in the middle of a transaction (journal_mode=%s): none of it arrives",
    async (mode) => {
      const url = await emptyDatabase();
      const its = await bank(url, mode);
      const sync = syncing(its);
      await delay(1_000);
      const transfers = startTransfers(its.application);
      const running = await sync;
      await transfers.stop();
      // A cache of one page writes to the file before the commit.
      const script = `const { createClient } = require("@libsql/client");
        const c = createClient({ url: "file:${its.path}" });
      c.transaction("write").then(async (t) => { await t.execute("PRAGMA cache_size = 1");
        await t.execute("UPDATE accounts SET balance = balance + 1000");
      await t.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)" +
        " INSERT INTO transfers(sender, receiver, amount) SELECT i, i, 7 FROM n"); console.log("inside");
          setTimeout(() => {}, 60000); });`;
      const writer = spawn(process.execPath, ["-e", script], {
        cwd: process.cwd(),
        stdio: ["ignore", "pipe", "inherit"],
      });
      onTestFinished(() => void writer.kill("SIGKILL"));
      await once(writer.stdout, "data");
      await delay(300);
      writer.kill("SIGKILL");
      await once(writer, "close");
      const more = startTransfers(its.application);
      await delay(300);
      await more.stop();
      await untilCaughtUp(running, its, url);
      await expectEqual(its, url);
      expect(await query(url, "select count(*)::int as n from transfers where amount = 7")).toEqual([{ n: 0 }]);
      await stopped(running);
    },
  );

  it("the application holds the source to itself for seconds: the sync waits, and goes on", async () => {
    const url = await emptyDatabase();
    const its = await bank(url, "delete");
    const starting = syncing(its);
    await delay(1_000);
    const transfers = startTransfers(its.application);
    const sync = await starting;
    await transfers.stop();
    const transaction = await its.application.transaction("write");
    // A cache of one page writes to the file before the commit, and from then on nobody reads.
    await transaction.execute("PRAGMA cache_size = 1");
    await transaction.execute(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) " +
        "INSERT INTO transfers(sender, receiver, amount) SELECT i, i, 0 FROM n",
    );
    await delay(2_000);
    await transaction.commit();
    await untilCaughtUp(sync, its, url);
    await expectEqual(its, url);
    await stopped(sync);
  });

  it("the clock jumps forward while the fence stands, and a write gets through: the fence is not sealed", async () => {
    const { path, application } = await sqliteFile(
      `CREATE TABLE t(id INTEGER PRIMARY KEY); CREATE TABLE "${LOG_TABLE}"(seq INTEGER PRIMARY KEY, tbl, k1); ` +
        `CREATE TRIGGER log AFTER INSERT ON t BEGIN INSERT INTO "${LOG_TABLE}"(tbl, k1) VALUES(1, NEW.id); END`,
    );
    const source = openSource({ url: path });
    const mapping: TableMapping = {
      id: 1,
      source: "t",
      target: { schema: "public", name: "t" },
      identity: { kind: "columns", columns: ["id"] },
      columns: [],
    };
    const prepared = await prepareFence(source, {
      mappings: [mapping],
      location: "elsewhere",
      onSchemaChange: () => {},
    });
    const { last: drained } = await raiseFence(source, { prepared, budgetMs: 3_600_000, lockWaitMs: 1_000 });
    await expect(application.execute("INSERT INTO t VALUES(1)")).rejects.toThrow(/CHANGEOVER_FENCED/);
    // What an hour's jump of the clock makes of the deadline.
    await application.execute(`UPDATE "${FENCE_TABLE}" SET until = until - 3700000`);
    await application.execute("INSERT INTO t VALUES(1)");
    await expect(sealFence(source, drained, 1_000)).rejects.toMatchObject({ code: "FENCE_EXPIRED" });
    source.close();
  });

  it("the clock jumps by hours, to and fro: nothing relies on it", async () => {
    const url = await emptyDatabase();
    const its = await bank(url);
    const transfers = startTransfers(its.application);
    const jumping =
      "const now = Date.now; let n = 0; Date.now = () => now() + (n++ % 2 === 0 ? -1 : 1) * 7.2e6 * (n % 5);";
    const env = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(jumping)}` };
    const sync = await syncing(its, env);
    await delay(500);
    await transfers.stop();
    await untilCaughtUp(sync, its, url);
    await expectEqual(its, url);
    await stopped(sync);
    const cutover = await runCli(["cutover", "--yes", ...its.ends, "--json"], { cwd: its.cwd, env });
    expect(JSON.parse(cutover.stdout)).toMatchObject({ ok: true, phase: "cut-over" });
    await expectAllMoney(url);
  });
});

/** Runs the command line in a process that may not write files beyond so many blocks of 512 bytes. */
async function limited(
  blocks: number,
  args: readonly string[],
  cwd: string,
): Promise<{ readonly code: number | null; readonly stderr: string }> {
  const bin = join(process.cwd(), "bin", "changeover.js");
  const child = spawn("sh", ["-c", `ulimit -f ${blocks}; exec "$0" "$@"`, process.execPath, bin, ...args], {
    cwd,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString("utf8");
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stderr };
}
