import { expect, it, onTestFinished } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { manyTables } from "../support/many-tables.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

it("of many foreign keys that are validated together, those that rows break are named, and all others hold", async () => {
  const { path } = await sqliteFile(`${manyTables(12)} PRAGMA foreign_keys = OFF; UPDATE t5 SET parent = 99`);
  const target = await emptyDatabase();
  const migration = openMigration({ source: path, target, migrationsDirectory: temporaryDirectory() });
  onTestFinished(() => migration.close());
  const { brokenForeignKeys } = await migration.full({ accept: ["FOREIGN_KEY_ORPHANS"] });
  expect(brokenForeignKeys).toHaveLength(1);
  expect(JSON.stringify(brokenForeignKeys)).toContain("t5");
  expect(
    await query(
      target,
      "select conrelid::regclass::text as name from pg_constraint where contype = 'f' and not convalidated " +
        "and conrelid::regclass::text like 't%'",
    ),
  ).toEqual([{ name: "t5" }]);
});
