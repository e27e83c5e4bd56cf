import { readFileSync } from "node:fs";
import { openMigration } from "../../src/migration.ts";
import { type Ended, sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase } from "../support/target.ts";

/** The shop's database, in sync with a target that has the proposed schema. */
export async function shopInSync(ended: Ended, sql = readFileSync(new URL("shop.sql", import.meta.url), "utf8")) {
  const { application, path } = await sqliteFile(sql, { ended });
  const url = await emptyDatabase();
  const migration = openMigration({
    source: path,
    target: url,
    migrationsDirectory: temporaryDirectory(ended),
    jobs: 1,
  });
  ended(() => migration.close());
  await migration.schema({ write: true });
  await migration.migrations.up();
  await migration.sync({ until: "caught-up" });
  return { application, migration, path, url };
}
