import { join } from "node:path";
import fc from "fast-check";
import Database from "libsql";
import { afterAll, describe, expect, it } from "vitest";
import { LeafWalk } from "../../../src/source/btree/leaf-walk.ts";
import { type PageRows, readPageRows } from "../../../src/source/btree/page-rows.ts";
import { RecordReader, recordInteger, SERIAL } from "../../../src/source/btree/record.ts";
import { LayoutReader, type TableLayout } from "../../../src/source/btree/table-layout.ts";
import { openSource, type Source } from "../../../src/source/source.ts";
import { temporaryDirectory } from "../../support/source.ts";

const directory = temporaryDirectory(afterAll);
let files = 0;

type Sqlite = InstanceType<typeof Database>;

function makeFile(fill: (database: Sqlite) => void): string {
  const path = join(directory, `${files++}.db`);
  const database = new Database(path);
  fill(database);
  database.close();
  return path;
}

async function withSource<T>(path: string, work: (source: Source) => Promise<T>): Promise<T> {
  const source = openSource({ url: path });
  try {
    return await work(source);
  } finally {
    source.close();
  }
}

/** Rows one after the other, as texts; null where a page was not read. `leaves`, `most`: of one page. */
async function readAll(
  source: Source,
  table: string,
  {
    leaves = 1_000,
    maxBytes = 1 << 20,
    maxBytesOfRow = 1 << 24,
  }: { readonly leaves?: number; readonly maxBytes?: number; readonly maxBytesOfRow?: number } = {},
): Promise<string[] | null> {
  const found: string[] = [];
  const reader = new LayoutReader(table);
  const walk = new LeafWalk();
  for (let after: number | null = null; ; ) {
    const from: number | null = after;
    const page = await source.read(async (tx): Promise<{ rows: PageRows; layout: TableLayout } | null> => {
      const layout = await reader.read(tx);
      const rows: PageRows | null =
        layout === null
          ? null
          : await readPageRows(tx, layout, { walk, after: from, leaves, maxBytes, maxBytesOfRow, room: () => 0 });
      return layout === null || rows === null ? null : { layout, rows };
    });
    if (page === null) return null;
    found.push(...spelled(page.rows, page.layout));
    if (page.rows.isLast) return found;
    after = page.rows.last;
  }
}

function spelled(rows: PageRows, layout: TableLayout): string[] {
  const record = new RecordReader(layout.columns.size);
  const view = new DataView(rows.bytes.buffer, rows.bytes.byteOffset);
  return Array.from({ length: rows.count }, (_, row) => {
    expect(record.read(rows.bytes, rows.starts[row] ?? 0, rows.lengths[row] ?? 0)).toBe(true);
    const values = [...layout.columns.values()].map((column) => {
      if (column.kind === "rowid") return `integer ${rows.rowids[row]}`;
      if (column.index >= record.count) return column.isNullWhenAbsent ? "null" : "default";
      const [type = 0, start = 0, length = 0] = [
        record.types[column.index],
        record.starts[column.index],
        record.lengths[column.index],
      ];
      if (type === SERIAL.null) return "null";
      if (type === SERIAL.real) return `real ${view.getFloat64(start)}`;
      if (type === SERIAL.text || type === SERIAL.blob)
        return (
          `${type === SERIAL.text ? "text" : "blob"} ` +
          `${Buffer.from(rows.bytes.subarray(start, start + length)).toString("hex")}`
        );
      const value = recordInteger(rows.bytes, view, type, start);
      return `integer ${Number.isNaN(value) ? view.getBigInt64(start) : value}`;
    });
    return `${rows.rowids[row]}: ${values.join(", ")}`;
  });
}

function bySqlite(path: string, table: string, columns: readonly string[]): string[] {
  const database = new Database(path);
  try {
    const value = (column: string) =>
      `CASE typeof(${column}) WHEN 'null' THEN 'null' WHEN 'real' THEN 'real ' || printf('%!.17g', ${column}) ` +
      `WHEN 'integer' THEN 'integer ' || ${column} ELSE typeof(${column}) || ' ' || lower(hex(CAST(${column} ` +
      "AS BLOB))) END";
    const rows = database
      .prepare(`SELECT rowid || ': ' || ${columns.map(value).join(" || ', ' || ")} FROM ${table} ORDER BY rowid`)
      .raw()
      .all() as [string][];
    return rows.map(([text]) =>
      text.replace(
        /real (\S+?)(,|$)/g,
        (_, number: string, end: string) => `real ${Number(number.replace("Inf", "Infinity"))}${end}`,
      ),
    );
  } finally {
    database.close();
  }
}

