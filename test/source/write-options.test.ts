import { statSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { openSource, type SourceReader, type WriteOptions } from "../../src/source/source.ts";
import { syncWal } from "../../src/source/sync-wal.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";

const [NORMAL, FULL] = [1n, 2n];

async function opened(journalMode: "wal" | "delete" = "wal") {
  const { path, application } = await sqliteFile(
    "CREATE TABLE notes(note BLOB); CREATE TABLE parents(id INTEGER PRIMARY KEY); " +
      "CREATE TABLE children(id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parents(id)); " +
      "INSERT INTO parents VALUES(1)",
    { journalMode },
  );
  application.close();
  const waited: string[] = [];
  const source = openSource({
    url: path,
    syncWal: async (wal) => {
      // Behind the commit, and with no lock: another connection may write.
      const other = openSource({ url: path, syncWal: async () => {} });
      await other.write((tx) => tx.run("INSERT INTO notes VALUES('concurrent')"), { lockWaitMs: 0 });
      other.close();
      waited.push(wal);
      await syncWal(wal);
    },
  });
  onTestFinished(() => source.close());
  const ask = async (tx: SourceReader) => ({
    synchronous: (await tx.rows("PRAGMA synchronous"))[0]?.[0],
    foreignKeys: (await tx.rows("PRAGMA foreign_keys"))[0]?.[0],
  });
  return { path, source, waited, seen: (options?: WriteOptions) => source.write(ask, options) };
}

describe("a transaction of the source", () => {
  it("syncs after its commit without a lock, unless it need not be durable", async () => {
    const { path, seen, waited } = await opened();
    expect(await seen()).toEqual({ synchronous: NORMAL, foreignKeys: 1n });
    expect(waited).toEqual([`${path}-wal`]);
    expect(await seen({ durable: false })).toEqual({ synchronous: NORMAL, foreignKeys: 1n });
    expect(waited).toHaveLength(1);
  });

  it("syncs within its commit if a power cut could otherwise corrupt the file", async () => {
    const { seen } = await opened("delete");
    expect(await seen()).toEqual({ synchronous: FULL, foreignKeys: 1n });
    expect(await seen({ durable: false })).toEqual({ synchronous: FULL, foreignKeys: 1n });
  });

  it("fails if the disk fails", async () => {
    const { path } = await opened();
    const source = openSource({ url: path, syncWal: () => Promise.reject(new Error("EIO: i/o error, fsync")) });
    onTestFinished(() => source.close());
    await expect(source.write((tx) => tx.run("INSERT INTO notes VALUES(1)"))).rejects.toThrow("i/o error");
  });

  it("checks foreign keys again after one that did not, even if that one failed or was rolled back", async () => {
    const { source, seen } = await opened();
    await source.write((tx) => tx.run("INSERT INTO children VALUES(1, 404)"), { foreignKeys: "off" });
    expect(await seen()).toMatchObject({ foreignKeys: 1n });
    await expect(source.write(() => Promise.reject(new Error("given up")), { foreignKeys: "off" })).rejects.toThrow(
      "given up",
    );
    expect(await seen()).toMatchObject({ foreignKeys: 1n });
    const rolledBack = source.write(
      async (tx) => {
        await tx.run("ROLLBACK");
        throw new Error("rolled back");
      },
      { foreignKeys: "off" },
    );
    await expect(rolledBack).rejects.toThrow("rolled back");
    expect(await seen()).toMatchObject({ foreignKeys: 1n });
    await expect(source.write((tx) => tx.run("INSERT INTO children VALUES(2, 404)"))).rejects.toThrow(/FOREIGN KEY/);
  });

  it("makes no checkpoint in its commit unless requested", async () => {
    const { path, source } = await opened();
    const size = () => statSync(path).size;
    const write = (options?: WriteOptions) =>
      source.write(
        (tx) =>
          tx.run(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO notes " +
              "SELECT randomblob(1000) FROM n",
          ),
        { durable: false, ...options },
      );
    const before = size();
    await write();
    expect(size()).toBe(before);
    await write({ checkpoint: true });
    expect(size()).toBeGreaterThan(before + 9_000_000);
    await write();
    expect(size()).toBeLessThan(before + 12_000_000);
  });
});

it("there is nothing to sync without a WAL", async () => {
  await expect(syncWal(`${temporaryDirectory()}/app.db-wal`)).resolves.toBeUndefined();
});
