import { expect, it } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { sqliteFile } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

const ROWS = 3_000;

// A real among the values, so that rows are looked up by their keys, page after page.
it.each([
  ["bytes", "BLOB", "randomblob(8) || CAST(i AS BLOB)", "bytea"],
  ["texts with backslashes", "TEXT", `'C:\\dir\\' || i || '\\'`, "text"],
  [
    "texts with line ends, tabs and backslashes",
    "TEXT",
    `CASE i % 4 WHEN 0 THEN 'a' || char(10) || i WHEN 1 THEN char(9) || i WHEN 2 THEN '\\N' || i ` +
      `ELSE '\\\\' || char(13) || i END`,
    "text",
  ],
  ["texts that look like escapes", "TEXT", `'\\t\\n\\' || i`, "text"],
])("finds rows by keys that are %s", { timeout: 60_000 }, async (_, declared, key, type) => {
  const { path } = await sqliteFile(
    `CREATE TABLE t(k ${declared} PRIMARY KEY NOT NULL, v REAL); WITH RECURSIVE i(i) AS (SELECT 1 UNION ALL ` +
      `SELECT i + 1 FROM i WHERE i < ${ROWS}) INSERT INTO t SELECT ${key}, i + 0.5 FROM i`,
  );
  const target = await emptyDatabase();
  await query(target, `create table t(k ${type} primary key, v double precision)`);
  const migration = openMigration({ source: path, target, migrationsDirectory: `${path}.none` });
  try {
    await migration.sync({ until: "caught-up" });
    expect(await migration.check()).toMatchObject({ ok: true, rows: ROWS, differences: 0 });
    await query(target, "update t set v = -1 where v in (7.5, 2900.5)");
    expect(await migration.check()).toMatchObject({ ok: false, differences: 2 });
  } finally {
    await migration.close();
  }
});
