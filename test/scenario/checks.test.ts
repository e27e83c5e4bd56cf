import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

it("brings rows over that break a CHECK, and has PostgreSQL hold new ones to it after the cutover", async () => {
  const { path, application } = await sqliteFile(`
    CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER CHECK (n > 0), data TEXT CONSTRAINT is_json CHECK (data IS NULL
      OR json_valid(data)), kind TEXT CHECK (typeof(kind) = 'text'));
    PRAGMA ignore_check_constraints = ON;
    INSERT INTO t VALUES (1, 1, '{}', 'a'), (2, -5, '{"a":1}', 'b'), (3, -6, 'no json', 'c'), (4, NULL, NULL, 'd');
  `);
  const target = await emptyDatabase();
  const migration = openMigration({
    source: path,
    target,
    migrationsDirectory: join(temporaryDirectory(), "migrations"),
  });
  onTestFinished(() => migration.close());
  const { findings } = await migration.validate({ target: false });
  expect(findings.map(({ code, count, examples }) => [code, count, examples?.length])).toEqual([
    ["CHECK_VIOLATED", 2, 2],
    ["CHECK_VIOLATED", 1, 1],
  ]);
  await migration.schema({ write: true });
  await migration.migrations.up();
  await migration.sync({ until: "caught-up" });
  await application.execute("INSERT INTO t VALUES (5, -7, '[', 'e')");
  await migration.sync({ until: "caught-up" });
  expect(await migration.cutover()).toMatchObject({ verified: { differences: 0 } });
  expect(await query(target, "select id::int, n::int, data from t order by t.id")).toMatchObject([
    { id: 1 },
    { id: 2, n: -5 },
    { id: 3, data: "no json" },
    { id: 4 },
    { id: 5, n: -7, data: "[" },
  ]);
  expect(
    await query(
      target,
      "select conname, convalidated from pg_constraint where contype = 'c' and conrelid = 't'::regclass " +
        "order by conname",
    ),
  ).toEqual([
    { conname: "is_json", convalidated: false },
    { conname: "t_check", convalidated: false },
    { conname: "t_kind_check", convalidated: true },
  ]);
  await expect(query(target, "insert into t values (10, -1, null, 'x')")).rejects.toThrow("t_check");
  await expect(query(target, "insert into t values (10, 1, '{', 'x')")).rejects.toThrow("json");
  await query(target, "insert into t values (10, 1, null, 'x')");
});
