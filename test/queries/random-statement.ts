import type { Random } from "../translation-fuzz/random.ts";

/** A statement over the tables a and b of a random table, with what is bound. */
export interface RandomStatement {
  readonly sql: string;
  readonly parameters: readonly (bigint | number | string | null)[];
}

const VALUES: readonly (bigint | string | number | null)[] = [0n, 1n, 2n, -5n, 7n, "a", "A", "b ", "", "12", null, 1.5];

/** SELECT, INSERT, UPDATE and DELETE in many forms over the table t(id, i, r, t, n, b, d). */
export function randomStatement(random: Random): RandomStatement {
  const parameters: (bigint | number | string | null)[] = [];
  const column = () => random.pick(["id", "i", "r", "t", "n", "b", "d"]);
  const literal = () =>
    random.pick(["0", "1", "-1", "2", "1.5", "'a'", "'A'", "'b '", "''", "'12'", "NULL", "'2024-01-02'", "x'00'"]);
  const bound = () => {
    parameters.push(random.pick(VALUES));
    return `?${parameters.length}`;
  };
  const value = (depth = 1): string => {
    if (depth <= 0 || random.chance(0.4)) return random.pick([column, column, literal, bound])();
    const [one, other] = [value(depth - 1), value(depth - 1)];
    return random.pick([
      `${one} + ${other}`,
      `${one} || ${other}`,
      `coalesce(${one}, ${other})`,
      `ifnull(${one}, ${other})`,
      `lower(${one})`,
      `upper(${one})`,
      `length(${one})`,
      `iif(${one} > ${other}, ${one}, ${other})`,
      `nullif(${one}, ${other})`,
      `abs(${one})`,
      `max(${one}, ${other})`,
      `substr(${one}, 1, 2)`,
      `CASE WHEN ${one} THEN ${other} END`,
      `CAST(${one} AS TEXT)`,
      `-(${one})`,
      ...rareValues(random, { bound, column, one, other }),
    ]);
  };
  const test = (depth = 1): string => {
    const [one, other] = [value(), value()];
    const simple = () =>
      random.pick([
        `${one} = ${other}`,
        `${one} <> ${other}`,
        `${one} < ${other}`,
        `${one} >= ${other}`,
        `${one} IS ${other}`,
        `${one} IS NOT ${other}`,
        `${one} LIKE ${other}`,
        `${column()} LIKE ${random.pick(["'a%'", "'%B'", bound()])}`,
        `${column()} GLOB 'a*'`,
        `${one} IN (${other}, ${value(0)})`,
        `${one} BETWEEN ${other} AND ${value(0)}`,
        `${one} IS NULL`,
        `b`,
        `NOT b`,
        `b = ${bound()}`,
        `id IN (SELECT i FROM t WHERE ${column()} = ${value(0)})`,
        `${column()} LIKE ${value()} ESCAPE '\\'`,
        `json_extract(j, '$.${random.pick(["a", "b", "c"])}') ${random.pick(["=", "<>", ">", "<="])} ${value(0)}`,
        `j ->> ${random.pick(["'a'", "'$.b'", bound()])} = ${value(0)}`,
      ]);
    return depth > 0 && random.chance(0.4)
      ? `(${simple()}) ${random.pick(["AND", "OR"])} (${test(depth - 1)})`
      : simple();
  };
  const where = () => (random.chance(0.8) ? ` WHERE ${test()}` : "");
  const limit = () => random.pick(["", "", " LIMIT 3", " LIMIT 2 OFFSET 1", " LIMIT -1 OFFSET 2", ` LIMIT ${bound()}`]);
  const returning = () => (random.chance(0.4) ? " RETURNING id, i, t" : "");
  const sql = random.pick([
    () => `SELECT ${value(2)}, ${value()} FROM t${where()}`,
    () => `SELECT id, ${value()} FROM t${where()} ORDER BY ${column()}${random.pick(["", " DESC"])}, id`,
    () => `SELECT ${column()}, count(*), sum(i), max(t) FROM t${where()} GROUP BY ${column()}`,
    () => `SELECT DISTINCT ${column()} FROM t${where()}`,
    () => `SELECT ${column()}, ${column()} FROM t${where()} ORDER BY ${value()}${random.pick(["", " DESC"])}${limit()}`,
    () =>
      `SELECT ${column()}, i AS k FROM t${where()} ` +
      `ORDER BY ${random.pick(["2", "k", "k DESC", "t COLLATE NOCASE"])}${limit()}`,
    () => `SELECT ${column()} FROM t${where()}${limit()}`,
    () => `SELECT ${column()} FROM t UNION SELECT ${column()} FROM t ORDER BY 1${limit()}`,
    () => `SELECT id, ${windowed(random, column)} FROM t${where()}`,
    () =>
      `WITH RECURSIVE c(n) AS (SELECT ${random.pick(["1", "i", bound()])} FROM t WHERE id = 1 UNION ` +
      `SELECT n + ${random.pick(["1", "2"])} FROM c WHERE n < 5) SELECT n FROM c`,
    () => `SELECT ${random.pick(["json_group_array", "count"])}(${value(0)}) FROM t${where()}`,
    () =>
      `INSERT INTO t(i, t) SELECT ${value(0)}, ${value(0)} UNION ALL ` +
      `SELECT ${value(0)}, ${value(0)}${returning()}`,
    () => `INSERT OR IGNORE INTO t(id, b) SELECT 1, ${value(0)} UNION ALL SELECT 98, ${value(0)}`,
    () =>
      `UPDATE t SET j = ${random.pick(["json_set", "json_insert", "json_remove"])}` +
      `(j, '$.a'${random.pick(["", ", 5"])})`,
    () => `SELECT id FROM t${where()} ORDER BY id LIMIT ${random.pick(["-1", "2", bound()])}`,
    () => `SELECT x.id, y.id FROM t x JOIN t y ON x.i = y.${random.pick(["i", "id", "n"])}`,
    () => `UPDATE t SET ${random.pick(["i", "r", "t", "n", "b", "d"])} = ${value()}${where()}${returning()}`,
    () => `DELETE FROM t${where()}${returning()}`,
    () =>
      `INSERT ${random.pick(["", "OR REPLACE ", "OR IGNORE "])}INTO t(id, i, t) VALUES ` +
      `(${random.pick(["1", "99", "NULL", bound()])}, ${value(0)}, ${value(0)})${returning()}`,
    () =>
      `INSERT INTO t(id, i) VALUES (${random.pick(["1", "99"])}, ${random.pick(["3", bound()])}) ` +
      `ON CONFLICT(id) DO ${random.pick(["NOTHING", "UPDATE SET i = excluded.i + 1", "UPDATE SET t = t || 'x'"])}`,
    () => `INSERT INTO t(i, t) SELECT ${column()}, ${column()} FROM t${where()}`,
  ])();
  return renumbered(sql, parameters);
}

