import { expect, it } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { sqliteFile } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

it.each([
  ["alone", ""],
  ["before others", ", ('a', 2)"],
])("finds a row whose key is the empty text, %s", async (_, more) => {
  // A real among its values, so that the row is looked up by its key.
  const { path } = await sqliteFile(
    `CREATE TABLE t(k TEXT PRIMARY KEY NOT NULL, v REAL); INSERT INTO t VALUES ('', 1.5)${more}`,
  );
  const target = await emptyDatabase();
  await query(target, "create table t(k text primary key, v double precision)");
  const migration = openMigration({ source: path, target, migrationsDirectory: `${path}.none` });
  try {
    await migration.sync({ until: "caught-up" });
    expect(await migration.check()).toMatchObject({ ok: true, differences: 0 });
    await query(target, "update t set v = 2 where k = ''");
    expect(await migration.check()).toMatchObject({ ok: false, differences: 1 });
  } finally {
    await migration.close();
  }
});
