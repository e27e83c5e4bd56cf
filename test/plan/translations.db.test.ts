import { expect, it, onTestFinished } from "vitest";
import { profileTable } from "../../src/inspect/profile-table.ts";
import { readSchema } from "../../src/inspect/read-schema.ts";
import { planTables } from "../../src/plan/propose/plan-tables.ts";
import { tableScope } from "../../src/plan/propose/table-plan.ts";
import { translate } from "../../src/plan/translate/translate-expression.ts";
import { translateValue } from "../../src/plan/translate/translate-sql-text.ts";
import { openSource } from "../../src/source/source.ts";
import { parseExpression } from "../../src/sqlite-sql/parse.ts";
import { sqliteFile } from "../support/source.ts";
import { emptyTarget } from "../support/target.ts";

const INTEGERS = ["NULL", "0", "1", "-1", "7", "-8", "9007199254740993", "255"];
const REALS = ["NULL", "0.0", "-0.5", "1.5", "2.5", "1e100", "-3.0", "0.1"];
const TEXTS = [
  "NULL",
  "''",
  "'a'",
  "'A'",
  "'ab%c'",
  "'Äpfel'",
  "'äpfel'",
  "'x_y'",
  "' pad '",
  "'it''s'",
  "'12'",
  "'日本語'",
  "'back\\slash'",
  "char(10)",
  "'a*b?[c]'",
];
const DATES = ["NULL", "'2024-01-31'", "'1999-12-01'", "'0001-01-01'"];
const TIMESTAMPS = [
  "NULL",
  "'2024-01-31 23:59:59'",
  "'1969-12-31 00:00:00'",
  "'2000-02-29 12:30:00.500'",
  "'9999-12-31 23:59:59'",
];
const BLOBS = ["NULL", "x''", "x'00ff'", "x'61'"];

/** Each must come out the same in both databases, on rows that are made to differ. */
const EXPRESSIONS = [
  "n",
  "-n",
  "n + m",
  "n - (m - 1)",
  "n * 3",
  "n / 3",
  "n % 3",
  "n / 2.0",
  "n & m",
  "n | m",
  "n >> 3",
  "n << 2",
  "~n",
  "n & 3 = 1",
  "n + 1 & 3",
  "abs(n)",
  "sign(n)",
  "round(n)",
  "max(n, m)",
  "min(n, 3)",
  "n = m",
  "n <> m",
  "n is m",
  "n is not m",
  "n is null",
  "n is not null",
  "n isnull",
  "n notnull",
  "not n",
  "n and m",
  "n or m",
  "not (n and m)",
  "n in (1, 7)",
  "n not in (1, 7)",
  "n in (1, null)",
  "n not in (1, null)",
  "n between -1 and 7",
  "n not between m and 7",
  "n = '7'",
  "n > '0'",
  "n = true",
  "n is 1",
  "(n is null) + (t is null)",
  "(n > 0) + (m > 0) > 1",
  "(n > 0) = (m > 0)",
  "n < 100000 * 100000",
  "n - -1",
  "- - n",
  "+n",
  "case n when 1 then 'one' when 7 then 'seven' else 'x' end",
  "case when n > 0 then n else m end",
  "iif(n > 0, 'p', 'q')",
  "ifnull(n, 5)",
  "coalesce(n, m, 3)",
  "nullif(n, 1)",
  "cast(n as text)",
  "cast(n as integer)",
  "typeof(n)",
  "typeof(t)",
  "typeof(b)",
  "typeof(n) = 'integer'",
  "typeof(t) in ('text', 'null')",
  "typeof(t) not in ('integer', 'null')",
  "typeof(n) <> 'null'",
  "typeof(n) = 'blob'",
  "r",
  "-r",
  "r + 1",
  "r * 2",
  "r / 4",
  "r > n",
  "r > id",
  "n is true",
  "r is not true",
  "not n is false",
  "t > 1",
  "coalesce(r, 0)",
  "coalesce(id, r)",
  "r = 1.5",
  "r in (1.5, 2.5)",
  "abs(r)",
  "sign(r)",
  "cast(n as real)",
  "r + n",
  "r is null or r > 0",
  "n * 0.5",
  "n / 4.0 + 1",
  "t",
  "t = 'a'",
  "t <> 'a'",
  "t < 'b'",
  "t >= 'ä'",
  "t = c",
  "c = 'A'",
  "c <> 'a'",
  "c < 'b'",
  "c in ('A', 'x')",
  "t collate nocase = 'A'",
  "c collate binary = 'a'",
  "'A' = c",
  "t between 'A' and 'a'",
  "t like 'a%'",
  "t like 'A'",
  "t like '%\\%'",
  "t like '_'",
  "t like 'ab!%c' escape '!'",
  "t not like '%p%'",
  "t like 'äpfel'",
  "t glob 'a*'",
  "t glob '[A-Z]*'",
  "t glob '[^A-Z]*'",
  "t glob '*[0-9]'",
  "t not glob '?'",
  "t glob '*.?'",
  "t glob 'a[*]b[?]*'",
  "length(t)",
  "length(b)",
  "length(n)",
  "lower(t)",
  "upper(t)",
  "trim(t)",
  "ltrim(t)",
  "rtrim(t, ' c')",
  "replace(t, 'a', 'xy')",
  "instr(t, 'p')",
  "substr(t, 2)",
  "substr(t, 1, 2)",
  "substr(t, -2)",
  "substr(t, -30)",
  "hex(b)",
  "unicode(t)",
  "t || '-' || n",
  "n || m",
  "t || t",
  "printf('%s:%d%%', t, n)",
  "format('n=%d', n)",
  "likely(n > 0)",
  "length(trim(t)) > 0",
  "t is not null and t <> ''",
  "t is 'a'",
  "t is not c",
  "coalesce(t, c)",
  "ifnull(t, 'none')",
  "b = x'61'",
  "b is null",
  "lower(c) = 'a'",
  "t = 12",
  "t in ('a', '12')",
  "d = '2024-01-31'",
  "d > '2000-01-01'",
  "d between '1999-01-01' and '2024-12-31'",
  "date(d)",
  "strftime('%Y', d)",
  "strftime('%Y-%m', d)",
  "strftime('%d', d)",
  "d = date(d)",
  "d is null or d = strftime('%Y-%m-%d', d)",
  "date(at)",
  "strftime('%Y-%m-%d %H:%M', at)",
  "strftime('%H', at)",
  "unixepoch(at)",
  "date(at) = '2024-01-31'",
];

