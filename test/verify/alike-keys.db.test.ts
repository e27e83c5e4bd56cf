import { expect, it } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { sqliteFile } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

it("a key written as 1 and as 1.0 is one key of the target: no row too many, and the cutover takes place", async () => {
  const { path, application } = await sqliteFile("CREATE TABLE t(k NOT NULL UNIQUE, v TEXT); INSERT INTO t VALUES (1, 'a'), (2, 'b')");
  const target = await emptyDatabase();
  await query(target, "create table t(k numeric primary key, v text)");
  const migration = openMigration({ source: path, target, migrationsDirectory: `${path}.none` });
  try {
    await migration.sync({ until: "caught-up" });
    await migration.check();
    await application.executeMultiple("UPDATE t SET k = 1.0 WHERE k = 1; UPDATE t SET v = 'c' WHERE k = 2; DELETE FROM t WHERE k = 2; INSERT INTO t VALUES (2.0, 'd')");
    expect(await migration.check()).toMatchObject({ ok: true, differences: 0 });
    expect(await migration.cutover()).toMatchObject({ ok: true });
  } finally {
    await migration.close();
  }
});
