import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { hiddenColumns } from "./support/hidden-columns.ts";
import { sqlTexts, textsOf } from "./support/sql-in-code.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FOLDERS = ["src", "sql", "migrations", "bench", "scripts", "examples", "test"];
const HERE = "test/sql-order.test.ts";
/** Both databases are asked for the order of the output itself. */
const MEANT = new Set(["select lower(word) || upper(free) as word from words order by word"]);
/** A source's schema, which SQLite reads; a file for psql, of which each statement is in the code that makes it. */
const NO_QUERY = /^\s*CREATE TABLE|ON_ERROR_STOP/;
/** SQLite's SQL, and words about SQL. */
const NO_STATEMENTS = new RegExp(
  [
    "^test/(sqlite-sql|translation-fuzz|queries|statements|cli/queries)",
    "^scripts/reference",
    "^src/queries/(constructs|ranked-query)",
    "^src/plan/translate/recursive-table",
  ].join("|"),
);
const ORDERED = /\border\s+by\b|\bdistinct\s+on\b/i;

describe("an output's name that hides the column which ORDER BY means", () => {
  it("is found, whether it is written or PostgreSQL's own", async () => {
    const hidden: readonly (readonly [string, readonly string[]])[] = [
      ["select id::text from t order by id", ["id"]],
      ["select id::text as id, name from t order by run_on, id desc", ["id"]],
      ["select t.id, case when a then 'x' else t.id end from t order by id", ["id"]],
      ["select distinct on (k) lower(v) as k from t", ["k"]],
      ["select * from (select a + 1 as a from t order by a limit 2) s", ["a"]],
      ["select array(select -n as n from t order by n)", ["n"]],
      ["select id::text from t order by t.id", []],
      ["select t.id, name::text as shown from t order by id, name", []],
      ["select coalesce(a, b) from t order by a", []],
      ["select string_agg(a::text, ',' order by a) as a from t", []],
      ["select row_number() over (order by a) as n, -a as a from t", []],
    ];
    for (const [sql, expected] of hidden) expect(await hiddenColumns(sql), sql).toEqual(expected);
  });

  it("is found in templates, through constants and lists", async () => {
    const code = `const WHAT = "id::text, name"; const order = keys.map((key) => \`t.\${name(key)}\`).join(", ");
      run(\`select \${WHAT} from \${table} as t order by id\`);
      run(\`select f(\${x}) as y from \${table} as t order by \${order}\`);
      run(\`select f(\${x}) as y from \${table} as t order by \${given}\`);`;
    const found = [];
    for (const { line, sql } of textsOf("x.ts", code).filter((text) => ORDERED.test(text.sql)))
      found.push([line, await hiddenColumns(sql)]);
    expect(found).toEqual([
      [2, ["id"]],
      [3, []],
      [4, ["something unknown, next to the outputs y"]],
    ]);
  });

  it("is nowhere in the code", { timeout: 180_000 }, async () => {
    const texts = sqlTexts(ROOT, FOLDERS, ORDERED).filter(
      ({ file, sql }) => !MEANT.has(sql) && file !== HERE && !NO_STATEMENTS.test(file) && !NO_QUERY.test(sql),
    );
    expect(texts.length).toBeGreaterThan(100);
    const hiding: string[] = [];
    const unread: string[] = [];
    for (const { file, line, sql } of texts) {
      const hidden = await hiddenColumns(sql);
      if (hidden === null) unread.push(`${file}:${line}`);
      for (const name of hidden ?? []) hiding.push(`${file}:${line}: ${name}`);
    }
    expect([hiding, unread]).toEqual([[], []]);
  });
});
