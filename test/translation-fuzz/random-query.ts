import type { Random } from "./random.ts";
import { type ExpressionSource, randomCondition, randomValue } from "./random-expression.ts";
import type { Looks, RandomColumn, RandomTable } from "./random-table.ts";

const LOOKS: readonly Looks[] = ["number", "text", "any", "date", "blob"];

/** The SELECT of a view over one table or two. */
export function randomQuery(random: Random, [one, other]: readonly [RandomTable, RandomTable]): string {
  const kind = random.pick([
    "plain",
    "plain",
    "grouped",
    "aggregated",
    "distinct",
    "compound",
    "joined",
    "joined",
    "nested",
  ]);
  switch (kind) {
    case "compound":
      return compound(random, [one, other]);
    case "nested":
      return nested(random, [one, other]);
    case "joined":
      return joined(random, [one, other]);
    default:
      return simple(random, one, other, kind);
  }
}

function sourceOf(random: Random, table: RandomTable, other: RandomTable | null): ExpressionSource {
  return {
    random,
    columns: table.columns,
    extra: other === null ? undefined : () => subquery(random, table, other),
  };
}

function subquery(random: Random, outer: RandomTable, inner: RandomTable): string {
  const column = random.pick(inner.columns).name;
  const link = `${inner.name}.${random.pick(inner.columns).name} = ${outer.name}.${random.pick(outer.columns).name}`;
  return random.pick([
    () => `(SELECT ${random.pick(["max", "min", "count", "sum"])}(${column}) FROM ${inner.name} WHERE ${link})`,
    () => `(SELECT ${column} FROM ${inner.name} WHERE ${inner.name}.id = ${outer.name}.k)`,
    () => `EXISTS (SELECT 1 FROM ${inner.name} WHERE ${link})`,
    () =>
      `(${random.pick(outer.columns).name} ${random.chance(0.3) ? "NOT " : ""}IN (SELECT ${column} ` +
      `FROM ${inner.name}))`,
    () => `(SELECT ${column} FROM ${inner.name} ORDER BY id LIMIT 1)`,
  ])();
}

function value(source: ExpressionSource, depth = 1): string {
  return randomValue(source, source.random.pick(LOOKS), depth);
}

function where(source: ExpressionSource): string {
  return source.random.chance(0.5) ? ` WHERE ${randomCondition(source, 1)}` : "";
}

/** Over one table alone texts are joined in an order that both databases keep. */
function aggregate(source: ExpressionSource, isJoin = false): string {
  const { random } = source;
  const distinct = random.chance(0.2) ? "DISTINCT " : "";
  const filter = random.chance(0.1) ? ` FILTER (WHERE ${randomCondition(source, 0)})` : "";
  const ways = [
    () => `count(*)${filter}`,
    () => `count(${distinct}${value(source)})${filter}`,
    () => `${random.pick(["sum", "avg", "total"])}(${randomValue(source, "number", 1)})${filter}`,
    () => `${random.pick(["min", "max"])}(${value(source)})${filter}`,
    () => `group_concat(${randomValue(source, "text", 0)}${random.pick(["", ", '; '"])})`,
  ];
  return random.pick(isJoin ? ways.slice(0, -1) : ways)();
}

