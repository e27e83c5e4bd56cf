import { statSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { type Client, createClient } from "@libsql/client/sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { checkpointConcurrently, type TwoConnections } from "../../src/source/checkpoint-concurrently.ts";
import { sqliteFile } from "../support/source.ts";

const MEGABYTES = 3;

interface Seen {
  /** Pages of the WAL, and how many of them are in the database now. */
  readonly log: number;
  readonly copied: number;
}

async function whileOpen(options: { readonly during?: (application: Client) => Promise<void> } = {}) {
  const { path, application } = await sqliteFile(
    "CREATE TABLE t(x); PRAGMA wal_autocheckpoint = 0; PRAGMA busy_timeout = 0; PRAGMA synchronous = OFF; " +
      `INSERT INTO t VALUES(randomblob(${MEGABYTES * 1_000_000}))`,
  );
  const client = createClient({ url: `file:${path}`, concurrency: 2 });
  onTestFinished(() => client.close());
  const seen: Seen[] = [];
  const watched: TwoConnections = {
    transaction: () => client.transaction("deferred"),
    async execute(statement) {
      await options.during?.(application);
      const result = await client.execute(statement);
      seen.push({ log: Number(result.rows[0]?.[1]), copied: Number(result.rows[0]?.[2]) });
      return result;
    },
  };
  return {
    path,
    application,
    seen,
    checkpoint: (alsoWhenQuiet = false) => checkpointConcurrently(watched, { wal: `${path}-wal`, alsoWhenQuiet }),
  };
}

/** The application goes on writing until the test has ended. */
function goesOn(application: Client): void {
  const timer = setInterval(() => void application.execute("INSERT INTO t VALUES(1)"), 1);
  onTestFinished(() => clearInterval(timer));
}

describe("a concurrent checkpoint", () => {
  it("copies earlier frames while more are written, but never all, so that it causes no WAL restart", async () => {
    const { path, application, seen, checkpoint } = await whileOpen();
    const before = statSync(path).size;
    goesOn(application);
    await checkpoint();
    expect(statSync(path).size).toBeGreaterThan(before + MEGABYTES * 950_000);
    expect(seen).toHaveLength(1);
    const [{ copied = 0, log = 0 } = {}] = seen;
    expect(copied).toBeGreaterThan(MEGABYTES * 230);
    expect(copied).toBeLessThan(log);
  });

  it("does nothing while the application does not write, unless told otherwise", async () => {
    const { path, seen, checkpoint } = await whileOpen();
    const before = statSync(path).size;
    expect(await checkpoint()).toBe(false);
    expect(seen).toEqual([]);
    expect(statSync(path).size).toBe(before);
    expect(await checkpoint(true)).toBe(true);
    expect(statSync(path).size).toBeGreaterThan(before + MEGABYTES * 950_000);
  });

  it("lets nobody restart the WAL before it has ended", async () => {
    const restarts: unknown[] = [];
    const { application, checkpoint } = await whileOpen({
      async during(other) {
        restarts.push((await other.execute("PRAGMA wal_checkpoint(RESTART)")).rows[0]?.[0]);
      },
    });
    goesOn(application);
    await checkpoint();
    const [busy, done] = [1n, 0n];
    expect(restarts).toEqual([busy]);
    expect((await application.execute("PRAGMA wal_checkpoint(RESTART)")).rows[0]?.[0]).toBe(done);
  });

  it("holds no snapshot afterwards, even after a failure", async () => {
    const { application, checkpoint } = await whileOpen({ during: () => Promise.reject(new Error("disk I/O error")) });
    goesOn(application);
    await expect(checkpoint()).rejects.toThrow("disk I/O error");
    await delay(5);
    expect((await application.execute("PRAGMA wal_checkpoint(RESTART)")).rows[0]?.[0]).toBe(0n);
  });
});
