import { statSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import type { CheckpointOptions } from "../../src/source/checkpoint-concurrently.ts";
import { Checkpoints } from "../../src/source/checkpoints.ts";
import { openSource } from "../../src/source/source.ts";
import { sqliteFile } from "../support/source.ts";

const UNCHECKED = "PRAGMA page_size = 4096; CREATE TABLE t(x); PRAGMA wal_autocheckpoint = 0";
const write = (megabytes: number) => `INSERT INTO t VALUES(randomblob(${megabytes * 1_000_000}))`;
const LONG_MS = 400;

/** Counts what it is asked for. */
function counted(
  database: string,
  checkpoint: (options: CheckpointOptions) => Promise<boolean> = async () => true,
): { readonly asked: () => number } {
  let asked = 0;
  const checkpoints = new Checkpoints({
    database,
    checkpoint(options) {
      asked++;
      return checkpoint(options);
    },
  });
  checkpoints.start();
  onTestFinished(() => checkpoints.stop());
  return { asked: () => asked };
}

it("copies the application's writes into the database, so that its commits need not", async () => {
  const { path, application } = await sqliteFile(UNCHECKED);
  const source = openSource({ url: path });
  onTestFinished(() => source.close());
  await application.execute(write(3));
  const before = statSync(path).size;
  const timer = setInterval(() => void application.execute(write(0.001)), 1);
  onTestFinished(() => clearInterval(timer));
  source.takeOverCheckpoints();
  await expect.poll(() => statSync(path).size, { timeout: 5_000 }).toBeGreaterThan(before + 2_900_000);
});

it("waits while the application does not write, and leaves a complete checkpoint to it", async () => {
  const { path, application } = await sqliteFile(UNCHECKED);
  const source = openSource({ url: path });
  onTestFinished(() => source.close());
  await application.execute(write(3));
  const before = statSync(path).size;
  source.takeOverCheckpoints();
  await delay(LONG_MS);
  expect(statSync(path).size).toBe(before);
  await expect.poll(() => statSync(path).size, { timeout: 5_000 }).toBeGreaterThan(before + 2_900_000);
});

it("does nothing before start and after stop", async () => {
  const { path, application } = await sqliteFile(UNCHECKED);
  const source = openSource({ url: path });
  const before = statSync(path).size;
  await source.read((tx) => tx.rows("SELECT 1"));
  await application.execute(write(3));
  await delay(LONG_MS);
  expect(statSync(path).size).toBe(before);
  source.takeOverCheckpoints();
  source.close();
  await delay(LONG_MS);
  expect(statSync(path).size).toBe(before);
});

it("copies others' writes only after several quiet polls", async () => {
  const { path, application } = await sqliteFile(UNCHECKED);
  const told: boolean[] = [];
  const { asked } = counted(path, async ({ alsoWhenQuiet = false }) => {
    told.push(alsoWhenQuiet);
    return alsoWhenQuiet;
  });
  await application.execute(write(3));
  const started = performance.now();
  await expect.poll(() => told.at(-1), { timeout: 5_000 }).toBe(true);
  expect(performance.now() - started).toBeGreaterThan(700);
  expect(told).toEqual([...Array.from({ length: 10 }, () => false), true]);
  await delay(LONG_MS);
  expect(asked()).toBe(11);
});

it("does nothing for a small WAL", async () => {
  const { path, application } = await sqliteFile(UNCHECKED);
  const { asked } = counted(path);
  await application.execute(write(0.5));
  await delay(LONG_MS);
  expect(asked()).toBe(0);
});

it("does not retry while a reader keeps the WAL large, until more is written", async () => {
  const { path, application } = await sqliteFile(UNCHECKED);
  const { asked } = counted(path);
  await application.execute(write(3));
  await expect.poll(asked).toBe(1);
  await delay(LONG_MS);
  expect(asked()).toBe(1);
  await application.execute(write(3));
  await expect.poll(asked).toBe(2);
});

it("starts over with a restarted WAL", async () => {
  const { path, application } = await sqliteFile(UNCHECKED);
  const { asked } = counted(path);
  await application.execute(write(6));
  await expect.poll(asked).toBe(1);
  await application.execute("PRAGMA wal_checkpoint(RESTART)");
  await application.execute(write(3));
  await expect.poll(asked).toBe(2);
});

it("gives up after repeated failures", async () => {
  const { path, application } = await sqliteFile(UNCHECKED);
  const { asked } = counted(path, () => Promise.reject(new Error("disk I/O error")));
  for (let count = 1; count <= 3; count++) {
    await application.execute(write(2));
    await expect.poll(asked).toBe(count);
  }
  await application.execute(write(2));
  await delay(LONG_MS);
  expect(asked()).toBe(3);
});

it("does nothing without a WAL", async () => {
  const { path, application } = await sqliteFile("CREATE TABLE t(x)", { journalMode: "delete" });
  const { asked } = counted(path);
  await application.execute(write(3));
  await delay(LONG_MS);
  expect(asked()).toBe(0);
});
