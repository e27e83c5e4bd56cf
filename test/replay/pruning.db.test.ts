import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { LOG_TABLE } from "../../src/model/change-log.ts";
import { Pruning } from "../../src/replay/pruning.ts";
import { pruneLog, reachesBackTo } from "../../src/rows/log-entries.ts";
import { prepareRunStore } from "../../src/schema/migrate/prepare-run-store.ts";
import { openSource, type Source } from "../../src/source/source.ts";
import { holdChangeLog } from "../../src/target/store/change-log-lock.ts";
import { createRun } from "../../src/target/store/run-store.ts";
import { setVerified } from "../../src/target/store/verified-store.ts";
import { sqliteFile } from "../support/source.ts";
import { emptyTarget } from "../support/target.ts";

const ENTRIES = 5_000;

async function log() {
  const { path, application } = await sqliteFile(
    `CREATE TABLE "${LOG_TABLE}"(seq INTEGER PRIMARY KEY, tbl INTEGER); WITH RECURSIVE n(i) AS (SELECT 1 ` +
      `UNION ALL SELECT i + 1 FROM n WHERE i < ${ENTRIES}) INSERT INTO "${LOG_TABLE}" SELECT i, 1 FROM n`,
  );
  const source = openSource({ url: path });
  const seqs = async () =>
    (await application.execute(`SELECT min(seq), max(seq) FROM "${LOG_TABLE}"`)).rows.map((row) => [
      Number(row[0]),
      Number(row[1]),
    ])[0];
  return { path, source, application, seqs };
}

async function prunable(source: Source) {
  const { url, target, session } = await emptyTarget();
  await prepareRunStore(session, url);
  const run = randomUUID();
  await createRun(session, {
    id: run,
    source: "",
    sourceIdentity: { kind: "server", url: "" },
    captured: true,
    mappings: [],
    rows: new Map(),
  });
  const worth = { entries: 1n, entriesAfterRest: 1n, restMs: 0 };
  const pruning = new Pruning({ run, source, session, worth, entriesAtOnce: 1_000 });
  /** Something is committed without waiting, and enough time passes for it to reach the disk by itself. */
  const pruneTo = async (watermark: bigint) => {
    await session.transaction((tx) => tx.run("create table if not exists committed()"), { isDurable: false });
    pruning.committed(watermark);
    expect(pruning.wantsDurable).toBe(false);
    for (let step = 0; step < 15; step++) {
      await pruning.step();
      await delay(100);
    }
  };
  return { run, target, session, pruning, pruneTo };
}

describe("pruning the change log", () => {
  it("never takes the last entry, from which the next one is counted", async () => {
    const { source, seqs } = await log();
    while (await pruneLog(source, BigInt(ENTRIES)));
    expect(await seqs()).toEqual([ENTRIES, ENTRIES]);
    source.close();
  });

  it("does not wait while the application holds the lock", async () => {
    const { source, application, seqs } = await log();
    const transaction = await application.transaction("write");
    const started = performance.now();
    expect(await pruneLog(source, 100n)).toBe(false);
    expect(performance.now() - started).toBeLessThan(1_000);
    await transaction.rollback();
    expect(await pruneLog(source, 100n)).toBe(false);
    expect(await seqs()).toEqual([101, ENTRIES]);
    source.close();
  });

  it("does not wait for the disk", async () => {
    const { path, source, seqs } = await log();
    let waited = 0;
    const watched = openSource({ url: path, syncWal: async () => void waited++ });
    await pruneLog(watched, 100n);
    expect(waited).toBe(0);
    expect(await seqs()).toEqual([101, ENTRIES]);
    watched.close();
    source.close();
  });

  it("knows how far back the log reaches", async () => {
    const { source } = await log();
    expect(await source.read((tx) => reachesBackTo(tx, 0n))).toBe(true);
    await pruneLog(source, 100n);
    expect(await source.read((tx) => reachesBackTo(tx, 99n))).toBe(false);
    expect(await source.read((tx) => reachesBackTo(tx, 100n))).toBe(true);
    source.close();
  });

  it("follows a commit that survives a crash, for which nobody has waited", async () => {
    const { source, seqs } = await log();
    const { pruning, pruneTo, target } = await prunable(source);
    await pruneTo(4_000n);
    expect(await seqs()).toEqual([4_001, ENTRIES]);
    expect(pruning.wantsDurable).toBe(false);
    await target.close();
    source.close();
  });

  it("gives way to the next batch where the lock is long in coming, and goes on behind it", async () => {
    const { source, seqs } = await log();
    const slow: Pick<Source, "read" | "write"> = {
      read: (work, options) => source.read(work, options),
      async write(work, options) {
        await delay(60);
        return source.write(work, options);
      },
    };
    const { pruning, target } = await prunable(slow as Source);
    pruning.committed(4_000n);
    while (Number((await seqs())?.[0]) === 1) await pruning.step();
    expect(await seqs()).toEqual([1_001, ENTRIES]);
    await pruning.step();
    expect(await seqs()).toEqual([2_001, ENTRIES]);
    await target.close();
    source.close();
  });

  it("leaves what a verification in any process holds", async () => {
    const { source, seqs } = await log();
    const { pruneTo, target } = await prunable(source);
    const verifying = await target.session();
    await holdChangeLog(verifying);
    await pruneTo(4_000n);
    expect(await seqs()).toEqual([1, ENTRIES]);
    await target.close();
    source.close();
  });

  it("leaves what came after the last verification, for the cutover", async () => {
    const { source, seqs } = await log();
    const { run, session, pruneTo, target } = await prunable(source);
    await setVerified(session, run, { through: 1_234n, totals: { rows: 1, differences: 0 } });
    await pruneTo(4_000n);
    expect(await seqs()).toEqual([1_235, ENTRIES]);
    await target.close();
    source.close();
  });

  it("holds the lock for no longer than a writer waits without notice", async () => {
    const { path, source } = await log();
    const writer = openSource({ url: path });
    await writer.write((tx) =>
      tx.run(
        `WITH RECURSIVE n(i) AS (SELECT ${ENTRIES + 1} UNION ALL SELECT i + 1 FROM n WHERE i < 30000) INSERT ` +
          `INTO "${LOG_TABLE}" SELECT i, 1 FROM n`,
      ),
    );
    const used = process.cpuUsage();
    expect(await pruneLog(source, 29_000n, 20_000)).toBe(true);
    expect(process.cpuUsage(used).user / 1_000).toBeLessThan(100);
    writer.close();
    source.close();
  });
});
