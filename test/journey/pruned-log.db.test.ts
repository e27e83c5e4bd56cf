import { setTimeout as delay } from "node:timers/promises";
import { expect, it, onTestFinished, vi } from "vitest";
import { lastLogged, pruneLog } from "../../src/db/change-log.ts";
import { holdLog } from "../../src/db/run-store.ts";
import { openSource } from "../../src/db/source.ts";
import { openMigration } from "../../src/migration.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyTarget } from "../support/target.ts";

async function inSync() {
  const { path, application } = await sqliteFile("CREATE TABLE note(id INTEGER PRIMARY KEY, body TEXT); INSERT INTO note VALUES(1, 'a'), (2, 'b'), (3, 'c')");
  const { url, target, session } = await emptyTarget("create table note(id bigint primary key, body text)");
  const stop = new AbortController();
  const migration = openMigration({ source: path, target: url, migrationsDirectory: temporaryDirectory(), signal: stop.signal });
  const source = openSource({ url: path });
  onTestFinished(async () => {
    await migration.close();
    await target.close();
    source.close();
  });
  await migration.sync({ until: "caught-up" });
  return { application, migration, session, source, stop };
}

it("a cutover compares everything again where the log was pruned since the last verification", async () => {
  const { application, migration, session, source } = await inSync();
  expect(await migration.check()).toMatchObject({ ok: true });
  await application.executeMultiple("UPDATE note SET body = 'changed' WHERE id = 1; UPDATE note SET body = 'changed' WHERE id = 2");
  await migration.sync({ until: "caught-up" });
  await session.run("update note set body = 'spoilt' where id = 1");
  await pruneLog(source, await source.read(lastLogged));
  await expect(migration.cutover()).rejects.toMatchObject({ code: "DIFFERENCES" });
});

it("a sync prunes the log, but nothing of it while a verification elsewhere needs it", async () => {
  const { application, migration, session, source, stop } = await inSync();
  const clock = performance.now.bind(performance);
  vi.spyOn(performance, "now").mockImplementation(() => clock() * 500);
  onTestFinished(() => void vi.restoreAllMocks());
  const syncing = migration.sync();
  const write = async () => {
    for (let count = 0; count < 30; count++) {
      await application.execute("UPDATE note SET body = body || '.' WHERE id = 3");
      await delay(10);
    }
    const [row] = await source.read((tx) => tx.rows("SELECT min(seq), max(seq) FROM _changeover_log"));
    return { first: Number(row?.[0]), last: Number(row?.[1]) };
  };
  const before = await write();
  expect(before.first).toBeGreaterThan(1);
  await holdLog(session);
  const kept = await write();
  const later = await write();
  expect(later.first).toBe(kept.first);
  expect(later.last).toBeGreaterThan(kept.last);
  stop.abort();
  await syncing;
});
