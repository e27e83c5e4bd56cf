import type { Random } from "./random.ts";
import { type ExpressionSource, randomCondition, randomValue } from "./random-expression.ts";
import type { Looks, RandomColumn, RandomTable } from "./random-table.ts";

/** SQL of a kind that chance alone makes too rarely. */
export interface RareSql {
  readonly form: "value" | "condition" | "query" | "check";
  readonly sql: string;
}

type Tables = readonly [RandomTable, RandomTable];
type Maker = (random: Random, tables: Tables) => RareSql;

const value = (sql: string): RareSql => ({ form: "value", sql });
const condition = (sql: string): RareSql => ({ form: "condition", sql });
const query = (sql: string): RareSql => ({ form: "query", sql });

/** Each kind by its name: a test says that none is forgotten. */
export const RARE_KINDS = {
  inList: (random, [one]) => {
    const items = [spelled(random, one), random.pick(SPELLED), ...(random.chance(0.5) ? [random.pick(SPELLED)] : [])];
    const left = random.chance(0.8) ? spelled(random, one) : random.pick(SPELLED);
    return condition(`${left} ${not(random)}IN (${items.slice(random.below(2)).join(", ")})`);
  },
  inSubquery: (random, [one, other]) => {
    const inner = random.pick([
      () => `SELECT ${spelled(random, other)} FROM ${other.name}`,
      () => `SELECT ${randomValue(sourceOf(random, other), random.pick(LOOKS), 1)} FROM ${other.name}`,
      () => `SELECT DISTINCT t FROM ${other.name} WHERE k > 1`,
    ])();
    const left = random.chance(0.8) ? spelled(random, one) : randomValue(sourceOf(random, one), random.pick(LOOKS), 1);
    return query(`SELECT id FROM ${one.name} WHERE ${left} ${not(random)}IN (${inner})`);
  },
  distinct: (random, [one]) => {
    const [text, more] = [spelled(random, one), random.pick(["", ", k", `, ${spelled(random, one)}`])];
    return query(
      random.pick([
        `SELECT DISTINCT ${text}${more} FROM ${one.name}`,
        `SELECT count(*) FROM (SELECT DISTINCT ${text}${more} FROM ${one.name}) AS d`,
      ]),
    );
  },
  countDistinct: (random, [one]) => {
    const text = random.chance(0.8) ? spelled(random, one) : random.pick(one.columns).name;
    const grouped = random.chance(0.3) ? " GROUP BY k" : "";
    return query(`SELECT count(DISTINCT ${text}) FROM ${one.name}${grouped}`);
  },
  grouped: (random, [one]) => query(`SELECT count(*), min(id) FROM ${one.name} GROUP BY ${spelled(random, one)}`),
  extreme: (random, [one]) => query(`SELECT ${random.pick(["min", "max"])}(${spelled(random, one)}) FROM ${one.name}`),
  compound: (random, [one, other]) => {
    const operator = random.pick(["UNION", "EXCEPT", "INTERSECT"]);
    const [left, right] = [spelled(random, one), spelled(random, other)];
    const all = `SELECT ${left} AS p FROM ${one.name} ${operator} SELECT ${right} FROM ${other.name}`;
    return query(
      random.pick([
        all,
        `SELECT count(*) FROM (${all}) AS d`,
        `SELECT p FROM (SELECT t AS p FROM ${one.name} UNION ALL SELECT ${right} FROM ${other.name}) AS d WHERE ` +
          `p = ${random.pick(SPELLED)}`,
      ]),
    );
  },
  joined: (random, [one, other]) => {
    const kind = random.pick(["JOIN", "LEFT JOIN"]);
    const part = (table: RandomTable, key: string) => `(SELECT t, ${key} FROM ${table.name}) AS ${table.name}`;
    const fitting = (table: RandomTable) => `${table.name}.${random.pick(columnsOf(table, "text")).name}`;
    return query(
      random.pick([
        () => `SELECT a.id, b.id FROM a ${kind} b ON a.t = b.t`,
        () => `SELECT a.id, b.id FROM a ${kind} b ON b.t = a.t`,
        () => `SELECT a.id, b.id FROM a ${kind} b ON ${fitting(one)} = ${fitting(other)}`,
        () => `SELECT a.id, b.id FROM a ${kind} b USING (t)`,
        () => `SELECT k, n FROM ${part(one, "k")} NATURAL JOIN ${part(other, "n")}`,
        () => `SELECT count(*) FROM a, b WHERE a.t || '' = b.t AND a.k = b.k`,
      ])(),
    );
  },
  truth: (random, [one]) => {
    const source = sourceOf(random, one);
    const tested = random.chance(0.7) ? randomValue(source, "number", 1) : random.pick(one.columns).name;
    const says = random.pick(["TRUE", "FALSE"]);
    return condition(
      random.pick([
        `${tested} IS ${not(random)}${says}`,
        `${tested} ${random.pick(["=", "<>", ">"])} ${says}`,
        `(${tested} IS ${says}) OR ${randomCondition(source, 1)}`,
      ]),
    );
  },
  quotedAlias: (random, [one]) => {
    const source = sourceOf(random, one);
    const [column, plain] = [randomValue(source, random.pick(LOOKS), 1), random.pick(one.columns).name];
    const name = random.pick(['"z"', '"Z"', "z", '"k"', '"no such column"']);
    const from = `SELECT ${column} AS "z", ${plain} FROM ${one.name}`;
    return query(
      random.pick([
        () => `${from} WHERE ${name} = ${random.pick(SPELLED)}`,
        () => `${from} WHERE ${name} IS NOT NULL`,
        () => `${from} WHERE ${name} > 1`,
        () => `${from} WHERE length(${name}) > 1`,
        () => `SELECT ${column} AS "z", count(*) FROM ${one.name} GROUP BY ${name}`,
        () => `SELECT ${plain}, count(*) AS "z" FROM ${one.name} GROUP BY ${plain} HAVING ${name} > 1`,
        () => `SELECT "z", q FROM (SELECT ${column} AS "z", k AS q FROM ${one.name}) AS d WHERE "q" > 1`,
      ])(),
    );
  },
  bytes: (random, [one]) => {
    const column = random.chance(0.6) ? "c" : random.pick([...columnsOf(one, "blob"), ...columnsOf(one, "any")]).name;
    return value(
      random.pick([
        `length(${column})`,
        `typeof(${column})`,
        `(typeof(${column}) = '${random.pick(["blob", "text", "null"])}')`,
        `hex(${column})`,
        `(${column} = ${random.pick(["x'61'", "'a'", "x'35'", "5", "'5'"])})`,
        `(${column} < ${random.pick(["x'61'", "'b'", "7"])})`,
        `(${column} IN (x'61', ${random.pick(["'a'", "x''"])}))`,
        `(${column} || 'x')`,
        `substr(${column}, 1, 2)`,
        `lower(${column})`,
        `coalesce(${column}, x'00')`,
        `(${column} LIKE 'a%')`,
        `unicode(${column})`,
        `CAST(${column} AS TEXT)`,
      ]),
    );
  },
  divided: (random, [one]) => {
    const source = sourceOf(random, one);
    const number = () => randomValue(source, "number", random.below(2));
    const total = () => `${random.pick(["sum", "sum", "avg", "total", "max", "min"])}(${number()})`;
    const by = random.pick(["2", "4", "2.0", "-3", "count(*)", "10"]);
    const grouped = random.chance(0.3) ? " GROUP BY k" : "";
    return query(`SELECT ${total()} / ${by}, (${total()} + 1) / 2 FROM ${one.name}${grouped}`);
  },
  quotient: (random, [one]) => {
    const column = random.pick([...columnsOf(one, "number"), ...columnsOf(one, "any")]).name;
    const by = random.pick(["2", "4", "2.0", "-3", "7"]);
    return value(
      random.pick([`(${column} / ${by})`, `(${column} * 2 / ${by})`, `(${column} % 3)`, `(-${column} / ${by})`]),
    );
  },
  affinity: (random, [one]) => {
    const some = one.columns.filter(({ looks }) => looks !== "blob");
    const column = () => (random.chance(0.4) ? "w" : random.pick(some).name);
    const operator = random.pick(["=", "<>", "<", "<=", ">", ">=", "IS", "IS NOT"]);
    const right = random.chance(0.4) ? column() : random.pick(["'5'", "'5.0'", "5", "'a'", "10", "'10'", "'-1'"]);
    return condition(
      random.pick([
        `${column()} ${operator} ${right}`,
        `${column()} ${operator} ${right}`,
        `${column()} ${not(random)}IN (${right}, 7)`,
        `${column()} ${not(random)}BETWEEN ${right} AND ${column()}`,
      ]),
    );
  },
  overflow: (random, [one]) => {
    const large = () =>
      random.pick(["n", "n", "k", "9223372036854775807", "-9223372036854775808", "4611686018427387904"]);
    return random.pick([
      () => value(`(${large()} ${random.pick(["+", "-", "*"])} ${large()})`),
      () => value(`- ${large()}`),
      () => value(`abs(${large()} - 1)`),
      () => value(`(${large()} << ${random.pick(["1", "10", "62"])})`),
      () => value(`CAST(${large()} AS REAL)`),
      () => value(`(${large()} / ${random.pick(["2", "-1", "2.0", "3"])})`),
      () =>
        condition(
          `n ${random.pick(["=", "<", ">="])} ${random.pick(["9007199254740992.0", "9007199254740993", "1e18"])}`,
        ),
      () => query(`SELECT ${random.pick(["sum", "total", "avg", "max"])}(${large()}) FROM ${one.name}`),
      () =>
        condition(
          `n ${random.pick(["=", "<", ">=", "IS"])} ${random.pick(["CAST(n AS REAL)", "(n * 1.0)", "(k + 0.5)"])}`,
        ),
      () => query(`SELECT sum(k) * ${large()} FROM ${one.name}`),
    ])();
  },
  checkedJson: (random, [one]) => {
    const text = random.pick([...columnsOf(one, "text"), ...columnsOf(one, "any")]).name;
    const { name, looks } = random.pick(one.columns);
    const other = random.pick([
      `${name} > ${looks === "number" ? "3" : "'b'"}`,
      `${text} IS NULL`,
      `${name} = ${text}`,
      `k > 3`,
    ]);
    const [left, right] = random.chance(0.6) ? [other, `json_valid(${text})`] : [`json_valid(${text})`, other];
    const joined = `${left} ${random.pick(["OR", "OR", "AND"])} ${right}`;
    return {
      form: "check",
      sql: random.chance(0.3) ? `(${joined}) AND (${randomCondition(sourceOf(random, one), 1)})` : joined,
    };
  },
  checked: (random, [one]) => {
    const source = sourceOf(random, one);
    const dates = [...columnsOf(one, "date"), ...columnsOf(one, "text"), ...columnsOf(one, "number")];
    const column = random.pick(dates).name;
    const format = random.pick([
      `${column} IS date(${column})`,
      `date(${column}) IS NOT NULL`,
      `${column} = datetime(${column})`,
      `${column} IS NULL OR ${column} = strftime('%Y-%m-%d', ${column})`,
      `json_valid(${column})`,
      `json_valid(${column}) OR ${column} IS NULL`,
      `${column} IS NULL OR json_valid(${column})`,
      `typeof(${column}) IN ('integer', 'null')`,
      `${column} GLOB '[0-9]*'`,
    ]);
    const other = randomCondition(source, 1);
    return {
      form: "check",
      sql: random.pick([
        format,
        format,
        `${format} AND (${other})`,
        `(${other}) OR (${format})`,
        `NOT (${format})`,
        other,
      ]),
    };
  },
} as const satisfies Readonly<Record<string, Maker>>;

