import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

const SCHEMA = `
  CREATE TABLE parent(id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE);
  CREATE TABLE child(id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent(id), code TEXT UNIQUE);
  INSERT INTO parent VALUES (1, 'p'); INSERT INTO child VALUES (1, 1, 'a');
`;

async function synced(later: string) {
  const { path, application } = await sqliteFile(SCHEMA);
  const url = await emptyDatabase();
  const said: string[] = [];
  const migration = openMigration({
    source: path,
    target: url,
    migrationsDirectory: join(temporaryDirectory(), "migrations"),
    onEvent: (event) => void (event.type !== "progress" && said.push(event.message)),
  });
  await migration.schema({ write: true });
  await migration.migrations.up();
  await application.executeMultiple(later);
  await migration.sync({ until: "caught-up" });
  return { migration, said, url };
}

describe("what comes back under the fence", () => {
  it("is foreign keys and triggers only: what rows could break stands before it", async () => {
    const { migration, url } = await synced("");
    const waiting = await query<{ kind: string; stage: string }>(
      url,
      "select distinct kind, stage from changeover.deferred where not restored",
    );
    expect(waiting).toEqual([{ kind: "foreign-key", stage: "cutover" }]);
    expect(
      await query(
        url,
        "select count(*)::int as n from pg_index i join pg_class c on c.oid = i.indrelid " +
          "where c.relname in ('parent', 'child') and i.indisunique",
      ),
    ).toEqual([{ n: 4 }]);
    expect(
      await query(
        url,
        "select attnotnull as required from pg_attribute where attrelid = 'parent'::regclass and attname = 'code'",
      ),
    ).toEqual([{ required: true }]);
    await migration.close();
  });

  it("is told before it where rows break it, by table and columns and not by values", async () => {
    const { migration, said, url } = await synced(
      "PRAGMA foreign_keys = OFF; INSERT INTO child VALUES (2, 990099, 'b')",
    );
    const { phase, brokenForeignKeys } = await migration.cutover();
    expect([phase, brokenForeignKeys.length]).toEqual(["cut-over", 1]);
    const told = said.findIndex((message) =>
      /break the foreign key \w+ of child \(FOREIGN KEY \(parent\) REFERENCES parent\(id\)/.test(message),
    );
    expect(told, said.join("\n")).toBeGreaterThanOrEqual(0);
    expect(told).toBeLessThan(said.findIndex((message) => message.startsWith("the fence goes up")));
    expect(said.join("\n")).not.toContain("990099");
    expect(
      await query(
        url,
        "select convalidated as valid from pg_constraint where contype = 'f' and conrelid = 'child'::regclass",
      ),
    ).toEqual([{ valid: false }]);
    await migration.close();
  });
});
