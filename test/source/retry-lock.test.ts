import { spawn } from "node:child_process";
import { once } from "node:events";
import { LibsqlError } from "@libsql/client";
import { describe, expect, it, onTestFinished } from "vitest";
import { retryLock } from "../../src/source/retry-lock.ts";
import { openSource } from "../../src/source/source.ts";
import { sqliteFile } from "../support/source.ts";

/** Another process that has the file for itself, but for the fraction of a millisecond between two transactions. */
async function startHog(path: string, heldMs: number, freeMs: number): Promise<void> {
  const program = `const Database = require("libsql"); const db = new Database(process.argv[1], { timeout: 0 });
    const spin = (ms) => { const until = performance.now() + ms; while (performance.now() < until); };
    console.log("holds");
    for (;;) { try { db.exec("BEGIN EXCLUSIVE"); } catch { continue; } spin(${heldMs}); db.exec("COMMIT");
      spin(${freeMs}); }`;
  const child = spawn(process.execPath, ["-e", program, path], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
}

it("a lock is retried several times per millisecond, and blocks the thread only briefly", async () => {
  const tries: number[] = [];
  let turns = 0;
  const turning = setInterval(() => turns++, 1);
  const won = await retryLock(async () => {
    tries.push(performance.now());
    if (tries.length <= 200) throw new LibsqlError("database is locked", "SQLITE_BUSY");
    return "won";
  }, 10_000);
  clearInterval(turning);
  expect(won).toBe("won");
  const gaps = tries.slice(1).map((at, n) => at - (tries[n] ?? 0));
  // The middle one: a busy machine keeps any process waiting now and then.
  expect(gaps.sort((x, y) => x - y)[100]).toBeLessThan(2);
  expect(turns).toBeGreaterThan(5);
});

it("a lock timeout is reported, and other errors immediately", async () => {
  const fails = (code: string) => () => Promise.reject(new LibsqlError("failed", code));
  await expect(retryLock(fails("SQLITE_BUSY"), 20)).rejects.toMatchObject({ code: "SQLITE_BUSY" });
  await expect(retryLock(fails("SQLITE_FULL"), 10_000)).rejects.toMatchObject({ code: "SQLITE_FULL" });
});

describe("a file with a rollback journal and busy writers", () => {
  it("is left to its writers between our snapshots, until only we can write", async () => {
    const { path, application } = await sqliteFile("CREATE TABLE t(x)", { journalMode: "delete" });
    application.close();
    await startHog(path, 5, 2);
    const source = openSource({ url: path });
    onTestFinished(() => source.close());
    while (!source.isContended()) await source.read((tx) => tx.rows("SELECT 1"));
    const held: number[] = [];
    const look = async () => {
      await source.read(async () => void held.push(performance.now()));
      return performance.now();
    };
    const before = await look();
    await look();
    expect((held[1] ?? 0) - before).toBeGreaterThan(15);
    source.setSoleWriter(true);
    expect(source.isContended()).toBe(true);
  });

  it("stops waiting when aborted", async () => {
    const { path, application } = await sqliteFile("CREATE TABLE t(x)", { journalMode: "delete" });
    await application.executeMultiple("PRAGMA locking_mode = exclusive; BEGIN EXCLUSIVE; INSERT INTO t VALUES(1)");
    const source = openSource({ url: path });
    onTestFinished(() => source.close());
    const stop = new AbortController();
    const read = source.read((tx) => tx.rows("SELECT 1"), { signal: stop.signal });
    setTimeout(() => stop.abort(), 150);
    await expect(read).rejects.toMatchObject({ code: "INTERRUPTED" });
    application.close();
  });
});