export type RareKind = keyof typeof RARE_KINDS;

const LOOKS: readonly Looks[] = ["number", "text", "any", "date", "blob"];
const SPELLED = ["'a'", "'A'", "'b '", "'abc'", "'B'", "''"];

function not(random: Random): string {
  return random.chance(0.3) ? "NOT " : "";
}

function sourceOf(random: Random, { columns }: RandomTable): ExpressionSource {
  return { random, columns };
}

function columnsOf({ columns }: RandomTable, looks: Looks): readonly RandomColumn[] {
  return columns.filter((column) => column.looks === looks);
}

/** A text under some collation: a column's, one that is said, one that is said within, or none. */
function spelled(random: Random, table: RandomTable): string {
  const collation = random.pick(["NOCASE", "RTRIM", "BINARY"]);
  return random.pick([
    () => "t",
    () => "t",
    () => "t",
    () => random.pick(columnsOf(table, "text")).name,
    () => `(t COLLATE ${collation})`,
    () => `(t || '')`,
    () => `+t`,
    () => `(t COLLATE ${collation} || '')`,
    () => `lower(t)`,
    () => `trim(t COLLATE ${collation})`,
    () => `coalesce(t, 'a')`,
    () => `CAST(t AS TEXT)`,
    () => `CASE WHEN k > 1 THEN t ELSE 'A' END`,
  ])();
}