interface ValueParts {
  readonly bound: () => string;
  readonly column: () => string;
  readonly one: string;
  readonly other: string;
}

function rareValues(random: Random, { bound, column, one, other }: ValueParts): string[] {
  const name = random.pick(["a", "b", "c", "d"]);
  return [
    `CAST(${one} AS INTEGER)`,
    `CAST(${one} AS NUMERIC)`,
    `${one} / ${other}`,
    `${one} % ${other}`,
    `round(${one})`,
    `substr(${one}, ${random.pick(["-2", "0", "i", bound()])}${random.pick(["", ", 2", ", i"])})`,
    `min(${one}, ${other}, ${column()})`,
    `${random.pick(["sqrt", "ln", "exp", "floor", "ceil", "sin", "degrees"])}(${one})`,
    `power(${one}, ${other})`,
    `json_extract(j, '$.${name}')`,
    `json_extract(j, ${bound()})`,
    `j ->> '${name}'`,
    `json_array(${one}, ${other}, json_object('x', ${column()}))`,
    `json_array_length(j)`,
    `CAST(j ->> '${name}' AS INTEGER)`,
    `json_remove(j, '$.${name}')`,
    `json_set(j, '$.${name}', ${one})`,
    `json_extract(json_replace(j, '$.${name}', ${one}), '$.${name}')`,
  ];
}

function windowed(random: Random, column: () => string): string {
  const call = random.pick([
    ...["row_number()", "rank()", "dense_rank()", "percent_rank()", "ntile(3)", "count(*)", "sum(i)", "max(t)"],
    ...[`lag(${column()})`, `lead(${column()}, 2)`, `first_value(${column()})`, `nth_value(${column()}, 2)`],
  ]);
  const partition = random.pick(["", "PARTITION BY b ", `PARTITION BY ${column()} `]);
  const order = random.pick(["id", "i, id", "t DESC, id", "r, id", "n, id"]);
  const frame = random.pick(["", " ROWS BETWEEN 1 PRECEDING AND CURRENT ROW", " GROUPS UNBOUNDED PRECEDING"]);
  return `${call} OVER (${partition}ORDER BY ${order}${frame})`;
}

/** Without the parameters of what was thrown away on the way. */
function renumbered(sql: string, parameters: RandomStatement["parameters"]): RandomStatement {
  const used = [...new Set([...sql.matchAll(/\?(\d+)/g)].map(([, number]) => Number(number)))];
  return {
    sql: sql.replace(/\?(\d+)/g, (_, number) => `?${used.indexOf(Number(number)) + 1}`),
    parameters: used.map((number) => parameters[number - 1] ?? null),
  };
}

/** The rows of t: few, so that statements meet all of them. */
export function randomRows(random: Random): string {
  const rows = Array.from({ length: 8 }, (_, index) => [
    String(index + 1),
    random.pick(["0", "1", "2", "-5", "7", "NULL"]),
    random.pick(["0.5", "1.0", "-2.25", "NULL", "7.0"]),
    random.pick(["'a'", "'A'", "'b '", "''", "'abc'", "'12'", "'Ä'", "NULL"]),
    random.pick(["'a'", "'A'", "'B'", "NULL"]),
    random.pick(["0", "1"]),
    random.pick(["'2024-01-02'", "'2023-12-31'", "NULL"]),
    random.pick([
      ...["'{}'", "NULL", `'{"a":1,"b":"x"}'`, `'{"a":"a","b":null,"c":true}'`, `'{"a":{"b":2},"c":[1,2],"d":1.5}'`],
      ...["'[1,2]'", `'{"a":"12","b":7}'`],
    ]),
  ]);
  return (
    "CREATE TABLE t(id INTEGER PRIMARY KEY, i INTEGER, r REAL, t TEXT, n TEXT COLLATE NOCASE, " +
    "b BOOLEAN NOT NULL DEFAULT 0, d DATE, j JSON);\n" +
    `INSERT INTO t VALUES ${rows.map((row) => `(${row.join(", ")})`).join(", ")};`
  );
}
