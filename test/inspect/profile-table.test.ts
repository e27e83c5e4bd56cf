import { describe, expect, it, onTestFinished } from "vitest";
import { startTally } from "../../src/inspect/column-tally.ts";
import { profileTable } from "../../src/inspect/profile-table.ts";
import { readSchema } from "../../src/inspect/read-schema.ts";
import { renderColumn, renderPage } from "../../src/inspect/render-profile.ts";
import type { ColumnProfile } from "../../src/model/profile.ts";
import { openSource } from "../../src/source/source.ts";
import { remembering } from "../support/asked.ts";
import { sqliteFile } from "../support/source.ts";

async function profileOf(statements: string): Promise<{ rows: number; columns: ReadonlyMap<string, ColumnProfile> }> {
  const { path } = await sqliteFile(statements);
  const source = openSource({ url: path });
  onTestFinished(() => source.close());
  const [table] = (await source.read(readSchema)).tables;
  if (table === undefined) throw new Error("no table");
  const profile = await profileTable(source, table);
  return { rows: profile.rows, columns: new Map(profile.columns.map((column) => [column.column, column])) };
}

describe("renderPage", () => {
  it("asks a column of integers for little", () => {
    const tally = startTally({
      name: "n",
      declaredType: "INTEGER",
      affinity: "integer",
      notNull: false,
      defaultSql: null,
      primaryKeyPosition: 0,
      collation: "BINARY",
      generated: null,
    });
    tally.classes = new Set(["integer"]);
    expect(
      renderPage('"t"', renderColumn(tally, { longest: 100, joined: true }), ' WHERE t."rowid" > ?'),
    ).toBe(`SELECT count(*),
  count(t."n"),
  sum(typeof(t."n")='integer'),
  min(t."n"),
  max(t."n"),
  sum(t."n" NOT BETWEEN 0 AND 1)
FROM "t" AS t WHERE t."rowid" > ?`);
  });
});