function simple(random: Random, table: RandomTable, other: RandomTable, kind: string): string {
  const source = sourceOf(random, table, other);
  const from = ` FROM ${table.name}`;
  if (kind === "grouped") {
    const key = random.chance(0.7) ? random.pick(table.columns).name : value(source);
    const order = random.chance(0.2)
      ? ` ORDER BY ${random.pick(["1", "2 DESC", random.pick(table.columns).name])}`
      : "";
    const having = random.chance(0.3) ? ` HAVING count(*) > 1` : "";
    return (
      `SELECT ${key}, ${aggregate(source)}${from}${where(source)} ` +
      `GROUP BY ${random.chance(0.3) ? "1" : key}${having}${order}`
    );
  }
  if (kind === "aggregated") return `SELECT ${aggregate(source)}, ${aggregate(source)} + 1${from}${where(source)}`;
  if (kind === "distinct")
    return `SELECT DISTINCT ${value(source, 0)}${random.pick(["", `, ${value(source)}`])}${from}`;
  const named = random.chance(0.3) ? ` AS ${random.pick(["z", '"z"', "k"])}` : "";
  const byName =
    named !== "" && random.chance(0.6)
      ? ` WHERE ${random.pick(["z", '"z"', '"k"'])} = ${value(source, 0)}`
      : where(source);
  const order = random.chance(0.3) ? ` ORDER BY ${value(source, 0)} ${random.pick(["", "DESC"])}, id LIMIT 5` : "";
  return `SELECT ${value(source, 2)}${named}, ${random.chance(0.1) ? "*" : value(source)}${from}${byName}${order}`;
}

function joined(random: Random, [one, other]: readonly [RandomTable, RandomTable]): string {
  const columns: RandomColumn[] = [one, other].flatMap((table) =>
    table.columns.map((column) => ({ ...column, name: `${table.name}.${column.name}` })),
  );
  const source: ExpressionSource = { random, columns };
  const key = () => `${one.name}.${random.pick(one.columns).name} = ${other.name}.${random.pick(other.columns).name}`;
  const join = random.pick([
    () => `${random.pick(["JOIN", "LEFT JOIN", ","])} ${other.name}`,
    () => `${random.pick(["JOIN", "LEFT JOIN"])} ${other.name} ON ${key()}`,
    () => `${random.pick(["JOIN", "LEFT JOIN"])} ${other.name} ON ${key()} AND ${randomCondition(source, 1)}`,
    () => `${random.pick(["JOIN", "LEFT JOIN"])} ${other.name} USING (${random.pick(["id", "k", "id, k"])})`,
    () => `NATURAL JOIN (SELECT id, k FROM ${other.name}) AS ${other.name}`,
    () => `JOIN (${other.name} AS o JOIN ${other.name} ON o.id = ${other.name}.k) ON ${key()}`,
  ])();
  const items = random.chance(0.15) ? "*" : `${value(source)}, ${value(source)}`;
  const grouped = random.chance(0.2) ? ` GROUP BY ${one.name}.id` : "";
  return grouped === ""
    ? `SELECT ${items} FROM ${one.name} ${join}${where(source)}`
    : `SELECT ${one.name}.id, ${aggregate(source, true)} FROM ${one.name} ${join}${where(source)}${grouped}`;
}

function compound(random: Random, [one, other]: readonly [RandomTable, RandomTable]): string {
  const width = random.pick([1, 2]);
  const looks = Array.from({ length: width }, () => random.pick(LOOKS));
  const part = (table: RandomTable) => {
    const source = sourceOf(random, table, null);
    return (
      `SELECT ${looks.map((kind) => randomValue(source, kind, random.below(2))).join(", ")} ` +
      `FROM ${table.name}${where(source)}`
    );
  };
  const operator = () => random.pick(["UNION", "UNION ALL", "EXCEPT", "INTERSECT"]);
  const third = random.chance(0.3) ? ` ${operator()} ${part(one)}` : "";
  return `${part(one)} ${operator()} ${part(other)}${third}`;
}

function nested(random: Random, [one, other]: readonly [RandomTable, RandomTable]): string {
  const inner = simple(random, one, other, random.pick(["plain", "distinct", "grouped"]));
  const outer: ExpressionSource = {
    random,
    columns: [
      { name: "p", looks: random.pick(LOOKS) },
      { name: "q", looks: random.pick(LOOKS) },
    ],
  };
  const named = `WITH d(p, q) AS (${inner})`;
  return `${named} SELECT ${value(outer)}, q FROM d${where(outer)}`;
}
