import { statSync } from "node:fs";
import { expect, it } from "vitest";
import { usedBytes, WalGuard } from "../../src/source/wal-guard.ts";
import { sqliteFile } from "../support/source.ts";

const FRAME = 24 + 4_096;

it("measures how much of a WAL is in use, which the file size does not show", async () => {
  const { path, application } = await sqliteFile(
    "PRAGMA page_size = 4096; CREATE TABLE t(x); PRAGMA wal_autocheckpoint = 0",
  );
  const wal = `${path}-wal`;
  const row = () => application.execute("INSERT INTO t VALUES(randomblob(40000))");
  const frames = async () => Number((await application.execute("PRAGMA wal_checkpoint(PASSIVE)")).rows[0]?.[1]);
  for (let i = 0; i < 20; i++) await row();
  expect(usedBytes(wal)).toBe((await frames()) * FRAME);
  const size = statSync(wal).size;
  await application.execute("PRAGMA wal_checkpoint(RESTART)");
  await row();
  expect(usedBytes(wal)).toBe((await frames()) * FRAME);
  expect(statSync(wal).size).toBe(size);
  expect(usedBytes(wal)).toBeLessThan(size / 5);
});

it("returns 0 without a WAL", async () => {
  const { path } = await sqliteFile("CREATE TABLE t(x)", { journalMode: "delete" });
  expect(usedBytes(`${path}-wal`)).toBe(0);
  await new WalGuard(path).waitForRestart();
});

it("waits for the restart of a large WAL, but not for long", async () => {
  const { path, application } = await sqliteFile("CREATE TABLE t(x); PRAGMA wal_autocheckpoint = 0");
  const guard = new WalGuard(path);
  await application.execute("INSERT INTO t VALUES(randomblob(40000000))");
  const timed = async () => {
    const started = performance.now();
    await guard.waitForRestart();
    return performance.now() - started;
  };
  expect(await timed()).toBeGreaterThan(150);
  expect(await timed()).toBeLessThan(50);
});
