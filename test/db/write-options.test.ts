import { statSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { type SourceReader, type WriteOptions, openSource } from "../../src/db/source.ts";
import { sqliteFile } from "../support/source.ts";

const [NORMAL, FULL] = [1n, 2n];

async function opened(journalMode: "wal" | "delete") {
  const { path, application } = await sqliteFile("CREATE TABLE notes(note BLOB); CREATE TABLE parents(id INTEGER PRIMARY KEY); CREATE TABLE children(id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parents(id)); INSERT INTO parents VALUES(1)", { journalMode });
  application.close();
  const source = openSource({ url: path });
  onTestFinished(() => source.close());
  const ask = async (tx: SourceReader) => ({ synchronous: (await tx.rows("PRAGMA synchronous"))[0]?.[0], foreignKeys: (await tx.rows("PRAGMA foreign_keys"))[0]?.[0] });
  return { path, source, ask, seen: (options?: WriteOptions) => source.write(ask, options) };
}

const usual = { synchronous: FULL, foreignKeys: 1n };

describe("a transaction of the source", () => {
  it("waits for the disk, unless it was said that it need not, and so does the one after it", async () => {
    const { seen } = await opened("wal");
    expect(await seen()).toEqual(usual);
    expect(await seen({ durable: false })).toEqual({ ...usual, synchronous: NORMAL });
    expect(await seen()).toEqual(usual);
  });

  it("waits for the disk in any case where the file might be damaged by a power cut if it did not", async () => {
    const { seen } = await opened("delete");
    expect(await seen({ durable: false })).toEqual(usual);
  });

  it("neither checks foreign keys nor waits, if both was said, and the one after it does both", async () => {
    const { source, seen } = await opened("wal");
    await source.write((tx) => tx.run("INSERT INTO children VALUES(1, 404)"), { foreignKeys: "off", durable: false });
    expect(await seen()).toEqual(usual);
    await expect(source.write((tx) => tx.run("INSERT INTO children VALUES(2, 404)"))).rejects.toThrow(/FOREIGN KEY/);
  });

  it("makes no checkpoint in its commit, unless that was asked for", async () => {
    const { path, source } = await opened("wal");
    const size = () => statSync(path).size;
    const write = (options?: WriteOptions) => source.write((tx) => tx.run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO notes SELECT randomblob(1000) FROM n"), options);
    const before = size();
    await write();
    expect(size()).toBe(before);
    await write({ checkpoint: true });
    expect(size()).toBeGreaterThan(before + 9_000_000);
    await write();
    expect(size()).toBeLessThan(before + 12_000_000);
  });

  it.each<[string, WriteOptions]>([["did not wait for the disk", { durable: false }], ["did not check foreign keys", { foreignKeys: "off" }]])("waits and checks again after one that %s and failed, even one that SQLite itself had rolled back", async (_, options) => {
    const { source, seen } = await opened("wal");
    await expect(source.write(() => Promise.reject(new Error("given up")), options)).rejects.toThrow("given up");
    expect(await seen()).toEqual(usual);
    const rolledBack = source.write(async (tx) => {
      await tx.run("ROLLBACK");
      throw new Error("rolled back");
    }, options);
    await expect(rolledBack).rejects.toThrow("rolled back");
    expect(await seen()).toEqual(usual);
  });
});
