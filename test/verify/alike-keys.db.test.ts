import { expect, it, onTestFinished, vi } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { openSource } from "../../src/source/source.ts";
import { loadRun } from "../../src/target/store/run-store.ts";
import { LookUp } from "../../src/verify/look-up.ts";
import { verifyTable } from "../../src/verify/verify-run.ts";
import { sqliteFile } from "../support/source.ts";
import { emptyDatabase, emptyTarget, query } from "../support/target.ts";

it("a key written as 1 and as 1.0 is one key of the target: no row too many, and the cutover takes place", async () => {
  const { path, application } = await sqliteFile(
    "CREATE TABLE t(k NOT NULL UNIQUE, v TEXT); INSERT INTO t VALUES (1, 'a'), (2, 'b')",
  );
  const target = await emptyDatabase();
  await query(target, "create table t(k numeric primary key, v text)");
  const migration = openMigration({ source: path, target, migrationsDirectory: `${path}.none` });
  try {
    await migration.sync({ until: "caught-up" });
    await migration.check();
    await application.executeMultiple(
      "UPDATE t SET k = 1.0 WHERE k = 1; UPDATE t SET v = 'c' WHERE k = 2; DELETE FROM t WHERE k = 2; " +
        "INSERT INTO t VALUES (2.0, 'd')",
    );
    expect(await migration.check()).toMatchObject({ ok: true, differences: 0 });
    expect(await migration.cutover()).toMatchObject({ phase: "cut-over" });
  } finally {
    await migration.close();
  }
});

it(
  "a number for a key that is no alias of the rowid is compared by ranges of it at rest, too, " +
    "though rows lie in another order",
  async () => {
    const { path } = await sqliteFile(
      "CREATE TABLE t(id BIGINT PRIMARY KEY, v TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 " +
        "FROM n WHERE i < 3000) INSERT INTO t SELECT 1000000 - i * 7, 'v' || i FROM n",
    );
    const { session, target, url } = await emptyTarget("create table t(id bigint primary key, v text)");
    const migration = openMigration({ source: path, target: url, migrationsDirectory: `${path}.none` });
    const source = openSource({ url: path });
    onTestFinished(async () => {
      source.close();
      await migration.close();
      await target.close();
    });
    await migration.data();
    const run = await loadRun(session);
    const mapping = run?.mappings[0];
    if (run === null || mapping === undefined) throw new Error("no run");
    const byValues = vi.spyOn(LookUp.prototype, "rows");
    expect(
      await verifyTable(
        { run: run.id, source, session, captured: false, byPages: true, tooFarBehind: 20_000n },
        mapping,
      ),
    ).toMatchObject({ rows: 3000, differences: [] });
    expect(byValues).not.toHaveBeenCalled();
    byValues.mockRestore();
  },
);
