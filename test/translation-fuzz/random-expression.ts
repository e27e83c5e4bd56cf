import type { Random } from "./random.ts";
import type { Looks, RandomColumn } from "./random-table.ts";

const LITERALS: Readonly<Record<Looks, readonly string[]>> = {
  number: ["0", "1", "5", "-1", "2", "7", "2.5", "0.5", "100", "'5'", "'1'", "TRUE", "FALSE", "3000000000", "4.0"],
  text: ["'a'", "'A'", "'abc'", "'b'", "''", "'5'", "'b '", "'Äx'", "'5.0'", "5", "1", '"dq"', "'x'"],
  blob: ["x'61'", "x''", "'a'", "x'00ff'"],
  date: ["'2024-01-31'", "'2000-01-01'", "'2024'", "'2024-01-31 00:00:00'"],
  any: ["5", "'a'", "1.5", "x'61'", "'5'", "''", "0"],
};

const COMPARISONS = ["=", "<>", "<", "<=", ">", ">=", "IS", "IS NOT", "==", "!="];
const ALL: readonly Looks[] = ["number", "text", "blob", "date", "any"];

export interface ExpressionSource {
  readonly random: Random;
  readonly columns: readonly RandomColumn[];
  /** Deeper down, in place of a column. */
  readonly extra?: (() => string) | undefined;
}

/** A value, mostly of the given looks: now and then of any. */
export function randomValue(source: ExpressionSource, looks: Looks, depth: number): string {
  const { random } = source;
  const asked = random.chance(0.12) ? random.pick(ALL) : looks;
  if (depth <= 0 || random.chance(0.25)) return leaf(source, asked);
  const value = (kind: Looks) => randomValue(source, kind, depth - 1);
  switch (asked) {
    case "number":
      return numberOf(source, depth);
    case "text":
      return textOf(source, depth);
    case "blob":
      return leaf(source, "blob");
    case "date":
      return random.pick([
        () => leaf(source, "date"),
        () => `date(${leaf(source, "date")})`,
        () => `strftime('%Y-%m', ${leaf(source, "date")})`,
        () => `datetime(${leaf(source, "date")})`,
        () => `unixepoch(${leaf(source, "date")})`,
      ])();
    case "any":
      return random.pick([() => value("number"), () => value("text"), () => leaf(source, "any")])();
  }
}

function leaf({ random, columns, extra }: ExpressionSource, looks: Looks): string {
  if (extra !== undefined && random.chance(0.06)) return extra();
  const fitting = columns.filter((column) => column.looks === looks || column.looks === "any");
  if (fitting.length > 0 && random.chance(0.75)) return random.pick(fitting).name;
  if (random.chance(0.04)) return "NULL";
  if (random.chance(0.08)) return random.pick(columns).name;
  return random.pick(LITERALS[looks]);
}

function numberOf(source: ExpressionSource, depth: number): string {
  const { random } = source;
  const number = () => randomValue(source, "number", depth - 1);
  const text = () => randomValue(source, "text", depth - 1);
  const condition = () => randomCondition(source, depth - 1);
  return random.pick([
    () => `(${number()} ${random.pick(["+", "-", "*"])} ${number()})`,
    () => `(${number()} / ${random.pick(["2", "4", "2.0", "-3", "0.5", "7"])})`,
    () => `(${number()} % ${random.pick(["2", "3", "10"])})`,
    () => `(${number()} ${random.pick(["&", "|"])} ${number()})`,
    () => `(${number()} ${random.pick(["<<", ">>"])} ${random.pick(["1", "3", "40"])})`,
    () => `${random.pick(["-", "+", "~"])} ${number()}`,
    () => `abs(${number()})`,
    () => `sign(${number()})`,
    () => `round(${number()})`,
    () => `${random.pick(["max", "min"])}(${number()}, ${number()})`,
    () => `coalesce(${number()}, ${number()})`,
    () => `ifnull(${number()}, 0)`,
    () => `nullif(${number()}, ${number()})`,
    () => `iif(${condition()}, ${number()}, ${number()})`,
    () => `CASE WHEN ${condition()} THEN ${number()} ELSE ${number()} END`,
    () => `CASE ${number()} WHEN ${number()} THEN 1 WHEN ${number()} THEN 2.5 END`,
    () => `CAST(${number()} AS ${random.pick(["INTEGER", "REAL", "NUMERIC", "BIGINT"])})`,
    () => `length(${random.chance(0.7) ? text() : number()})`,
    () => `instr(${text()}, ${text()})`,
    () => `unicode(${text()})`,
    () => `(${condition()})`,
  ])();
}

