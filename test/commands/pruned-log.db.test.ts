import { expect, it, onTestFinished } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { lastLogged, pruneLog } from "../../src/rows/log-entries.ts";
import { openSource } from "../../src/source/source.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyTarget } from "../support/target.ts";

async function inSync() {
  const { path, application } = await sqliteFile(
    "CREATE TABLE note(id INTEGER PRIMARY KEY, body TEXT); INSERT INTO note VALUES(1, 'a'), (2, 'b'), (3, 'c')",
  );
  const { url, target, session } = await emptyTarget("create table note(id bigint primary key, body text)");
  const stop = new AbortController();
  const migration = openMigration({
    source: path,
    target: url,
    migrationsDirectory: temporaryDirectory(),
    signal: stop.signal,
  });
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
  await application.executeMultiple(
    "UPDATE note SET body = 'changed' WHERE id = 1; UPDATE note SET body = 'changed' WHERE id = 2",
  );
  await migration.sync({ until: "caught-up" });
  await session.run("update note set body = 'spoilt' where id = 1");
  await pruneLog(source, await source.read(lastLogged));
  await expect(migration.cutover()).rejects.toMatchObject({ code: "DIFFERENCES" });
});
