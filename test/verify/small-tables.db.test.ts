import { expect, it, onTestFinished } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { renderDigestsOfTables, withSmallTogether } from "../../src/verify/verify-small-tables.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyTarget } from "../support/target.ts";

const TABLES = Array.from({ length: 12 }, (_, index) => `t${index}`);

/** Twelve small tables, every third without rows, in a run that is caught up. */
async function caughtUp() {
  const { path, application } = await sqliteFile(
    TABLES.map(
      (name, index) =>
        `CREATE TABLE ${name}(id INTEGER PRIMARY KEY, v TEXT, r REAL); ` +
        (index % 3 === 2 ? "" : `INSERT INTO ${name} VALUES (1, NULL, 0.1), (2, '', 2), (3, 'of ${name}', NULL);`),
    ).join("\n"),
  );
  const { url, target, session } = await emptyTarget(
    TABLES.map((name) => `create table ${name}(id bigint primary key, v text, r double precision);`).join("\n"),
  );
  onTestFinished(() => target.close());
  const migration = openMigration({ source: path, target: url, migrationsDirectory: temporaryDirectory() });
  onTestFinished(() => migration.close());
  await migration.sync({ until: "caught-up" });
  return { application, migration, session };
}

it("small tables that are compared together are equal, also with changes on their way", async () => {
  const { application, migration } = await caughtUp();
  expect(await migration.check()).toMatchObject({ ok: true, rows: 24, differences: 0 });
  await application.execute("DELETE FROM t0 WHERE id = 1");
  await application.execute("INSERT INTO t2 VALUES (9, 'new', 1.5)");
  await migration.sync({ until: "caught-up" });
  expect(await migration.check()).toMatchObject({ ok: true, rows: 24, differences: 0 });
});

it("each difference in small tables is named: changed, missing and extra rows, also in an empty table", async () => {
  const { migration, session } = await caughtUp();
  await session.run(
    "update t0 set v = '' where id = 1; update t1 set r = r * (1 + 2.3e-16) where id = 1; " +
      "delete from t3 where id = 3; insert into t5 values (7, 'extra', 1); update t6 set id = 8 where id = 2",
  );
  const { ok, tables } = await migration.check();
  expect(ok).toBe(false);
  const named = tables.flatMap(({ examples = [], table }) =>
    examples.map(({ columns, key, what }) => [table, key, what, ...columns].join(" ")),
  );
  expect(named.sort()).toEqual([
    "t0 1 different v",
    "t1 1 different r",
    "t3 3 missing",
    "t5 7 extra",
    "t6 2 missing",
    "t6 8 extra",
  ]);
});

// The target has the very rows that the first page holds.
it("a table that has more rows than were counted is compared to its end", async () => {
  const { application, migration, session } = await caughtUp();
  await application.execute(
    "WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 400) " +
      "INSERT INTO t4 SELECT i, " +
      "'n', i FROM n",
  );
  await migration.sync({ until: "caught-up" });
  await session.run("delete from t4 where id > 206");
  const { tables } = await migration.check();
  expect(tables.find(({ table }) => table === "t4")?.differences).toBe(194);
});

it("few small tables are compared one by one, and many in groups behind the others", () => {
  const isSmall = (item: number) => item > 1;
  expect(withSmallTogether([1, 2, 3], isSmall)).toEqual([[1], [2], [3]]);
  const items = Array.from({ length: 41 }, (_, index) => index + 1);
  expect(withSmallTogether(items, isSmall).map((group) => group.length)).toEqual([1, 32, 8]);
  expect(renderDigestsOfTables([])).toBe("");
});
