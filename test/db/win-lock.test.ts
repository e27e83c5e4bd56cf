import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it, onTestFinished } from "vitest";
import { openSource } from "../../src/db/source.ts";
import { sqliteFile } from "../support/source.ts";

/** Another process that has the file for itself, but for the fraction of a millisecond between two transactions. */
async function startHog(path: string, heldMs: number, freeMs: number): Promise<void> {
  const program = `const Database = require("libsql"); const db = new Database(process.argv[1], { timeout: 0 });
    const spin = (ms) => { const until = performance.now() + ms; while (performance.now() < until); };
    console.log("holds");
    for (;;) { try { db.exec("BEGIN EXCLUSIVE"); } catch { continue; } spin(${heldMs}); db.exec("COMMIT"); spin(${freeMs}); }`;
  const child = spawn(process.execPath, ["-e", program, path], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
}

describe("a file with a rollback journal that others hardly leave free", () => {
  it("is read and written all the same, without starving", { timeout: 60_000 }, async () => {
    const { path, application } = await sqliteFile("CREATE TABLE t(x)", { journalMode: "delete" });
    application.close();
    await startHog(path, 15, 0.5);
    const source = openSource({ url: path });
    onTestFinished(() => source.close());
    const started = performance.now();
    for (let n = 0; n < 30; n++) await source.read((tx) => tx.rows("SELECT count(*) FROM t"));
    for (let n = 0; n < 5; n++) await source.write((tx) => tx.run("INSERT INTO t VALUES(1)"));
    expect(await source.read((tx) => tx.rows("SELECT count(*) FROM t"))).toEqual([[5n]]);
    // SQLite's own waiting, which sleeps up to 100 ms between two looks, takes half a minute and more.
    expect(performance.now() - started).toBeLessThan(12_000);
    expect(source.isContended()).toBe(true);
  });

  it("is left to its writers between two looks of ours, until nobody but us can write", async () => {
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
    source.hurry(true);
    expect(source.isContended()).toBe(true);
  });

  it("ends its wait when it is told to", async () => {
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
