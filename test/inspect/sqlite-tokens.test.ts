import { describe, expect, it } from "vitest";
import { parseCreateIndex } from "../../src/inspect/parse-create-index.ts";
import { parseCreateTable } from "../../src/inspect/parse-create-table.ts";
import { sqliteTokens } from "../../src/inspect/sqlite-tokens.ts";

describe("sqliteTokens", () => {
  it("knows every kind of quotes, and comments", () => {
    const tokens = sqliteTokens(`a "b""c" [d e] \`f\` 'g''h' x'00' -- CHECK (\n/* ( */ 1.5e-3`);
    expect(tokens.map(({ kind, value }) => [kind, value])).toEqual([
      ["word", "A"],
      ["name", 'b"c'],
      ["name", "d e"],
      ["name", "f"],
      ["string", "g'h"],
      ["string", "x'00'"],
      ["number", "1.5e-3"],
    ]);
  });

  it("counts parentheses, and an opening one and its closing one alike", () => {
    expect(sqliteTokens("a(b(c))d").map(({ text, depth }) => `${text}${depth}`)).toEqual([
      "a0",
      "(0",
      "b1",
      "(1",
      "c2",
      ")1",
      ")0",
      "d0",
    ]);
  });

  it("gives up on nothing", () => {
    expect(() => sqliteTokens("'open \"quotes [ /* and ) ( comments")).not.toThrow();
  });
});

describe("parseCreateTable", () => {
  it("finds what pragmas are silent about", () => {
    const parsed = parseCreateTable(`CREATE TABLE t (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      "a,b" TEXT COLLATE NOCASE CONSTRAINT short CHECK (length("a,b") < 10) DEFAULT 'CHECK (1)',
      [c)] AS (id * (2 + 1)) STORED,
      p INT REFERENCES p ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED NOT NULL,
      CHECK (id > 0) CONSTRAINT far FOREIGN KEY (id, p) REFERENCES q (x, y) NOT DEFERRABLE INITIALLY DEFERRED
    ) STRICT, WITHOUT ROWID`);
    expect(parsed.checks).toEqual([
      { name: "short", expression: 'length("a,b") < 10' },
      { name: null, expression: "id > 0" },
    ]);
    expect(parsed.columns.get("a,b")).toEqual({ collation: "NOCASE", generated: null });
    expect(parsed.columns.get("c)")).toEqual({ collation: null, generated: "id * (2 + 1)" });
    expect(parsed.foreignKeys).toEqual([
      { name: null, deferred: true, sql: "REFERENCES p ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED" },
      {
        name: "far",
        deferred: false,
        sql: "FOREIGN KEY (id, p) REFERENCES q (x, y) NOT DEFERRABLE INITIALLY DEFERRED",
      },
    ]);
    expect(parsed).toMatchObject({ autoincrement: true, strict: true, withoutRowid: true });
  });
});

describe("parseCreateIndex", () => {
  it("finds the terms without collation and direction, and the condition", () => {
    expect(
      parseCreateIndex(
        `CREATE UNIQUE INDEX "i (x)" ON t (lower(a || ',') COLLATE NOCASE DESC, "b c" ASC) ` +
          "WHERE a IS NOT NULL AND b IN (1, 2)",
      ),
    ).toEqual({
      terms: ["lower(a || ',')", '"b c"'],
      where: "a IS NOT NULL AND b IN (1, 2)",
    });
  });
});