it.each(["C", "database"] as const)(
  "come out the same in PostgreSQL as in SQLite, row by row, with texts in the order of %s",
  { timeout: 120_000 },
  async (collationChoice) => {
    const rows = Array.from({ length: 60 }, (_, id) => {
      const of = (values: readonly string[], step: number) =>
        values[(id * step + Math.floor(id / values.length)) % values.length];
      return (
        `(${id}, ` +
        [
          of(INTEGERS, 1),
          of(INTEGERS, 3),
          of(REALS, 1),
          of(TEXTS, 1),
          of(TEXTS, 2),
          of(BLOBS, 1),
          of(DATES, 1),
          of(TIMESTAMPS, 1),
        ].join(", ") +
        ")"
      );
    });
    const { path, application } = await sqliteFile(
      "CREATE TABLE v (id INTEGER PRIMARY KEY, n INTEGER, m INTEGER, r REAL, t TEXT, c TEXT COLLATE NOCASE, " +
        `b BLOB, d DATE, at DATETIME); INSERT INTO v VALUES ${rows.join(", ")};`,
    );
    const source = openSource({ url: path });
    onTestFinished(() => source.close());
    const schema = await source.read(readSchema);
    const profiles = await Promise.all(schema.tables.map((table) => profileTable(source, table)));
    const [plan] = planTables(schema, profiles, new Map(), {
      types: "plain",
      rules: {},
      names: "keep",
      collationChoice,
    });
    if (plan === undefined) throw new Error("no plan");
    expect(plan.columns.map(({ type }) => type)).toEqual([
      "bigint",
      "bigint",
      "bigint",
      "double precision",
      "text",
      "text",
      "bytea",
      "date",
      "timestamp",
    ]);

    const { session } = await emptyTarget();
    const values = await application.execute("SELECT id, n, m, r, t, c, hex(b) AS b, b IS NULL AS none, d, at FROM v");
    const literal = (value: unknown) =>
      value === null ? "null" : `E'${String(value).replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
    await session.run(
      "create table v (" +
        plan.columns
          .map(
            ({ name, type, collation }) =>
              `${name} ${type}` +
              (collationChoice === "database" && type === "text"
                ? ` collate "und-x-icu"`
                : collation === null
                  ? ""
                  : ` collate "${collation}"`),
          )
          .join(", ") +
        ")",
    );
    await session.run(
      "insert into v values " +
        values.rows
          .map(
            (row) =>
              `(${["id", "n", "m", "r", "t", "c"].map((name) => literal(row[name])).join(", ")}, ` +
              `${row["none"] === 1n ? "null" : `decode('${String(row["b"])}', 'hex')`}, ` +
              `${literal(row["d"])}, ${literal(row["at"])})`,
          )
          .join(", "),
    );

    const untranslated: string[] = [];
    for (const expression of EXPRESSIONS) {
      const { sql, reason } = translateValue(expression, tableScope(plan));
      if (reason !== null) {
        untranslated.push(`${expression}: ${reason}`);
        continue;
      }
      const { family } = translate(parseExpression(expression), tableScope(plan));
      const inSqlite = (
        await application.execute(
          "SELECT CASE typeof(v) WHEN 'blob' THEN hex(v) ELSE v END AS v FROM (SELECT id, " +
            `(${expression}) AS v FROM v) ORDER BY id`,
        )
      ).rows.map(({ v }) => shown(v));
      const text =
        family === "bytea"
          ? `upper(encode(${sql}, 'hex'))`
          : family === "boolean"
            ? `(${sql})::integer::text`
            : `(${sql})::text`;
      const inPostgres = await session.rows<{ v: string | null }>(`select ${text} as v from v order by id`).then(
        (answer) => answer.map(({ v }) => shown(family === "double" && v !== null ? Number(v) : v)),
        (error: Error) => error.message,
      );
      // PostgreSQL takes only what never changes.
      const indexed = await session.run(`create index on v ((${sql}))`).then(
        () => "",
        (error: Error) => error.message,
      );
      expect.soft(indexed, `an index on ${sql}`).toBe("");
      expect.soft(inPostgres, `${expression} → ${sql}`).toEqual(inSqlite);
    }
    expect(untranslated).toEqual(["r > n: it compares reals with integers of more than 53 bits"]);
  },
);

/** A number of either kind as JavaScript writes it; NULL as null. */
function shown(value: unknown): string | null {
  return value === null ? null : typeof value === "number" ? String(value) : String(value);
}
