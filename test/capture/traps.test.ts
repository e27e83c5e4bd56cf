import { describe, expect, it } from "vitest";
import { captured } from "./captured.ts";

describe("a row that REPLACE removes without a DELETE trigger is logged", () => {
  for (const recursive of [false, true]) {
    describe(`with recursive_triggers ${recursive ? "on" : "off"}`, () => {
      it("through the primary key", async () => {
        const { logged } = await captured(
          "CREATE TABLE t(k TEXT COLLATE NOCASE PRIMARY KEY NOT NULL, v); INSERT INTO t VALUES('a', 1)",
          { recursive },
        );
        expect(logged("INSERT OR REPLACE INTO t VALUES('A', 2)")).toEqual(["'A'", "'a'"]);
      });

      it("through another unique index", async () => {
        const { logged } = await captured(
          "CREATE TABLE t(id INTEGER PRIMARY KEY, mail TEXT UNIQUE); INSERT INTO t VALUES(1, 'x'), (2, 'y')",
          { recursive },
        );
        expect(logged("REPLACE INTO t VALUES(3, 'x')")).toEqual(["1", "3"]);
      });

      it("through a unique index over several columns, with NULLs that never conflict", async () => {
        const { logged } = await captured(
          "CREATE TABLE t(id INTEGER PRIMARY KEY, a, b, UNIQUE(a, b)); INSERT INTO t VALUES(1, 1, 1), (2, 1, NULL)",
          { recursive },
        );
        expect(logged("REPLACE INTO t VALUES(3, 1, 1)")).toEqual(["1", "3"]);
        expect(logged("REPLACE INTO t VALUES(4, 1, NULL)")).toEqual(["4"]);
      });

      it("through a partial index, even one whose condition names the table", async () => {
        const { logged } = await captured(
          "CREATE TABLE t(id INTEGER PRIMARY KEY, a, live); CREATE UNIQUE INDEX i ON t(a) WHERE t.live = 1; " +
            "INSERT INTO t VALUES(1, 'x', 1), (2, 'x', 0)",
          { recursive },
        );
        expect(logged("REPLACE INTO t VALUES(3, 'x', 1)")).toEqual(["1", "3"]);
      });

      it("through an index on an expression, with the affinity of the columns in it", async () => {
        const { logged, run } = await captured(
          "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT); CREATE UNIQUE INDEX i ON t(lower(a)); " +
            "CREATE UNIQUE INDEX j ON t((a > 1)) WHERE a < 'A'",
          { recursive },
        );
        run("INSERT INTO t VALUES(1, 'X'), (2, '1')");
        expect(logged("REPLACE INTO t VALUES(3, 'x')")).toEqual(expect.arrayContaining(["1", "3"]));
        // As text '007' is less than '1', as is '1': both are in the index as 0.
        expect(logged("REPLACE INTO t VALUES(4, '007')")).toEqual(["2", "4"]);
      });

      it("through a unique generated column of a defaulted NULL and a column that no trigger names", async () => {
        const { logged } = await captured(
          `CREATE TABLE t(id INTEGER PRIMARY KEY, a NOT NULL DEFAULT 2, b, c, g AS (coalesce(a, 0) + 1) UNIQUE, h
            AS (coalesce(b, 0)));
           CREATE UNIQUE INDEX i ON t(h, c) WHERE h > 1; INSERT INTO t(id, a, b, c) VALUES(1, 2, 1, 1), (2, 3, 7, 1),
             (3, 4, 7, 2)`,
          { recursive },
        );
        expect(logged("REPLACE INTO t(id, a) VALUES(4, NULL)")).toEqual(["1", "4"]);
        expect(logged("UPDATE OR REPLACE t SET c = 2 WHERE id = 2")).toEqual(["2", "3"]);
      });

      it("through a generated column whose name is a JSON path in its expression", async () => {
        const { logged } = await captured(
          `CREATE TABLE t(id INTEGER PRIMARY KEY, config TEXT, name TEXT GENERATED ALWAYS AS (json_extract(config,
            '$.name')) VIRTUAL, base TEXT AS (json_extract(config, '$.base') || "name"), UNIQUE(name, base));
           INSERT INTO t(id, config) VALUES(1, '{"name": "a", "base": "b"}')`,
          { recursive },
        );
        expect(logged(`REPLACE INTO t(id, config) VALUES(2, '{"base": "b", "name": "a"}')`)).toEqual(["1", "2"]);
      });

      it("through an index with another collation than its column", async () => {
        const { logged } = await captured(
          "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT); CREATE UNIQUE INDEX i ON t(a COLLATE NOCASE); " +
            "INSERT INTO t VALUES(1, 'x')",
          { recursive },
        );
        expect(logged("REPLACE INTO t VALUES(2, 'X')")).toEqual(["1", "2"]);
      });

      it("by a conflict clause in the schema", async () => {
        const { logged } = await captured(
          "CREATE TABLE t(id INTEGER PRIMARY KEY, a UNIQUE ON CONFLICT REPLACE); INSERT INTO t VALUES(1, 'x')",
          { recursive },
        );
        expect(logged("INSERT INTO t VALUES(2, 'x')")).toEqual(["1", "2"]);
      });

      it("by INSERT with an explicit rowid on a table with a TEXT key", async () => {
        const { logged } = await captured(
          "CREATE TABLE t(k TEXT PRIMARY KEY NOT NULL); INSERT INTO t(rowid, k) VALUES(7, 'old')",
          { recursive },
        );
        expect(logged("INSERT OR REPLACE INTO t(rowid, k) VALUES(7, 'young')")).toEqual(["'old'", "'young'"]);
      });

      it("by NULL that becomes a default", async () => {
        const { logged } = await captured(
          "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT 'x' UNIQUE); INSERT INTO t VALUES(1, 'x')",
          { recursive },
        );
        expect(logged("INSERT OR REPLACE INTO t VALUES(2, NULL)")).toEqual(["1", "2"]);
      });
    });
  }

  it("by UPDATE OR REPLACE, of a unique column, of the key and of the rowid", async () => {
    const { logged } = await captured(
      "CREATE TABLE t(k TEXT PRIMARY KEY NOT NULL, u UNIQUE); INSERT INTO t(rowid, k, u) VALUES(1, 'a', " +
        "1), (2, 'b', 2), (3, 'c', 3), (4, 'd', 4)",
    );
    expect(logged("UPDATE OR REPLACE t SET u = 2 WHERE k = 'a'")).toEqual(["'a'", "'b'"]);
    expect(logged("UPDATE OR REPLACE t SET k = 'c' WHERE k = 'a'")).toEqual(["'a'", "'c'"]);
    expect(logged("UPDATE OR REPLACE t SET rowid = 4 WHERE k = 'c'")).toEqual(["'c'", "'d'"]);
  });
});

