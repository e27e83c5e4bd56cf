import { LibsqlError } from "@libsql/client";
import { describe, expect, it } from "vitest";
import { testCapture } from "../../src/capture/capture-self-test.ts";
import { installCapture } from "../../src/capture/install.ts";
import { readSchema } from "../../src/inspect/read-schema.ts";
import { chooseIdentity } from "../../src/plan/propose/choose-identity.ts";
import { openSource, type Source } from "../../src/source/source.ts";
import { memoryDatabase, memorySource, rowsOf } from "../fuzz/memory-source.ts";
import { sqliteFile } from "../support/source.ts";

/** Installs capture on all tables, spoils it perhaps, and proves it. */
async function prove(statements: string, spoil = "") {
  const database = memoryDatabase();
  database.exec(`PRAGMA foreign_keys = ON; ${statements}`);
  const source = memorySource(database);
  const { tables } = await source.read(readSchema);
  const captured = tables.map((table, index) => ({ id: index + 1, table, identity: chooseIdentity(table, undefined) }));
  await installCapture(source, { run: "test", target: "", tables: captured });
  const state = () =>
    JSON.stringify(
      [
        ...tables.map(({ name }) => rowsOf(database, `SELECT count(*) FROM "${name.replaceAll('"', '""')}"`)),
        rowsOf(database, "SELECT name, sql FROM sqlite_schema"),
        rowsOf(database, "SELECT * FROM _changeover_log"),
      ].map((rows) => rows.map((row) => row.map(String))),
    );
  if (spoil !== "") database.exec(spoil);
  const before = state();
  try {
    return await testCapture(source, captured);
  } finally {
    expect(state()).toBe(before);
    expect(rowsOf(database, "PRAGMA ignore_check_constraints")).toEqual([[0n]]);
    expect(database.inTransaction).toBe(false);
  }
}

