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
      ]);
    return depth > 0 && random.chance(0.4)
      ? `(${simple()}) ${random.pick(["AND", "OR"])} (${test(depth - 1)})`
      : simple();
  };
  const where = () => (random.chance(0.8) ? ` WHERE ${test()}` : "");
  const returning = () => (random.chance(0.4) ? " RETURNING id, i, t" : "");
  const sql = random.pick([
    () => `SELECT ${value(2)}, ${value()} FROM t${where()}`,
    () => `SELECT id, ${value()} FROM t${where()} ORDER BY ${column()}${random.pick(["", " DESC"])}, id`,
    () => `SELECT ${column()}, count(*), sum(i), max(t) FROM t${where()} GROUP BY ${column()}`,
    () => `SELECT DISTINCT ${column()} FROM t${where()}`,
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
  ]);
  return (
    "CREATE TABLE t(id INTEGER PRIMARY KEY, i INTEGER, r REAL, t TEXT, n TEXT COLLATE NOCASE, " +
    "b BOOLEAN NOT NULL DEFAULT 0, d DATE);\n" +
    `INSERT INTO t VALUES ${rows.map((row) => `(${row.join(", ")})`).join(", ")};`
  );
}