function textOf(source: ExpressionSource, depth: number): string {
  const { random } = source;
  const text = () => randomValue(source, "text", depth - 1);
  const number = () => randomValue(source, "number", depth - 1);
  return random.pick([
    () => `(${text()} || ${random.chance(0.7) ? text() : number()})`,
    () => `${random.pick(["lower", "upper", "trim", "ltrim", "rtrim"])}(${text()})`,
    () => `substr(${text()}, ${random.pick(["1", "2", "-2", "3"])}${random.pick(["", ", 1", ", 2"])})`,
    () => `replace(${text()}, 'a', ${text()})`,
    () => `coalesce(${text()}, ${text()})`,
    () => `nullif(${text()}, ${text()})`,
    () => `iif(${randomCondition(source, depth - 1)}, ${text()}, ${text()})`,
    () => `CAST(${random.chance(0.5) ? text() : number()} AS TEXT)`,
    () => `printf('%s-%d', ${text()}, ${number()})`,
    () => `typeof(${randomValue(source, random.pick(ALL), depth - 1)})`,
    () => `hex(${leaf(source, "blob")})`,
    () => `(${text()} COLLATE ${random.pick(["NOCASE", "RTRIM", "BINARY"])})`,
    () => `+ ${text()}`,
  ])();
}

/** Something that stands for true or false. */
export function randomCondition(source: ExpressionSource, depth: number): string {
  const { random } = source;
  const looks = random.pick(["number", "number", "text", "text", "date", "any", "blob"] as const);
  const value = () => randomValue(source, random.chance(0.9) ? looks : random.pick(ALL), depth - 1);
  const condition = () => (depth > 0 ? randomCondition(source, depth - 1) : `${leaf(source, "number")} > 0`);
  const text = () => randomValue(source, "text", depth - 1);
  const not = random.chance(0.3) ? "NOT " : "";
  return random.pick([
    () => `${value()} ${random.pick(COMPARISONS)} ${value()}`,
    () => `${value()} ${random.pick(COMPARISONS)} ${value()}`,
    () => `${value()} ${random.pick(COMPARISONS)} ${random.pick(LITERALS[looks])}`,
    () => `${value()} ${not}BETWEEN ${value()} AND ${value()}`,
    () => `${value()} ${not}IN (${value()}, ${random.pick(LITERALS[looks])}, ${random.pick(LITERALS[looks])})`,
    () => `${value()} ${not}IN (${random.pick(LITERALS[looks])})`,
    () => `${value()} IS ${not}NULL`,
    () => `${random.chance(0.5) ? value() : condition()} IS ${not}${random.pick(["TRUE", "FALSE"])}`,
    () => `(${condition()}) ${random.pick(["AND", "OR"])} (${condition()})`,
    () => `NOT (${condition()})`,
    () => `${text()} ${not}LIKE ${random.pick(["'a%'", "'%B%'", "'_'", "'%\\%'", "'A!%c' ESCAPE '!'"])}`,
    () => `${text()} ${not}GLOB ${random.pick(["'a*'", "'[A-Z]*'", "'*[^a-z]'", "'?'", "'[z-a]*'"])}`,
    () =>
      `typeof(${value()}) ${random.pick(["=", "<>"])} '${random.pick(["integer", "real", "text", "blob", "null"])}'`,
    () => `typeof(${value()}) IN ('integer', '${random.pick(["real", "null", "text"])}')`,
    () => `${leaf(source, "date")} ${random.pick(COMPARISONS)} date(${leaf(source, "date")})`,
    () => value(),
  ])();
}