describe("the capture self-test changes nothing in the source", () => {
  const schemas: Readonly<Record<string, string>> = {
    "an empty table": "CREATE TABLE t(id INTEGER PRIMARY KEY, v)",
    AUTOINCREMENT: "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, v); INSERT INTO t VALUES(1, 1)",
    "constraints of all kinds":
      "CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE t(id INTEGER PRIMARY KEY, " +
      "a TEXT NOT NULL UNIQUE, b INT NOT NULL CHECK(b BETWEEN 1 AND 5), c DATE CHECK(c LIKE '____-__-__'), " +
      "p NOT NULL REFERENCES p ON DELETE RESTRICT, UNIQUE(b, c))",
    "a CHECK that nothing passes": "CREATE TABLE t(id INTEGER PRIMARY KEY, a UNIQUE, CHECK(0))",
    STRICT:
      "CREATE TABLE t(i INT PRIMARY KEY NOT NULL, r REAL UNIQUE, t TEXT UNIQUE, b BLOB UNIQUE, a ANY UNIQUE) STRICT",
    "WITHOUT ROWID":
      "CREATE TABLE t(k TEXT COLLATE NOCASE, n REAL, u UNIQUE, PRIMARY KEY(k, n)) WITHOUT ROWID; " +
      "INSERT INTO t VALUES('a', 1, 1)",
    "a table without a key": "CREATE TABLE t(a, b); CREATE UNIQUE INDEX i ON t(a); INSERT INTO t VALUES(NULL, 1)",
    "a TEXT key": "CREATE TABLE t(k TEXT PRIMARY KEY NOT NULL COLLATE NOCASE, u COLLATE RTRIM UNIQUE)",
    "partial and expression indexes":
      "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, live); CREATE UNIQUE INDEX i ON t(lower(a)) " +
      "WHERE live IS NOT NULL; CREATE UNIQUE INDEX j ON t(length(a), live)",
    "partial indexes whose conditions ask for values":
      `CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, "is" INT, gone TEXT, kind TEXT); ` +
      `CREATE UNIQUE INDEX i ON t(a) WHERE gone IS NULL; CREATE UNIQUE INDEX j ON t(a) WHERE "is" = 1; ` +
      "CREATE UNIQUE INDEX k ON t(a) WHERE kind IN ('x', 'y')",
    "a partial index that few rows are in":
      "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, n INT); CREATE UNIQUE INDEX i ON t(a) WHERE n % 7 = 3; " +
      "WITH s(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM s WHERE x < 50) INSERT INTO t SELECT x, " +
      "'a' || x, CASE x WHEN 45 THEN 3 ELSE 1 END FROM s",
    "generated columns":
      "CREATE TABLE t(id INTEGER PRIMARY KEY, a NOT NULL DEFAULT 3, g AS (a + 1) UNIQUE, s AS (a * 2) STORED)",
    "columns that hide the rowid":
      "CREATE TABLE t(rowid TEXT NOT NULL UNIQUE, oid, _rowid_); CREATE TABLE a(rowid INTEGER " +
      "PRIMARY KEY, oid UNIQUE, _rowid_); CREATE TABLE r(rowid TEXT PRIMARY KEY NOT NULL)",
    "names that need quoting":
      `CREATE TABLE "a ""b"("x y" TEXT PRIMARY KEY NOT NULL, "it's" UNIQUE); ` +
      `CREATE TABLE new("old" UNIQUE, "select" UNIQUE)`,
    "a foreign key to itself":
      "CREATE TABLE t(id INTEGER PRIMARY KEY, up NOT NULL REFERENCES t ON DELETE CASCADE ON UPDATE CASCADE, u UNIQUE)",
    "500 columns":
      `CREATE TABLE t(${Array.from({ length: 499 }, (_, index) => `c${index} TEXT NOT NULL`).join(", ")}, ` +
      "k INTEGER UNIQUE NOT NULL)",
    "an AFTER trigger with RAISE(IGNORE)":
      "CREATE TABLE t(id INTEGER PRIMARY KEY, u UNIQUE); CREATE TRIGGER a AFTER INSERT ON t BEGIN " +
      "SELECT RAISE(IGNORE); END",
    "an index that takes all texts for one":
      "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT); CREATE UNIQUE INDEX i ON t(typeof(a)); INSERT INTO t " +
      "VALUES(1, NULL)",
  };
  it("and names what cannot be tried where a trigger of the application deletes the rows that it makes", async () => {
    const only = "CREATE TRIGGER one BEFORE INSERT ON t BEGIN DELETE FROM t; END";
    const unproved = await prove(`CREATE TABLE t(id INTEGER PRIMARY KEY, u UNIQUE); ${only}`);
    expect(unproved.map(({ path }) => path)).toEqual([
      "UPDATE OR REPLACE through the rowid",
      "UPDATE OR REPLACE through sqlite_autoindex_t_1",
    ]);
  });

  for (const [name, schema] of Object.entries(schemas)) {
    it(`for ${name}`, async () => {
      expect(await prove(schema)).toEqual([]);
    });
  }

  it("uses existing rows if the application's triggers reject invented ones", async () => {
    const guarded =
      "CREATE TABLE t(id INTEGER PRIMARY KEY, kind TEXT, u UNIQUE); CREATE TRIGGER a BEFORE INSERT ON t " +
      "WHEN NEW.kind NOT IN ('x') BEGIN SELECT RAISE(ABORT, 'no such kind'); END";
    expect(await prove(`${guarded}; INSERT INTO t VALUES(1, 'x', 1)`)).toEqual([]);
    const empty = await prove(guarded);
    expect(empty.map(({ path }) => path)).toEqual(expect.arrayContaining(["INSERT", "UPDATE", "DELETE"]));
    expect(empty[0]).toMatchObject({ table: "t", reason: expect.stringContaining("no such kind") as string });
  });

  it("uses two existing rows if an index takes every other row for a duplicate", async () => {
    const untested = await prove(
      "CREATE TABLE t(id INTEGER PRIMARY KEY, a); CREATE UNIQUE INDEX i ON t(typeof(a)); INSERT INTO t " +
        "VALUES(1, 'x'), (2, 4), (3, 1.5), (4, x'00'), (5, NULL)",
    );
    expect(untested).toEqual([
      { table: "t", path: "INSERT with a rowid that SQLite assigns", reason: "UNIQUE constraint failed: index 'i'" },
    ]);
  });

  it("works even if the application's ROLLBACK clause ends the transaction", async () => {
    const rolling =
      "CREATE TABLE t(id INTEGER PRIMARY KEY, kind TEXT); CREATE TRIGGER a BEFORE INSERT ON t " +
      "WHEN NEW.kind <> 'x' BEGIN SELECT RAISE(ROLLBACK, 'never'); END; INSERT INTO t VALUES(1, 'x')";
    expect(await prove(rolling)).toEqual([]);
    expect(
      (
        await prove(
          "CREATE TABLE t(id INTEGER PRIMARY KEY, kind TEXT); CREATE TRIGGER a BEFORE DELETE ON t BEGIN " +
            "SELECT RAISE(ROLLBACK, 'never'); END",
        )
      ).map(({ path }) => path),
    ).toEqual(["DELETE"]);
  });
});

