import { expect, it, onTestFinished } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyTarget } from "../support/target.ts";

const ROWS = 100_000;

/** Rows in sync, whose values of one column must be unique. */
async function synced() {
  const { path, application } = await sqliteFile(`
    CREATE TABLE item(id INTEGER PRIMARY KEY, place INTEGER UNIQUE, v INTEGER);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS}) INSERT INTO item SELECT i, i, 0
      FROM n;
    CREATE TABLE other(k TEXT PRIMARY KEY NOT NULL); INSERT INTO other SELECT 'k' || id FROM item WHERE id <= 100`);
  const { url, target, session } = await emptyTarget(
    "create table item(id bigint primary key, place bigint unique, v bigint); create table other(k text primary key)",
  );
  onTestFinished(() => target.close());
  const migration = openMigration({ source: path, target: url, migrationsDirectory: temporaryDirectory() });
  onTestFinished(() => migration.close());
  await migration.sync({ until: "caught-up" });
  const updates = async () =>
    Number((await session.rows<{ n: string }>("select pg_stat_get_tuples_updated('item'::regclass)::text as n"))[0]?.n);
  return { application, migration, updates };
}

it("is applied while it is read, and ends at one snapshot of the source", async () => {
  const { application, migration, updates } = await synced();
  await application.executeMultiple(`
    UPDATE item SET v = 1; DELETE FROM item WHERE id % 10 = 0; DELETE FROM other WHERE k = 'k7';
    UPDATE item SET v = 2; INSERT INTO item SELECT id + 1, id + 1, 3 FROM item WHERE id % 10 = 9; INSERT INTO other
      VALUES('k7'), ('new')`);
  await migration.sync({ until: "caught-up" });
  expect(await migration.check()).toMatchObject({ ok: true, differences: 0, rows: ROWS + 101 });
  // Rows that were in two passes were brought twice.
  await expect.poll(updates, { timeout: 15_000 }).toBeGreaterThan(1.5 * ROWS);
});

it("waits for its end where rows of different passes meet in a unique index", async () => {
  const { application, migration } = await synced();
  // Each place goes to a row far from the one that had it; between them lie more entries than one pass takes.
  await application.executeMultiple(`
    UPDATE item SET place = -id; UPDATE item SET v = 1; UPDATE item SET place = ${ROWS} + 1 - id;
    DELETE FROM item WHERE id = 5; INSERT INTO item VALUES(${ROWS} + 1, ${ROWS} - 4, 9)`);
  await migration.sync({ until: "caught-up" });
  expect(await migration.check()).toMatchObject({ ok: true, differences: 0, rows: ROWS + 100 });
});
