import { describe, expect, it } from "vitest";
import { NOTHING_SEEN } from "../../src/model/profile.ts";
import { columnTraits } from "../../src/plan/translate/column-traits.ts";
import { fingerprintOf } from "../../src/queries/fingerprint.ts";
import type { QueryColumn, QueryTable, QueryTables } from "../../src/queries/query-tables.ts";
import { translateQuery } from "../../src/queries/translate-query.ts";

function column(name: string, type: string, affinity: "integer" | "text"): QueryColumn {
  const profile = { ...NOTHING_SEEN, column: name };
  const traits = columnTraits({ type, byBytes: false, affinity, collation: "BINARY", profile });
  return { ...traits, source: name, name, type, isRequired: false, isGenerated: false, lacking: null };
}

const columns = [column("id", "bigint", "integer"), column("name", "text", "text")];
const table: QueryTable = {
  source: "t",
  relation: { name: "t", columns, keys: [["id"]], rowid: "id" },
  columns,
  uniques: [["id"]],
  rowid: "id",
  isReferenced: false,
  hasTriggers: false,
  hasChecks: false,
  definition: {
    name: "t",
    sql: "",
    columns: [],
    primaryKey: ["id"],
    rowidAlias: "id",
    rowidName: "rowid",
    withoutRowid: false,
    strict: false,
    autoincrement: false,
    indexes: [],
    foreignKeys: [],
    checks: [],
  },
  target: { schema: "public", name: "t" },
  rows: 0,
  id: 1,
};
const tables: QueryTables = new Map([["t", table]]);

describe("translateQuery", () => {
  it("numbers parameters as SQLite does, and gives each the type of what it meets", () => {
    const result = translateQuery("SELECT name FROM t WHERE name = :n AND id IN (?, :n2, ?2)", tables);
    expect(result).toMatchObject({
      kind: "translated",
      sql: "select t.name\nfrom t\nwhere t.name = $1::text and t.id in ($2::bigint, $3::bigint, $2::bigint)",
      parameters: [
        { name: ":n", position: 1, type: "text" },
        { name: "?", position: 2, type: "bigint" },
        { name: ":n2", position: 3, type: "bigint" },
      ],
    });
  });

  it("refuses a parameter that is bound as another type than a result would have", () => {
    const sql = "SELECT iif(name > ?1, name, ?1) FROM t";
    expect(translateQuery(sql, tables, { parameters: ["integer"] })).toEqual({
      kind: "refused",
      reason: "its parameter ?1 is bound as integer",
    });
    expect(translateQuery(sql, tables, { parameters: ["text"] })).toMatchObject({ kind: "translated" });
    const blob = "DELETE FROM t WHERE ? < x'00'";
    expect(translateQuery(blob, tables, { parameters: ["text"] })).toMatchObject({ kind: "refused" });
  });

  it("refuses a parameter of which no place tells the type, and takes it from what is bound", () => {
    expect(translateQuery("SELECT ? FROM t", tables)).toMatchObject({ kind: "refused" });
    expect(translateQuery("SELECT ? FROM t", tables, { parameters: ["real"] })).toMatchObject({
      sql: "select $1::double precision\nfrom t",
    });
  });

  it("refuses REPLACE where other rows refer to the one that it deletes, or where triggers would run", () => {
    const replace = "REPLACE INTO t(id, name) VALUES (1, 'a')";
    expect(translateQuery(replace, tables)).toMatchObject({ kind: "translated" });
    for (const fact of [{ isReferenced: true }, { hasTriggers: true }, { uniques: [["id"], ["name"]] }])
      expect(translateQuery(replace, new Map([["t", { ...table, ...fact }]]))).toMatchObject({ kind: "refused" });
  });

  it("leaves transactions, PRAGMA and last_insert_rowid() to the driver", () => {
    for (const sql of ["BEGIN", "PRAGMA user_version", "SELECT last_insert_rowid()"])
      expect(translateQuery(sql, tables)).toMatchObject({ kind: "driver" });
  });
});

describe("the fingerprint of a statement", () => {
  it("is one for other values, white space, comments and lengths of lists", () => {
    const one = fingerprintOf("SELECT * FROM t WHERE id IN (1, 2) -- these\n AND name = 'a'");
    const other = fingerprintOf("SELECT *\nFROM t WHERE id IN (?, ?, ?) AND name = :name;");
    expect(one).toEqual(other);
    expect(one.text).toBe("SELECT * FROM t WHERE id IN (?, …) AND name = ?");
  });

  it("is another where ORDER BY names another column by its number", () => {
    expect(fingerprintOf("SELECT a, b FROM t ORDER BY 1")).not.toEqual(fingerprintOf("SELECT a, b FROM t ORDER BY 2"));
  });

  it("refuses parameters of two types as alternatives: PostgreSQL has one for all of them", () => {
    const sql = "SELECT coalesce(?1, ?2) FROM t";
    expect(translateQuery(sql, tables, { parameters: ["text", "integer"] })).toEqual({
      kind: "refused",
      reason: "its alternatives are of different types",
    });
    expect(translateQuery(sql, tables, { parameters: ["text", "text"] })).toMatchObject({ kind: "translated" });
  });

  it("takes any rows for LIMIT without ORDER BY of a whole statement, and not where a query reads them", () => {
    expect(translateQuery("SELECT name FROM t LIMIT 2", tables)).toMatchObject({ kind: "translated" });
    expect(translateQuery("SELECT id FROM t WHERE id IN (SELECT id FROM t LIMIT 2)", tables)).toMatchObject({
      reason: "it limits rows without an order",
    });
  });

  it("refuses a value out of JSON where a query reads it, since SQLite may take it for JSON or for a text", () => {
    const inner = "SELECT json_extract(name, '$.a') AS v FROM t";
    expect(translateQuery(inner, tables)).toMatchObject({ kind: "translated", outputs: [{ isJsonValue: true }] });
    expect(translateQuery(`SELECT v FROM (${inner})`, tables)).toMatchObject({ kind: "refused" });
    expect(translateQuery("SELECT json_array((SELECT json_array(id) FROM t WHERE id = 1))", tables)).toMatchObject({
      reason: "it makes JSON of what may be JSON or a text to SQLite",
    });
  });
});
