import fc from "fast-check";
import { expect, it } from "vitest";
import { foreignKeyOrphans } from "../../src/inspect/foreign-key-orphans.ts";
import { readSchema } from "../../src/inspect/read-schema.ts";
import { memoryDatabase, memorySource } from "../fuzz/memory-source.ts";

const literal = (value: number | string | null) => (value === null ? "NULL" : typeof value === "string" ? `'${value}'` : String(value));

it("counts the rows without a parent as SQLite does, whether parents are numbered without gaps or not", async () => {
  const ids = fc.oneof(fc.integer({ min: 1, max: 8 }).map((last) => Array.from({ length: last }, (_, index) => index + 1)), fc.uniqueArray(fc.integer({ min: -3, max: 9 })));
  const value = fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 1, max: 6 }) }, fc.constantFrom(null, 0, -1, 9, 10, 2.5, "3", "x", ""));
  await fc.assert(
    fc.asyncProperty(ids, fc.array(value), fc.constantFrom("INTEGER", "TEXT", "", "BLOB"), async (parents, values, type) => {
      const database = memoryDatabase();
      database.exec(`PRAGMA foreign_keys = OFF; CREATE TABLE parent(id INTEGER PRIMARY KEY); CREATE TABLE child(p ${type} REFERENCES parent(id))`);
      for (const id of parents) database.exec(`INSERT INTO parent VALUES(${id})`);
      for (const one of values) database.exec(`INSERT INTO child VALUES(${literal(one)})`);
      const source = memorySource(database);
      const found = await foreignKeyOrphans(source, await source.read(readSchema));
      const broken = database.prepare("PRAGMA foreign_key_check").all().length;
      expect(found.reduce((sum, { rows }) => sum + (rows ?? 0), 0)).toBe(broken);
    }),
  );
});