describe("defaults that are names are strings", () => {
  for (const given of ["abc", '"a"', "[a]", "`a`", "'abc'"]) {
    it(`DEFAULT ${given}: the application's INSERT works as before, and the replaced row is logged`, async () => {
      const { logged } = await captured(
        `CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT ${given} UNIQUE); INSERT INTO t(id) VALUES(1)`,
      );
      expect(logged("INSERT OR REPLACE INTO t(id, a) VALUES(2, NULL)")).toEqual(["1", "2"]);
    });
  }

  it("DEFAULT TRUE is the number 1", async () => {
    const { logged } = await captured(
      "CREATE TABLE t(id INTEGER PRIMARY KEY, a NOT NULL DEFAULT true UNIQUE); INSERT INTO t(id) VALUES(1)",
    );
    expect(logged("INSERT OR REPLACE INTO t VALUES(2, NULL)")).toEqual(["1", "2"]);
  });
});

describe("keys", () => {
  it("are logged before and after they change", async () => {
    const { logged } = await captured(
      "CREATE TABLE t(a TEXT NOT NULL, b INT NOT NULL, PRIMARY KEY(a, b)); INSERT INTO t VALUES('x', 1)",
    );
    expect(logged("UPDATE t SET b = 2")).toEqual(["'x', 1", "'x', 2"]);
  });

  it("are read after the insert if SQLite assigns them", async () => {
    const { logged } = await captured("CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, v)");
    expect(logged("INSERT INTO t(v) VALUES('x'), ('y')")).toEqual(["1", "2"]);
    expect(logged("INSERT INTO t VALUES(-1, 'z')")).toEqual(["-1"]);
  });

  it("of tables without a key are rowids, of INTEGER PRIMARY KEY DESC too", async () => {
    const { logged } = await captured("CREATE TABLE t(v); CREATE TABLE d(id INTEGER PRIMARY KEY DESC)");
    expect(logged("INSERT INTO t VALUES('x'); UPDATE t SET rowid = 5")).toEqual(["1", "5"]);
    expect(logged("INSERT INTO d VALUES(NULL), (NULL)", "d")).toEqual(["1", "2"]);
  });

  it("in WITHOUT ROWID tables are logged as stored", async () => {
    const { logged } = await captured(
      "CREATE TABLE t(k INT PRIMARY KEY, u UNIQUE) WITHOUT ROWID; INSERT INTO t VALUES(1, 'x')",
    );
    expect(logged("INSERT OR REPLACE INTO t VALUES('2', 'x')")).toEqual(["1", "2"]);
    expect(logged("DELETE FROM t")).toEqual(["2"]);
  });

  it("1 and 1.0 in a column without a type are both logged", async () => {
    const { logged } = await captured("CREATE TABLE t(k PRIMARY KEY NOT NULL); INSERT INTO t VALUES(1)");
    expect(logged("UPDATE t SET k = 1.0")).toEqual(["1", "1.0"]);
  });

  it("keep their bytes if a foreign key of another type cascades to them", async () => {
    const { logged, run } = await captured(
      "PRAGMA foreign_keys = ON; CREATE TABLE c(k TEXT PRIMARY KEY NOT NULL REFERENCES p(id) ON " +
        "DELETE CASCADE); CREATE TABLE p(id INTEGER PRIMARY KEY); INSERT INTO p VALUES(7); INSERT INTO c " +
        "VALUES('007')",
    );
    run("PRAGMA foreign_keys = ON");
    expect(logged("DELETE FROM p", "c")).toContain("'007'");
  });
});