describe("profileTable", () => {
  it("looks at all but the first page as the file has it", async () => {
    const { path } = await sqliteFile(
      "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, r REAL); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL " +
        "SELECT i + 1 FROM n WHERE i < 20000) INSERT INTO t SELECT i, 'row ' || i, i / 4.0 FROM n",
    );
    const { asked, source } = remembering(openSource({ url: path }));
    onTestFinished(() => source.close());
    const [table] = (await source.read(readSchema)).tables;
    const profile = await profileTable(source, table ?? expect.fail("no table"));
    expect(profile.rows).toBe(20_000);
    expect(profile.columns.find(({ column }) => column === "r")).toMatchObject({
      reals: 20_000,
      wholeReals: 5_000,
      minReal: 0.25,
      maxReal: 5_000,
    });
    expect(asked.filter((sql) => sql.includes("sqlite_dbpage")).length).toBeGreaterThan(2);
    // Two questions of the first page: its storage classes, and all else.
    expect(asked.filter((sql) => /^SELECT count\(\*\),/.test(sql))).toHaveLength(2);
  });

  it("counts every storage class, over many pages", async () => {
    const { rows, columns } = await profileOf(`
      CREATE TABLE t (a INTEGER, late);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
      INSERT INTO t SELECT i, CASE WHEN i = 4999 THEN 'text' WHEN i = 5000 THEN x'00' WHEN i = 4998 THEN 2.5 END FROM n;
    `);
    expect(rows).toBe(5000);
    expect(columns.get("a")).toMatchObject({
      nulls: 0,
      integers: 5000,
      minInteger: 1n,
      maxInteger: 5000n,
      notBoolean: 4999,
    });
    expect(columns.get("late")).toMatchObject({ nulls: 4997, integers: 0, reals: 1, texts: 1, blobs: 1, maxBytes: 4 });
  });

  it("reads tables without rowid in the order of their key", async () => {
    const { rows, columns } = await profileOf(`
      CREATE TABLE t (a TEXT, b REAL, PRIMARY KEY (a, b)) WITHOUT ROWID;
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO t
        SELECT 'k' || (i / 7), i FROM n;
      INSERT INTO t VALUES ('k1', 9e999), (CAST(x'00ff' AS TEXT), 1);
    `);
    expect(rows).toBe(2002);
    expect(columns.get("a")).toMatchObject({ texts: 2002, nulTexts: 1, invalidTexts: 1 });
    expect(columns.get("b")).toMatchObject({ reals: 2002, infinities: 1 });
  });

  it("finds NUL bytes and invalid UTF-8 without reading a text", async () => {
    const { columns } = await profileOf(`
      CREATE TABLE t (x TEXT);
      INSERT INTO t VALUES ('fine'), ('é'), (CAST(x'610062' AS TEXT)), (CAST(x'ff' AS TEXT)), (CAST(x'c3' AS TEXT)),
        (CAST(x'a9' AS TEXT));
    `);
    expect(columns.get("x")).toMatchObject({ texts: 6, nulTexts: 1, invalidTexts: 3, maxTextLength: 4, maxBytes: 4 });
  });

  it("tells dates that PostgreSQL reads from those that only look so", async () => {
    const { columns } = await profileOf(`
      CREATE TABLE t (d DATETIME);
      INSERT INTO t VALUES ('2024-02-29'), ('2024-02-30'), ('0000-00-00'), ('2024-1-5'), ('1/10/1997'), (''),
        ('2024-02-29 23:59:59'), ('2024-02-29T23:59'), ('2024-02-29 24:00:00'), ('2024-02-29 10:00:00.123456'),
          ('2024-02-29 10:00:00.1234567'),
        ('2024-02-29T10:00:00Z'), ('2024-02-29 10:00:00.5+05:30'), ('2024-02-29 10:00:00+16:00'),
          ('0000-01-01T00:00:00Z'), ('2024-02-29 10:00:00 UTC');
    `);
    expect(columns.get("d")).toMatchObject({
      texts: 16,
      isoDates: 1,
      isoTimestamps: 5,
      zonedTimestamps: 2,
      emptyTexts: 1,
    });
  });

  it("knows JSON, UUIDs and addresses", async () => {
    const { columns } = await profileOf(`
      CREATE TABLE t (j JSON, u UUID, ip TEXT, n DECIMAL(5,2));
      INSERT INTO t VALUES
        ('{"a":1}', '0b3c4d5e-1111-4222-8333-444444444444', '10.0.0.255', 1.25),
        ('[1]', '0B3C4D5E-1111-4222-8333-444444444444', 'fe80::1', 3),
        ('"a\\u0000b"', '0b3c4d5e111142228333444444444444', '1.2.3.4', 1.255),
        ('{a:1}', 'zzzzzzzz-1111-4222-8333-444444444444', '1:2:3:4:5:6:7:8', 1234.5);
    `);
    expect(columns.get("j")).toMatchObject({ json: 3, jsonContainers: 3, jsonRejected: 1 });
    expect(columns.get("u")).toMatchObject({ uuids: 2 });
    expect(columns.get("ip")).toMatchObject({ inets: 4 });
    expect(columns.get("n")).toMatchObject({ integers: 1, reals: 3, beyondScale: 2 });
  });

  it("takes 500 columns, and no rows", async () => {
    const names = Array.from({ length: 500 }, (_, index) => `c${index}`);
    const { rows, columns } = await profileOf(
      `CREATE TABLE t (${names.join(", ")}); INSERT INTO t (c0, c499) VALUES ('x', 1.5);`,
    );
    expect([rows, columns.size, columns.get("c499")?.reals, columns.get("c1")?.nulls]).toEqual([1, 500, 1, 1]);
    const empty = await profileOf("CREATE TABLE t (a, b)");
    expect([empty.rows, empty.columns.get("a")?.nulls]).toEqual([0, 0]);
  });

  it("checks long texts in pages that fit into memory", async () => {
    const { columns } = await profileOf(`
      CREATE TABLE t (x TEXT);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40) INSERT INTO t
        SELECT hex(zeroblob(1000000)) FROM n;
      INSERT INTO t VALUES (CAST(x'ff' AS TEXT));
    `);
    expect(columns.get("x")).toMatchObject({ texts: 41, invalidTexts: 1, maxBytes: 2_000_000 });
  });

  it("stops between two pages when it is told to", async () => {
    const { path } = await sqliteFile(
      "CREATE TABLE t (x); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000) " +
        "INSERT INTO t SELECT i FROM n;",
    );
    const source = openSource({ url: path });
    onTestFinished(() => source.close());
    const [table] = (await source.read(readSchema)).tables;
    if (table === undefined) throw new Error("no table");
    const stop = new AbortController();
    // As Ctrl-C does: it must have its turn.
    setTimeout(() => stop.abort(), 0);
    await expect(profileTable(source, table, { signal: stop.signal })).rejects.toMatchObject({ code: "INTERRUPTED" });
  });
});
