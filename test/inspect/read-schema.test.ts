import { expect, it, onTestFinished } from "vitest";
import { foreignKeyOrphans } from "../../src/inspect/foreign-key-orphans.ts";
import { readSchema } from "../../src/inspect/read-schema.ts";
import type { SourceSchema, SourceTable } from "../../src/model/source-schema.ts";
import { openSource } from "../../src/source/source.ts";
import { sqliteFile } from "../support/source.ts";

async function schemaOf(statements: string): Promise<SourceSchema> {
  const { path } = await sqliteFile(statements);
  const source = openSource({ url: path });
  onTestFinished(() => source.close());
  return source.read(readSchema);
}

function table(schema: SourceSchema, name: string): SourceTable {
  const found = schema.tables.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no table ${name}`);
  return found;
}

it("tells a true INTEGER PRIMARY KEY from what only looks like one", async () => {
  const schema = await schemaOf(`
    CREATE TABLE alias (id INTEGER PRIMARY KEY AUTOINCREMENT);
    CREATE TABLE listed (a, id INTEGER, PRIMARY KEY (id DESC));
    CREATE TABLE descending (id INTEGER PRIMARY KEY DESC);
    CREATE TABLE int (id INT PRIMARY KEY);
    CREATE TABLE norowid (id INTEGER PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE shadowed (rowid, oid TEXT PRIMARY KEY);
    CREATE TABLE hidden (rowid, oid, _rowid_);
  `);
  expect(
    schema.tables.map(({ name, rowidAlias, rowidName, autoincrement }) => [name, rowidAlias, rowidName, autoincrement]),
  ).toEqual([
    ["alias", "id", "rowid", true],
    ["listed", "id", "rowid", false],
    ["descending", null, "rowid", false],
    ["int", null, "rowid", false],
    ["norowid", null, null, false],
    ["shadowed", null, "_rowid_", false],
    ["hidden", null, null, false],
  ]);
});

it("reads columns, indexes and foreign keys whatever they are called", async () => {
  const schema = await schemaOf(`
    CREATE TABLE "p""q" ("a b" TEXT, 'c' INT, PRIMARY KEY ("a b", c));
    CREATE TABLE [ünï] (
      id INTEGER PRIMARY KEY, mail TEXT NOT NULL COLLATE NOCASE UNIQUE, x TEXT, y INT,
      total REAL GENERATED ALWAYS AS (y * 1.5) VIRTUAL,
      FOREIGN KEY (x, y) REFERENCES "p""q" DEFERRABLE INITIALLY DEFERRED,
      FOREIGN KEY (y) REFERENCES [ünï] (id) ON DELETE CASCADE
    );
    CREATE UNIQUE INDEX "i#1" ON [ünï] (lower(x) DESC, y) WHERE y > 0;
  `);
  const found = table(schema, "ünï");
  expect(
    found.columns.map(({ name, declaredType, affinity, notNull, collation }) => [
      name,
      declaredType,
      affinity,
      notNull,
      collation,
    ]),
  ).toEqual([
    ["id", "INTEGER", "integer", false, "BINARY"],
    ["mail", "TEXT", "text", true, "NOCASE"],
    ["x", "TEXT", "text", false, "BINARY"],
    ["y", "INT", "integer", false, "BINARY"],
    ["total", "REAL", "real", false, "BINARY"],
  ]);
  expect(found.columns[4]?.generated).toEqual({ storage: "virtual", expression: "y * 1.5" });
  expect(
    found.indexes.map(({ origin, unique, where, terms }) => [
      origin,
      unique,
      where,
      terms.map((term) => `${term.column ?? term.expression} ${term.collation}${term.descending ? " DESC" : ""}`),
    ]),
  ).toEqual([
    ["unique", true, null, ["mail NOCASE"]],
    ["index", true, "y > 0", ["lower(x) BINARY DESC", "y BINARY"]],
  ]);
  expect(
    found.foreignKeys.map(({ columns, parentTable, parentColumns, onDelete, deferred }) => [
      columns,
      parentTable,
      parentColumns,
      onDelete,
      deferred,
    ]),
  ).toEqual([
    [["x", "y"], 'p"q', null, "NO ACTION", true],
    [["y"], "ünï", ["id"], "CASCADE", false],
  ]);
});

it("quarantines  what is no data, and views that cannot run", async () => {
  const schema = await schemaOf(`
    CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT);
    CREATE VIRTUAL TABLE search USING fts5 (body);
    CREATE VIRTUAL TABLE index_only USING fts5 (body, content='');
    CREATE VIRTUAL TABLE box USING rtree (id, x0, x1);
    CREATE VIEW good AS SELECT id AS "the id", length(body) FROM t;
    CREATE VIEW bad AS SELECT titled(body) FROM t;
    CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END;
    CREATE TABLE _changeover_log (seq INTEGER PRIMARY KEY);
  `);
  expect(schema.tables.map(({ name, virtual }) => [name, virtual?.name])).toEqual([
    ["t", undefined],
    ["search_content", "search"],
    ["box_rowid", "box"],
  ]);
  expect(schema.views).toEqual([expect.objectContaining({ name: "good", columns: ["the id", "length(body)"] })]);
  expect(schema.triggers.map(({ name, table: on }) => [name, on])).toEqual([["tr", "t"]]);
  const reasons = new Map(schema.skipped.map(({ name, reason }) => [name, reason]));
  expect(reasons.get("index_only")).toBe("virtual");
  expect(reasons.get("search_content")).toBe("shadow");
  expect(reasons.get("box_node")).toBe("shadow");
  expect(reasons.get("sqlite_sequence")).toBe("internal");
  expect(reasons.get("bad")).toBe("unreadable");
});

it("reads UTF-16 databases", async () => {
  const { path, application } = await sqliteFile("SELECT 1", { journalMode: "delete" });
  await application.executeMultiple(
    `PRAGMA encoding = 'UTF-16le'; CREATE TABLE "tä☃" ("cö" TEXT DEFAULT '☃' CHECK ("cö" <> 'é'));`,
  );
  const source = openSource({ url: path });
  onTestFinished(() => source.close());
  const schema = await source.read(readSchema);
  expect(schema.encoding).toBe("UTF-16le");
  expect(table(schema, "tä☃")).toMatchObject({
    columns: [{ name: "cö", defaultSql: "'☃'" }],
    checks: [{ expression: `"cö" <> 'é'` }],
  });
});

it("counts orphans, and passes over foreign keys that mean nothing", async () => {
  const { path } = await sqliteFile(`
    PRAGMA foreign_keys = OFF;
    CREATE TABLE p (id INTEGER PRIMARY KEY, notunique INT);
    CREATE TABLE c (a INT REFERENCES p, b INT REFERENCES p (notunique), d INT REFERENCES missing);
    INSERT INTO p VALUES (1, 1);
    INSERT INTO c VALUES (1, 9, 9), (2, 9, 9), (3, 9, 9), (NULL, 9, 9);
  `);
  const source = openSource({ url: path });
  onTestFinished(() => source.close());
  expect(await foreignKeyOrphans(source, await source.read(readSchema))).toEqual([
    { table: "c", position: 0, rows: 2, where: expect.stringContaining("NOT EXISTS") },
  ]);
});