describe("changes that no statement names are logged", () => {
  it("cascades, SET NULL, SET DEFAULT and key updates through foreign keys", async () => {
    const { logged, run } = await captured(
      `CREATE TABLE p(id INTEGER PRIMARY KEY);
       CREATE TABLE c(id INTEGER PRIMARY KEY, a REFERENCES p ON DELETE CASCADE, b REFERENCES p ON DELETE SET NULL,
         d DEFAULT 9 REFERENCES p ON DELETE SET DEFAULT, e REFERENCES p ON UPDATE CASCADE);
       INSERT INTO p VALUES(1), (2), (3), (4), (9); INSERT INTO c VALUES(1, 1, NULL, NULL, NULL), (2, NULL, 2, NULL,
         NULL), (3, NULL, NULL, 3, NULL), (4, NULL, NULL, NULL, 4)`,
    );
    run("PRAGMA foreign_keys = ON");
    expect(logged("DELETE FROM p WHERE id = 1", "c")).toEqual(["1"]);
    expect(logged("DELETE FROM p WHERE id = 2", "c")).toEqual(["2"]);
    expect(logged("DELETE FROM p WHERE id = 3", "c")).toEqual(["3"]);
    expect(logged("UPDATE p SET id = 5 WHERE id = 4", "c")).toEqual(["4"]);
  });

  it("what the application's triggers write, nested and INSTEAD OF", async () => {
    const { logged } = await captured(
      `CREATE TABLE t(id INTEGER PRIMARY KEY, u UNIQUE); CREATE TABLE s(id INTEGER PRIMARY KEY, u UNIQUE);
        CREATE VIEW v AS SELECT u FROM t; INSERT INTO s VALUES(1, 'x');
       CREATE TRIGGER a AFTER INSERT ON t BEGIN INSERT OR REPLACE INTO s VALUES(NEW.id + 10, NEW.u); END;
       CREATE TRIGGER b INSTEAD OF INSERT ON v BEGIN INSERT INTO t(u) VALUES(NEW.u); END`,
    );
    expect(logged("INSERT INTO v VALUES('x')", "s")).toEqual(["1", "11"]);
  });

  it("a row that the application's AFTER trigger with RAISE(IGNORE) leaves in place", async () => {
    const { logged, rows } = await captured(
      "CREATE TABLE t(id INTEGER PRIMARY KEY); CREATE TRIGGER a AFTER INSERT ON t BEGIN SELECT RAISE(IGNORE); END",
    );
    expect(logged("INSERT INTO t VALUES(5)")).toEqual(["5"]);
    expect(rows("SELECT id FROM t")).toEqual([[5n]]);
  });

  it("an update that an AFTER trigger leaves in place by RAISE, and both keys of a moved row", async () => {
    const { logged, rows } = await captured(
      `CREATE TABLE t(id INTEGER PRIMARY KEY, v); INSERT INTO t VALUES(1, 0), (2, 0), (3, 0);
       CREATE TRIGGER a AFTER UPDATE ON t BEGIN
         SELECT CASE WHEN NEW.v = 7 THEN RAISE(FAIL, 'no') ELSE RAISE(IGNORE) END; END`,
    );
    expect(logged("UPDATE t SET v = 1 WHERE id = 1")).toEqual(["1"]);
    expect(() => logged("UPDATE t SET v = 7")).toThrow("no");
    expect(rows("SELECT id FROM t WHERE v = 7")).toEqual([[1n]]);
    expect(rows("SELECT k1 FROM _changeover_log ORDER BY seq DESC LIMIT 1")).toEqual([[1n]]);
    expect(logged("UPDATE OR REPLACE t SET rowid = 3 WHERE id = 2")).toEqual(["2", "3"]);
    expect(logged("UPDATE t SET _rowid_ = 9 WHERE id = 3")).toEqual(["3", "9"]);
  });

  it("every row of a DELETE without WHERE", async () => {
    const { logged } = await captured("CREATE TABLE t(id INTEGER PRIMARY KEY); INSERT INTO t VALUES(1), (2), (3)");
    expect(logged("DELETE FROM t")).toEqual(["1", "2", "3"]);
  });

  it("upserts; OR IGNORE at most logs a key too many", async () => {
    const { logged } = await captured("CREATE TABLE t(id INTEGER PRIMARY KEY, u UNIQUE); INSERT INTO t VALUES(1, 'x')");
    expect(logged("INSERT INTO t VALUES(2, 'x') ON CONFLICT(u) DO UPDATE SET u = 'y'")).toContain("1");
    logged("INSERT OR IGNORE INTO t VALUES(1, 'z')");
  });
});