const value = fc.oneof(
  fc.constant(null),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom(
    ...[
      0n,
      1n,
      -1n,
      127n,
      128n,
      -128n,
      -129n,
      32_767n,
      -32_769n,
      8_388_607n,
      -8_388_609n,
      2_147_483_648n,
      -2_147_483_649n,
      140_737_488_355_327n,
      -140_737_488_355_329n,
      2n ** 53n,
      2n ** 63n - 1n,
    ],
  ),
  fc.double({ noNaN: true }).filter((number) => !Object.is(number, -0)),
  fc.constantFrom(Infinity, -Infinity),
  fc.string({ maxLength: 60 }).filter((text) => text.isWellFormed()),
  fc
    .uint8Array({ maxLength: 60 })
    .map((bytes) => Buffer.from(bytes))
    .filter(({ length }) => length > 0),
  fc.tuple(fc.nat(30_000), fc.constantFrom("x", "é")).map(([length, letter]) => letter.repeat(length)),
);
const rowid = fc.oneof(
  fc.integer({ min: 1, max: 4_000 }).map(BigInt),
  fc.integer({ min: -50, max: 50 }).map(BigInt),
  fc.constantFrom(2n ** 40n, -(2n ** 40n), 2n ** 53n - 1n),
);

describe("rows read from the file's pages", () => {
  it("are the rows that SQLite reads, of any size, in pages of any size", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          pageSize: fc.constantFrom(512, 1_024, 4_096, 65_536),
          vacuum: fc.constantFrom(0, 1, 2),
          rows: fc.array(fc.tuple(rowid, value, value, value), { maxLength: 120 }),
          gone: fc.array(rowid, { maxLength: 20 }),
          leaves: fc.constantFrom(1, 3, 100),
          maxBytes: fc.constantFrom(1, 20_000, 1 << 20),
        }),
        async ({ gone, leaves, maxBytes, pageSize, rows, vacuum }) => {
          const path = makeFile((database) => {
            database.exec(
              `PRAGMA page_size = ${pageSize}; PRAGMA auto_vacuum = ${vacuum}; PRAGMA journal_mode = WAL; ` +
                "CREATE TABLE other(x); CREATE TABLE t(a, id INTEGER PRIMARY KEY, b, c); BEGIN",
            );
            const insert = database.prepare("INSERT OR REPLACE INTO t(id, a, b, c) VALUES (?, ?, ?, ?)");
            for (const row of rows) insert.run(row);
            for (const id of gone) database.prepare("DELETE FROM t WHERE id = ?").run(id);
            database.exec("COMMIT");
          });
          const found = await withSource(path, (source) => readAll(source, "t", { leaves, maxBytes }));
          expect(found).toEqual(bySqlite(path, "t", ["a", "id", "b", "c"]));
        },
      ),
      { numRuns: 80 },
    );
  });

  it("are read through three levels of pages, from any position", async () => {
    const path = makeFile((database) => {
      database.exec(
        "PRAGMA page_size = 512; CREATE TABLE t(id INTEGER PRIMARY KEY, a); WITH RECURSIVE n(i) AS (SELECT 1 " +
          "UNION ALL SELECT i + 1 FROM n WHERE i < 20000) INSERT INTO t SELECT i, 'row ' || i FROM n; DELETE " +
          "FROM t WHERE id BETWEEN 7000 AND 13000 OR id % 7 = 0",
      );
    });
    const expected = bySqlite(path, "t", ["id", "a"]);
    for (const leaves of [1, 17, 1_000])
      expect(await withSource(path, (source) => readAll(source, "t", { leaves }))).toEqual(expected);
  });

  it("are read from the WAL, as of the snapshot", async () => {
    const path = makeFile((database) =>
      database.exec("PRAGMA journal_mode = WAL; CREATE TABLE t(a, b); INSERT INTO t VALUES (1, 'one')"),
    );
    const writer = new Database(path);
    try {
      writer.exec("PRAGMA wal_autocheckpoint = 0; INSERT INTO t VALUES (2, 'two')");
      await withSource(path, async (source) => {
        await source.read(async (tx) => {
          const layout = (await new LayoutReader("t").read(tx)) ?? expect.fail("no layout");
          writer.exec("INSERT INTO t VALUES (3, 'three'); DELETE FROM t WHERE a = 1");
          const rows =
            (await readPageRows(tx, layout, {
              walk: new LeafWalk(),
              after: null,
              leaves: 9,
              maxBytes: 1_000,
              maxBytesOfRow: 1_000,
              room: () => 0,
            })) ?? expect.fail("no rows");
          expect([...rows.rowids]).toEqual([1, 2]);
        });
        expect(await readAll(source, "t")).toEqual(["2: integer 2, text 74776f", "3: integer 3, text 7468726565"]);
      });
    } finally {
      writer.close();
    }
  });

  it("lack columns that were added later", async () => {
    const path = makeFile((database) =>
      database.exec(
        "CREATE TABLE t(a); INSERT INTO t VALUES (1); ALTER TABLE t ADD COLUMN b; ALTER TABLE t ADD COLUMN c " +
          "DEFAULT 5; INSERT INTO t VALUES (2, 3, 4)",
      ),
    );
    expect(await withSource(path, (source) => readAll(source, "t"))).toEqual([
      "1: integer 1, null, default",
      "2: integer 2, integer 3, integer 4",
    ]);
  });

  it("contain stored generated columns, but no virtual ones", async () => {
    const path = makeFile((database) =>
      database.exec(
        "CREATE TABLE t(a, v AS (a + 1) VIRTUAL, s AS (a + 2) STORED, b); INSERT INTO t(a, b) VALUES (1, 9)",
      ),
    );
    expect(await withSource(path, (source) => readAll(source, "t"))).toEqual(["1: integer 1, integer 3, integer 9"]);
  });

  it.each([
    ["a table without rowid", "CREATE TABLE t(a PRIMARY KEY, b) WITHOUT ROWID; INSERT INTO t VALUES (1, 2)"],
    ["a UTF-16 database", "PRAGMA encoding = 'UTF-16le'; CREATE TABLE t(a); INSERT INTO t VALUES ('x')"],
    ["a view", "CREATE TABLE u(a); CREATE VIEW t AS SELECT * FROM u"],
    ["a virtual table", "CREATE VIRTUAL TABLE t USING fts5(a); INSERT INTO t VALUES ('x')"],
    [
      "a rowid that a double does not hold",
      "CREATE TABLE t(id INTEGER PRIMARY KEY); INSERT INTO t VALUES (9007199254740993)",
    ],
  ])("of %s are left to SQLite", async (_name, statements) => {
    expect(
      await withSource(
        makeFile((database) => void database.exec(statements)),
        (source) => readAll(source, "t"),
      ),
    ).toBeNull();
  });

  it.each([
    ["INTEGER PRIMARY KEY", true],
    ["INTEGER PRIMARY KEY AUTOINCREMENT", true],
    ["integer not null primary key", true],
    ["INT PRIMARY KEY", false],
    ["INTEGER PRIMARY KEY DESC", false],
  ])("know whether %s is the rowid", async (declared, isRowid) => {
    const path = makeFile((database) =>
      database.exec(`CREATE TABLE t(id ${declared}, a); INSERT INTO t VALUES (7, 8)`),
    );
    const layout = await withSource(path, (source) => source.read((tx) => new LayoutReader("t").read(tx)));
    expect(layout?.columns.get("id")?.kind).toBe(isRowid ? "rowid" : "field");
    expect((await withSource(path, (source) => readAll(source, "t")))?.[0]).toContain("integer 7, integer 8");
  });

  it("end before a row that is too large, which SQLite reads", async () => {
    const path = makeFile((database) =>
      database.exec("CREATE TABLE t(a); INSERT INTO t VALUES ('small'), (zeroblob(100000)), ('after')"),
    );
    await withSource(path, (source) =>
      source.read(async (tx) => {
        const layout = (await new LayoutReader("t").read(tx)) ?? expect.fail("no layout");
        const request = { walk: new LeafWalk(), leaves: 9, maxBytes: 1 << 20, maxBytesOfRow: 50_000, room: () => 0 };
        expect(await readPageRows(tx, layout, { ...request, after: null })).toMatchObject({
          count: 1,
          last: 1,
          isLast: false,
        });
        expect(await readPageRows(tx, layout, { ...request, after: 1 })).toBeNull();
        expect(await readPageRows(tx, layout, { ...request, after: 2 })).toMatchObject({ count: 1, isLast: true });
      }),
    );
  });

  it("follow long records over scattered pages", async () => {
    const path = makeFile((database) => {
      database.exec(
        "PRAGMA page_size = 512; CREATE TABLE t(id INTEGER PRIMARY KEY, a); CREATE TABLE gap(id INTEGER " +
          "PRIMARY KEY, a); BEGIN",
      );
      for (let row = 1; row <= 400; row++) database.prepare("INSERT INTO gap VALUES (?, zeroblob(480))").run(row);
      database.exec(
        "DELETE FROM gap WHERE id % 2 = 0; INSERT INTO t VALUES (1, CAST(randomblob(70000) AS BLOB)), " +
          "(2, randomblob(300000)); COMMIT",
      );
    });
    expect(await withSource(path, (source) => readAll(source, "t"))).toEqual(bySqlite(path, "t", ["id", "a"]));
  });
});