describe("the self-test names the table and the path that capture misses", () => {
  const spoilt: readonly (readonly [path: string, spoil: string])[] = [
    ["INSERT", "DROP TRIGGER _changeover_1_after_insert"],
    ["UPDATE", "DROP TRIGGER _changeover_1_before_update"],
    ["DELETE", "DROP TRIGGER _changeover_1_before_delete"],
    ["INSERT OR REPLACE through sqlite_autoindex_t_1", "DROP TRIGGER _changeover_1_before_insert"],
    [
      "INSERT OR REPLACE through j",
      "DROP TRIGGER _changeover_1_before_insert; CREATE TRIGGER _changeover_1_before_insert BEFORE " +
        "INSERT ON t BEGIN INSERT INTO _changeover_log(tbl, k1) SELECT 1, id FROM t WHERE u = NEW.u; END",
    ],
    [
      "UPDATE OR REPLACE through j",
      "DROP TRIGGER _changeover_1_before_update; CREATE TRIGGER _changeover_1_before_update BEFORE " +
        "UPDATE ON t BEGIN INSERT INTO _changeover_log(tbl, k1) VALUES(1, OLD.id); " +
        "INSERT INTO _changeover_log(tbl, k1) VALUES(1, NEW.id); INSERT INTO _changeover_log(tbl, k1) " +
        "SELECT 1, id FROM t WHERE u = NEW.u; END",
    ],
  ];
  for (const [path, spoil] of spoilt) {
    it(path, async () => {
      await expect(
        prove(
          "CREATE TABLE t(id INTEGER PRIMARY KEY, u UNIQUE, w); CREATE UNIQUE INDEX j ON t(w) WHERE w IS NOT NULL",
          spoil,
        ),
      ).rejects.toMatchObject({ code: "CAPTURE_SELF_TEST_FAILED", context: { table: "t", path } });
    });
  }

  it("also if our trigger makes the application's statements fail", async () => {
    await expect(
      prove(
        "CREATE TABLE t(id INTEGER PRIMARY KEY)",
        "DROP TRIGGER _changeover_1_after_insert; CREATE TRIGGER _changeover_1_after_insert AFTER INSERT ON t " +
          "BEGIN INSERT INTO _changeover_log(tbl, k1) VALUES(1, NEW.gone); END",
      ),
    ).rejects.toMatchObject({
      code: "CAPTURE_SELF_TEST_FAILED",
      message: expect.stringContaining("because of a trigger of capture") as string,
    });
  });

  it("without checking foreign keys, which could scan a large table while the application waits", async () => {
    const { path } = await sqliteFile(
      "CREATE TABLE parent(id INTEGER PRIMARY KEY); CREATE TABLE child(parent INTEGER REFERENCES parent(id))",
    );
    const opened = openSource({ url: path });
    const tables = (await opened.read(readSchema)).tables.map((table, index) => ({
      id: index + 1,
      table,
      identity: chooseIdentity(table, undefined),
    }));
    await installCapture(opened, { run: "test", target: "", tables });
    const checked: unknown[] = [];
    const source: Source = {
      kind: "file",
      location: path,
      path,
      identity: opened.identity,
      read: (work) => opened.read(work),
      write: (work, options) =>
        opened.write(async (tx) => {
          checked.push((await tx.rows("PRAGMA foreign_keys"))[0]?.[0]);
          return work(tx);
        }, options),
      copyInto: (file) => opened.copyInto(file),
      switchToWal: async () => "wal",
      setSoleWriter: () => {},
      isContended: () => false,
      takeOverCheckpoints: () => {},
      close: () => {},
    };
    expect(await testCapture(source, tables)).toEqual([]);
    expect(new Set(checked)).toEqual(new Set([0n]));
    opened.close();
  });

  it("a disk failure is not taken for a fault of capture", async () => {
    const database = memoryDatabase();
    database.exec("CREATE TABLE t(id INTEGER PRIMARY KEY)");
    const source = memorySource(database);
    const { tables } = await source.read(readSchema);
    const captured = tables.map((table) => ({ id: 1, table, identity: chooseIdentity(table, undefined) }));
    await installCapture(source, { run: "test", target: "", tables: captured });
    const failing: Source = {
      ...source,
      write: (work) =>
        source.write((tx) =>
          work({
            ...tx,
            async run(sql, args) {
              if (sql.startsWith("UPDATE")) throw new LibsqlError("disk I/O error", "SQLITE_IOERR");
              await tx.run(sql, args);
            },
          }),
        ),
    };
    await expect(testCapture(failing, captured)).rejects.toMatchObject({ code: "SQLITE_IOERR" });
  });
});
