import { expect, it, onTestFinished } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { migrateUp } from "../../src/schema/migrate/migrate-target.ts";
import { manyTables } from "../support/many-tables.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

it("of many foreign keys validated together, those that rows break are named, and the others hold", async () => {
  const { path, application } = await sqliteFile(manyTables(12));
  const target = await emptyDatabase();
  const directory = `${temporaryDirectory()}/migrations`;
  const migration = openMigration({ source: path, target, migrationsDirectory: directory });
  onTestFinished(() => migration.close());
  await migration.schema({ write: true });
  await migrateUp({ url: target, directory });
  // After the plan, which leaves a broken foreign key unvalidated by itself.
  await application.executeMultiple("PRAGMA foreign_keys = OFF; UPDATE t5 SET parent = 99");
  await migration.sync({ until: "caught-up" });
  const { brokenForeignKeys } = await migration.cutover();
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
