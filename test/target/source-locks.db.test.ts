import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { openSource } from "../../src/source/source.ts";
import { WalGuard } from "../../src/source/wal-guard.ts";
import { sqliteFile } from "../support/source.ts";

/** What another process meets that writes without waiting. */
function writeElsewhere(path: string): string {
  const program =
    `const Database = require("libsql"); try { new Database(process.argv[1], { timeout: 0 }).exec("INSERT INTO ` +
    `t VALUES(3)"); console.log("written"); } catch (error) { console.log(error.message); }`;
  return execFileSync(process.execPath, ["-e", program, path], { encoding: "utf8" }).trim();
}

describe("a source's locks", () => {
  it.each(["wal", "delete"] as const)(
    "are kept while the same process opens the source once more (journal mode %s)",
    async (journalMode) => {
      const { path, application } = await sqliteFile("CREATE TABLE t(x); INSERT INTO t VALUES(1)", { journalMode });
      application.close();
      const source = openSource({ url: path });
      onTestFinished(() => source.close());
      await source.write(async (tx) => {
        await tx.run("INSERT INTO t VALUES(2)");
        const again = openSource({ url: path });
        if (journalMode === "wal") await again.read((other) => other.rows("SELECT 1 FROM t"));
        again.close();
        expect(writeElsewhere(path)).toMatch(/locked/);
      });
      expect(await source.read((tx) => tx.rows("SELECT x FROM t"))).toEqual([[1n], [2n]]);
    },
  );

  // Only Linux tells of locks; the one that matters is the "dead man's switch" of SQLite's WAL index.
  it.runIf(process.platform === "linux")("on the WAL's index outlive its reads", async () => {
    const { path, application } = await sqliteFile("CREATE TABLE t(x); INSERT INTO t VALUES(1)");
    application.close();
    const source = openSource({ url: path });
    onTestFinished(() => source.close());
    for (let count = 0; count < 3; count++) await source.read((tx) => tx.rows("SELECT x FROM t"));
    const { ino } = statSync(`${path}-shm`);
    expect(readFileSync("/proc/locks", "utf8")).toMatch(new RegExp(`POSIX .* ${process.pid} \\S+:${ino} 128 128`));
  });
});

describe("the WAL guard", () => {
  it("waits while a large WAL is in use, but not after its restart, whatever the file size", async () => {
    const { path, application } = await sqliteFile("CREATE TABLE t(x)");
    await application.executeMultiple(
      "PRAGMA wal_autocheckpoint = 0; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n " +
        "WHERE i < 40) INSERT INTO t SELECT zeroblob(1000000) FROM n",
    );
    const waited = async () => {
      const started = performance.now();
      await new WalGuard(path).waitForRestart();
      return performance.now() - started;
    };
    expect(await waited()).toBeGreaterThan(150);
    await application.executeMultiple("PRAGMA wal_checkpoint(RESTART); INSERT INTO t VALUES(1)");
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(32 << 20);
    expect(await waited()).toBeLessThan(100);
  });
});
