import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { sqliteFile } from "../support/source.ts";

async function findings(path: string) {
  const migration = openMigration({ source: path, target: "postgres://nowhere" });
  const result = await migration.validate({ target: false });
  await migration.close();
  return result.findings.filter(({ code }) => code === "SOURCE_DAMAGED" || code === "KEY_COLLISION");
}

/** A unique index on `t(mail)`, which is that of another column: its root page is another's. */
async function damagedFile(): Promise<string> {
  const { application, path } = await sqliteFile(
    "CREATE TABLE t(id INTEGER PRIMARY KEY, mail TEXT); INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'a');",
    { journalMode: "delete" },
  );
  // An index on no row of its own, as a crash between two pages leaves it.
  await application.executeMultiple(
    "CREATE UNIQUE INDEX u ON t(mail) WHERE id < 0; PRAGMA writable_schema = ON; " +
      "UPDATE sqlite_schema SET sql = 'CREATE UNIQUE INDEX u ON t(mail)' " +
      "WHERE name = 'u'; PRAGMA writable_schema = RESET",
  );
  application.close();
  return path;
}

it("says that a file is damaged that can still be read, and names rows with equal keys", async () => {
  const found = await findings(await damagedFile());
  expect(found.map(({ code, severity, count }) => [code, severity, count])).toEqual([
    ["SOURCE_DAMAGED", "warning", undefined],
    ["KEY_COLLISION", "blocking", 2],
  ]);
  expect(found[0]?.message).toMatch(/integrity_check says ".*index u/);
  expect(found[1]?.examples).toEqual([[{ type: "integer", value: "1" }], [{ type: "integer", value: "3" }]]);
});

it("says nothing of a file whose rows only break their constraints", async () => {
  const { application, path } = await sqliteFile(
    "CREATE TABLE t(id INTEGER PRIMARY KEY, x INTEGER CHECK (x > 0)); PRAGMA ignore_check_constraints = ON; " +
      "INSERT INTO t VALUES (1, -1)",
  );
  application.close();
  expect(await findings(path)).toEqual([]);
});

it("an application that has the file for itself is named as what holds the lock", async () => {
  const { path } = await sqliteFile("CREATE TABLE t(x); INSERT INTO t VALUES (1)");
  const { sourceError } = await import("../../src/source/source-error.ts");
  const busy = Object.assign(new Error("database is locked"), { name: "LibsqlError", code: "SQLITE_BUSY" });
  expect(sourceError(busy, path).message).not.toContain("EXCLUSIVE");
  writeFileSync(`${path}.other-wal`, readFileSync(path));
  expect(sourceError(busy, `${path}.other`).message).toContain("locking_mode = EXCLUSIVE");
});