describe("a schema of any shape", () => {
  it("may have names that need quoting, and a table called new", async () => {
    const { logged } = await captured(
      `CREATE TABLE new("a""b" TEXT PRIMARY KEY NOT NULL, "it's" UNIQUE, "new" UNIQUE); ` +
        `CREATE UNIQUE INDEX "i""" ON new(lower("a""b")); INSERT INTO new VALUES('X', 1, 1), ('y', 2, 2)`,
    );
    expect(logged(`REPLACE INTO new VALUES('x', 2, 3)`)).toEqual(["'X'", "'x'", "'y'"]);
  });

  it("may have 500 columns", async () => {
    const columns = Array.from({ length: 499 }, (_, index) => `c${index}`);
    const { logged } = await captured(
      `CREATE TABLE t(id INTEGER PRIMARY KEY, ${columns.join(", ")}); INSERT INTO t(id) VALUES(1)`,
    );
    expect(logged("UPDATE t SET c498 = 1")).toEqual(["1"]);
  });

  it("is unchanged, text for text", async () => {
    const { rows, clean } = await captured(
      `CREATE TABLE t ( id INTEGER PRIMARY KEY AUTOINCREMENT, "a b" ) ; INSERT INTO t VALUES(5, 1); ` +
        "CREATE VIEW v AS SELECT 1; CREATE TRIGGER a AFTER INSERT ON t BEGIN SELECT 1; END",
    );
    const schema =
      "SELECT type, name, tbl_name, sql FROM sqlite_schema " +
      "WHERE name NOT LIKE '\\_changeover\\_%' ESCAPE '\\' ORDER BY rowid";
    const before = rows(schema);
    const removed = await clean();
    expect(removed).toEqual(expect.arrayContaining(["_changeover_log", "_changeover_run"]));
    expect(rows("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid")).toEqual(before);
    expect(rows("SELECT * FROM sqlite_sequence")).toEqual([["t", 5n]]);
  });
});

describe("capture is invisible to the application", () => {
  it("in changes(), last_insert_rowid() and RETURNING", async () => {
    const { rows } = await captured(
      "CREATE TABLE t(id INTEGER PRIMARY KEY, u UNIQUE); INSERT INTO t VALUES(7, 'x'), (8, 'y')",
    );
    expect(rows("INSERT OR REPLACE INTO t(u) VALUES('x') RETURNING id, u")).toEqual([[9n, "x"]]);
    expect(rows("SELECT changes(), last_insert_rowid()")).toEqual([[1n, 9n]]);
    expect(rows("UPDATE t SET u = u || '!' RETURNING id")).toEqual([[8n], [9n]]);
    expect(rows("SELECT changes(), last_insert_rowid()")).toEqual([[2n, 9n]]);
  });

  it("and columns that capture does not need can still be dropped", async () => {
    const { run, rows } = await captured("CREATE TABLE t(id INTEGER PRIMARY KEY, a UNIQUE, b)");
    run("ALTER TABLE t DROP COLUMN b");
    expect(rows("SELECT name FROM pragma_table_info('t')")).toEqual([["id"], ["a"]]);
  });
});
