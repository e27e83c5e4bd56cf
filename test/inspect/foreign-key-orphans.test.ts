import fc from "fast-check";
import { expect, it } from "vitest";
import { doubtfulKeys } from "../../src/inspect/dense-parent.ts";
import { foreignKeyOrphans } from "../../src/inspect/foreign-key-orphans.ts";
import { profileTable } from "../../src/inspect/profile-table.ts";
import { readSchema } from "../../src/inspect/read-schema.ts";
import type { TableProfile } from "../../src/model/profile.ts";
import { memoryDatabase, memorySource } from "../fuzz/memory-source.ts";

const literal = (value: number | string | null) =>
  value === null ? "NULL" : typeof value === "string" ? `'${value}'` : String(value);

it("counts the rows without a parent as SQLite does, whether parents are numbered without gaps or not", async () => {
  const ids = fc.oneof(
    fc.integer({ min: 1, max: 8 }).map((last) => Array.from({ length: last }, (_, index) => index + 1)),
    fc.uniqueArray(fc.integer({ min: -3, max: 9 })),
  );
  const value = fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 1, max: 6 }) },
    fc.constantFrom(null, 0, -1, 9, 10, 2.5, "3", "x", ""),
  );
  const looked = new Set<number>();
  await fc.assert(
    fc.asyncProperty(
      ids,
      fc.array(value),
      fc.constantFrom("INTEGER", "TEXT", "", "BLOB"),
      async (parents, values, type) => {
        const database = memoryDatabase();
        database.exec(
          "PRAGMA foreign_keys = OFF; CREATE TABLE parent(id INTEGER PRIMARY KEY); " +
            `CREATE TABLE child(p ${type} REFERENCES parent(id))`,
        );
        for (const id of parents) database.exec(`INSERT INTO parent VALUES(${id})`);
        for (const one of values) database.exec(`INSERT INTO child VALUES(${literal(one)})`);
        const source = memorySource(database);
        const schema = await source.read(readSchema);
        const profiles = new Map<string, TableProfile>();
        for (const table of schema.tables) profiles.set(table.name, await profileTable(source, table));
        const found = [];
        for (const table of schema.tables) {
          const positions = doubtfulKeys(schema, table, profiles);
          looked.add(positions.length);
          found.push(...(await foreignKeyOrphans(source, schema, { table: table.name, positions })));
        }
        const broken = database.prepare("PRAGMA foreign_key_check").all().length;
        expect(found.reduce((sum, { rows }) => sum + (rows ?? 0), 0)).toBe(broken);
      },
    ),
  );
  // Both ways were gone.
  expect([...looked].sort()).toEqual([0, 1]);
});
