import Database from "libsql";
import { describe, expect, it } from "vitest";
import { describeChange } from "../../src/follow/describe-change.ts";
import { readCatalogueOfSource } from "../../src/follow/read-catalogue-of-source.ts";
import { schemaChanges } from "../../src/follow/schema-changes.ts";
import type { SchemaChange } from "../../src/model/schema-change.ts";
import { openSource } from "../../src/source/source.ts";
import { sqliteFile } from "../support/source.ts";
import { capturedBy, RandomChanges } from "./random-changes.ts";

const T = `CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, b INT, c TEXT DEFAULT 'x');
  CREATE INDEX t_a ON t(a); CREATE VIEW v AS SELECT a FROM t`;

/** What the change is called by who looks at the file before and after. */
async function changesOf(before: string, change: string): Promise<readonly SchemaChange[]> {
  const { path } = await sqliteFile(before);
  const application = new Database(path);
  application.exec(capturedBy(["t"]));
  const source = openSource({ url: path });
  try {
    const was = await source.read(readCatalogueOfSource);
    application.exec(change);
    return schemaChanges(was, await source.read(readCatalogueOfSource));
  } finally {
    source.close();
    application.close();
  }
}

const REBUILD = (columns: string, copied: string) => `PRAGMA legacy_alter_table = ON; BEGIN;
  CREATE TABLE t_new(${columns}); INSERT INTO t_new(${copied}) SELECT ${copied} FROM t;
  DROP TABLE t; ALTER TABLE t_new RENAME TO t; COMMIT`;

const CASES: readonly (readonly [name: string, change: string, found: readonly string[]])[] = [
  ["nothing", "SELECT 1", []],
  ["VACUUM and ANALYZE", "ANALYZE; VACUUM", []],
  [
    "a column with a default",
    "ALTER TABLE t ADD COLUMN d INT NOT NULL DEFAULT 7",
    ["table t: column d INT was added, 7 in earlier rows"],
  ],
  ["a column that goes", "ALTER TABLE t DROP COLUMN c", ["table t: column c was dropped"]],
  [
    "a rename in the middle, which nothing else looks like; its index and its view follow",
    "ALTER TABLE t RENAME COLUMN a TO aa",
    ["table t: column a was renamed to aa"],
  ],
  [
    "a rename at the end",
    "ALTER TABLE t RENAME COLUMN c TO cc",
    ["table t: column c was renamed to cc (likely: dropped and added looks the same)"],
  ],
  [
    "one that was dropped and one that was added with another type",
    "ALTER TABLE t DROP COLUMN c; ALTER TABLE t ADD COLUMN cc REAL",
    ["table t: column c was dropped", "table t: column cc REAL was added"],
  ],
  ["a renamed table; its view follows", "ALTER TABLE t RENAME TO u", ["table t was renamed to u"]],
  [
    "a renamed table with another of its name",
    "ALTER TABLE t RENAME TO u; CREATE TABLE t(x INT)",
    ["table t was renamed to u", "table t is new"],
  ],
  [
    "twelve steps that change a type",
    REBUILD("id INTEGER PRIMARY KEY, a TEXT, b REAL, c TEXT DEFAULT 'x'", "id, a, b, c"),
    [
      "table t was made again: its rows are to be compared",
      "table t: column b is REAL, and was INT",
      "table t: index t_a was dropped",
    ],
  ],
  [
    "twelve steps that add a column, which look like ALTER TABLE otherwise",
    `${REBUILD("id INTEGER PRIMARY KEY, a TEXT, b INT, c TEXT DEFAULT 'x', d INT", "id, a, b, c")};
     CREATE INDEX t_a ON t(a)`,
    ["table t was made again: its rows are to be compared", "table t: column d INT was added"],
  ],
  [
    "twelve steps that bring our own triggers along",
    `CREATE TEMP TABLE kept AS SELECT sql FROM sqlite_schema WHERE type = 'trigger';
     ${REBUILD("id INTEGER PRIMARY KEY, a TEXT, b INT, c TEXT DEFAULT 'x'", "id, a, b, c")};
     CREATE INDEX t_a ON t(a); ${capturedBy(["t"])}`,
    ["table t was made again: its rows are to be compared"],
  ],
  [
    "constraints",
    REBUILD("id INTEGER PRIMARY KEY, a TEXT NOT NULL UNIQUE, b INT CHECK (b > 0), c TEXT", "id, a, b, c"),
    [
      "table t was made again: its rows are to be compared",
      "table t: NOT NULL of column a is NOT NULL",
      "table t: the default of column c is gone, and was 'x'",
      "table t: CHECK (b > 0) was added",
      "table t: UNIQUE (a) was added",
      "table t: index t_a was dropped",
    ],
  ],
  [
    "indexes, views and triggers",
    `DROP INDEX t_a; CREATE UNIQUE INDEX t_b ON t(b); DROP VIEW v; CREATE VIEW w AS SELECT 1;
     CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END`,
    [
      "table t: index t_a was dropped",
      "table t: unique index t_b is new",
      "view v was dropped",
      "view w is new",
      "table t: trigger g is new",
    ],
  ],
  ["a table that goes", "DROP VIEW v; DROP TABLE t", ["table t was dropped", "view v was dropped"]],
];

describe("schemaChanges", () => {
  it.each(CASES)("says what happened: %s", async (_, change, found) => {
    expect((await changesOf(T, change)).map(describeChange)).toEqual(found);
  });

  it("says what random changes in random order come to, as who made them knows", async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = new RandomChanges(seed);
      const { path } = await sqliteFile(random.schema());
      const application = new Database(path);
      application.exec(capturedBy(random.tables));
      const source = openSource({ url: path });
      const was = await source.read(readCatalogueOfSource);
      for (const statement of random.change()) application.exec(statement);
      const found = schemaChanges(was, await source.read(readCatalogueOfSource));
      expect({ seed, found: found.map((change) => random.plainly(change)).sort() }).toEqual({
        seed,
        found: [...random.expected].sort(),
      });
      source.close();
      application.close();
    }
  });
});
