import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { hranaServer } from "../support/hrana/start-hrana.ts";
import { temporaryDirectory } from "../support/source.ts";

it("profiles a table of a far libSQL server by few requests, however long each takes", {
  timeout: 60_000,
}, async () => {
  const { server } = await hranaServer(
    "CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT); WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i " +
      "WHERE n < 3000) INSERT INTO t SELECT n, hex(n) FROM i",
  );
  const migration = openMigration({
    source: server.url,
    target: "postgres://nowhere",
    migrationsDirectory: join(temporaryDirectory(), "migrations"),
  });
  onTestFinished(() => migration.close());
  server.oneWayMs = 20;
  await migration.schema();
  expect(server.requests).toBeLessThan(60);
});
