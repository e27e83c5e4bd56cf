import Database from "libsql";
import { expect, it } from "vitest";
import { readSchema } from "../../src/inspect/read-schema.ts";
import { renderScratchTable } from "../../src/queries/scratch-copy.ts";
import { openSource } from "../../src/source/source.ts";
import { sqliteFile } from "../support/source.ts";

it("copies a table with all that decides about its rows, but for foreign keys", async () => {
  const { path } = await sqliteFile(`
    CREATE TABLE p(id INTEGER PRIMARY KEY);
    CREATE TABLE t(
      id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT ('x' || 'y') COLLATE NOCASE UNIQUE, n INT CHECK (n > 0),
      p INTEGER REFERENCES p(id), g TEXT GENERATED ALWAYS AS (upper(a)) VIRTUAL
    );
    CREATE UNIQUE INDEX some ON t(n) WHERE n > 5`);
  const source = openSource({ url: path });
  const schema = await source.read(readSchema);
  source.close();
  const table = schema.tables.find(({ name }) => name === "t");
  const statements = table === undefined ? [] : renderScratchTable(table);
  expect(statements).toEqual([
    'CREATE TEMP TABLE "t"("id" INTEGER PRIMARY KEY, "a" TEXT COLLATE "NOCASE" NOT NULL DEFAULT (\'x\' || \'y\'), ' +
      '"n" INT, "p" INTEGER, "g" TEXT GENERATED ALWAYS AS (upper(a)) VIRTUAL, CHECK (n > 0))',
    'CREATE UNIQUE INDEX temp._changeover_0 ON "t"("a" COLLATE "NOCASE")',
    'CREATE UNIQUE INDEX temp._changeover_1 ON "t"("n" COLLATE "BINARY") WHERE n > 5',
  ]);
  const database = new Database(":memory:");
  for (const statement of statements) database.exec(statement);
  database.exec("INSERT INTO t(n) VALUES (6)");
  expect(() => database.exec("INSERT INTO t(a, n) VALUES ('XY', 7)")).toThrow(/UNIQUE/);
  database.close();
});
