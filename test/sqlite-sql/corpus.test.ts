import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parseExpression, parseStatement, parseStatements } from "../../src/sqlite-sql/parse.ts";
import { SqlSyntaxError } from "../../src/sqlite-sql/syntax-error.ts";
import { print } from "./print-statement.ts";
import { withoutPlaces } from "./properties.ts";
import { showTree } from "./show-tree.ts";
import { sqliteParser } from "./sqlite-says.ts";

const corpus = (name: string) => fileURLToPath(new URL(`corpus/${name}`, import.meta.url));
const statements = (name: string) => readFileSync(corpus(name), "utf8").trim().split(/\n\n+/);

/** Syntax of other versions of SQLite than the one that answers here. */
const OTHERS = /1_000|within group|raise\(fail, 'x' \|\||create function|drop function|^(delete|update).* order by/s;

describe("statements of every kind", () => {
  const accepted = statements("accepted.sql");

  it("become the trees that stand next to them: after a change, `vitest -u` writes them again", async () => {
    const shown = accepted.map((sql) => `${sql}\n${showTree(parseStatement(sql))}\n`).join("\n");
    await expect(shown).toMatchFileSnapshot(corpus("trees.txt"));
  });

  it.each(accepted)("%s: is read back from what is printed of it", (sql) => {
    const tree = parseStatement(sql);
    const printed = print(tree);
    expect(withoutPlaces(parseStatement(printed)), printed).toEqual(withoutPlaces(tree));
  });

  it("are taken by SQLite, too", () => {
    const says = sqliteParser();
    expect(accepted.filter((sql) => !OTHERS.test(sql) && says(sql) === "refused")).toEqual([]);
  });
});

describe("what is no statement", () => {
  it.each(statements("refused.sql"))("%s", (sql) => {
    expect(() => parseStatements(sql)).toThrow(SqlSyntaxError);
    expect(["refused", "unknown"]).toContain(sqliteParser()(sql));
  });
});

describe("an error of syntax", () => {
  it.each([
    ["select a from from t", "from", 14],
    ["select 'a", "'", 7],
    ["select (1", "", 9],
    ["select 1; selec 2", "selec", 10],
  ])("%s: says where", (sql, near, offset) => {
    const error = (() => {
      try {
        return parseStatements(sql);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toMatchObject({ near, offset });
  });
});

describe("places in the text", () => {
  const within = (sql: string, { start, end }: { start: number; end: number }) => sql.slice(start, end);

  it("are those of the nodes, without the parentheses around an expression", () => {
    const sql = "(a + b) * c";
    const product = parseExpression(sql);
    expect(within(sql, product)).toBe(sql);
    expect(product.kind === "binary" && within(sql, product.left)).toBe("a + b");
  });

  it("are those of each statement, without its semicolon", () => {
    const sql = "select 1; ;\n-- comment\ndelete from t ;";
    expect(parseStatements(sql).map((statement) => within(sql, statement))).toEqual(["select 1", "delete from t"]);
  });
});

describe("a name", () => {
  it("tells how it was quoted, since SQLite takes some names for strings", () => {
    const names = ["a", '"a"', "`a`", "[a]"].map((sql) => {
      const node = parseExpression(sql);
      return node.kind === "column" ? [node.name.text, node.name.quote] : node.kind;
    });
    expect(names).toEqual([
      ["a", null],
      ["a", '"'],
      ["a", "`"],
      ["a", "["],
    ]);
    expect(parseExpression("'a'")).toMatchObject({ kind: "string", value: "a" });
  });
});

describe("the tables of the parser", () => {
  it("are made of the grammar as it is: `node scripts/make-parser.mjs` writes them", () => {
    const script = fileURLToPath(new URL("../../scripts/make-parser.mjs", import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" });
    expect(stderr).toBe("");
    expect(status).toBe(0);
  });

  it("are long enough for deep nesting", () => {
    const deep = `${"(".repeat(20_000)}1${")".repeat(20_000)}`;
    expect(parseExpression(deep).kind).toBe("number");
  });
});
