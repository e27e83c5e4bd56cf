import type { SqlNode } from "./parse-sql.ts";
import { compare } from "./translate-comparison.ts";
import { ATOM, COLLATE, type Scope, type TypedSql, Untranslatable, commonFamily, condition, isNumber, operand, typed } from "./typed-sql.ts";

type FunctionNode = Extract<SqlNode, { type: "func_call" }>;
type Translator = (args: readonly TypedSql[]) => TypedSql;

/** A call of a function that does the same in PostgreSQL. All of these are immutable there. */
export function translateFunction(node: FunctionNode, scope: Scope, inner: (node: SqlNode) => TypedSql): TypedSql {
  const name = node.name.type === "identifier" ? node.name.name.toLowerCase() : "";
  const list = node.args?.expr;
  if (node.filter !== undefined || node.over !== undefined || list?.orderBy !== undefined || list === undefined) throw unknown(name);
  const items = list.args.items;
  if (AGGREGATES.has(name) && (items.length === 1 || name === "count")) {
    if (!scope.aggregates) throw new Untranslatable(`it aggregates by ${name}()`);
    return aggregate(name, items[0]?.type === "all_columns" || items.length === 0 ? null : inner(items[0] as SqlNode), list.distinctKw !== undefined);
  }
  const translator = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (translator === undefined || list.distinctKw !== undefined) throw unknown(name);
  const args = items.map((item) => inner(item as SqlNode));
  const result = translator(args);
  return { ...result, bare: args.flatMap(({ bare }) => bare), aggregate: args.some(({ aggregate }) => aggregate) };
}

function unknown(name: string): Untranslatable {
  return new Untranslatable(`it calls ${name}() in a way that has no sure translation`);
}

const AGGREGATES: ReadonlySet<string> = new Set(["count", "sum", "avg", "min", "max"]);

function aggregate(name: string, value: TypedSql | null, distinct: boolean): TypedSql {
  const result = (sql: string, family: TypedSql["family"]): TypedSql => ({ ...typed(sql, family), aggregate: true });
  const kw = distinct ? "distinct " : "";
  if (value === null) return result("count(*)", "integer");
  if (value.aggregate) throw new Untranslatable("it aggregates an aggregate");
  if (name === "count") return result(`count(${kw}${value.sql})`, "integer");
  if (name === "min" || name === "max") {
    if (value.family === "text" && (value.collation ?? "BINARY") === "BINARY") return result(`${name}(${operand(value, COLLATE)} collate "C")`, "text");
    if (isNumber(value) || value.family === "date" || value.family === "timestamp" || value.family === "timestamptz") return result(`${name}(${value.sql})`, value.family);
    throw unknown(name);
  }
  if (!isNumber(value)) throw unknown(name);
  // PostgreSQL makes numeric of sums and averages of bigint.
  if (name === "sum") return value.family === "integer" ? result(`sum(${kw}${value.sql})::bigint`, "integer") : result(`sum(${kw}${value.sql})`, value.family);
  return result(`avg(${kw}${value.family === "double" ? value.sql : `${operand(value, ATOM)}::double precision`})`, "double");
}

const FUNCTIONS: Readonly<Record<string, Translator>> = {
  length: (args) => {
    const [value] = exactly(args, 1);
    if (value.family === "text" || value.family === "bytea") return typed(`length(${value.sql})`, "integer");
    if (value.family === "integer") return typed(`length(${operand(value, ATOM)}::text)`, "integer");
    throw unknown("length");
  },
  lower: (args) => asciiCase("lower", args),
  upper: (args) => asciiCase("upper", args),
  abs: (args) => {
    const [value] = exactly(args, 1);
    if (!isNumber(value)) throw unknown("abs");
    return typed(`abs(${value.sql})`, value.family);
  },
  coalesce: (args) => typed(`coalesce(${args.map(({ sql }) => sql).join(", ")})`, commonFamily(args)),
  ifnull: (args) => typed(`coalesce(${exactly(args, 2).map(({ sql }) => sql).join(", ")})`, commonFamily(args)),
  nullif: (args) => {
    const [value, other] = exactly(args, 2);
    const pair = compare(value, other, "=");
    if (pair.left.sql !== value.sql) throw unknown("nullif");
    return typed(`nullif(${pair.left.sql}, ${pair.right.sql})`, value.family);
  },
  iif: (args) => {
    const [test, yes, no] = exactly(args, 3);
    return typed(`case when ${condition(test).sql} then ${yes.sql} else ${no.sql} end`, commonFamily([yes, no]));
  },
  trim: (args) => trimmed("btrim", args),
  ltrim: (args) => trimmed("ltrim", args),
  rtrim: (args) => trimmed("rtrim", args),
  replace: (args) => typed(`replace(${texts("replace", exactly(args, 3))})`, "text"),
  instr: (args) => typed(`strpos(${texts("instr", exactly(args, 2))})`, "integer"),
  substr: (args) => part(args),
  substring: (args) => part(args),
  typeof: (args) => {
    const [value] = exactly(args, 1);
    const name = { integer: "integer", boolean: "integer", double: "real", text: "text", bytea: "blob" }[value.family as string];
    if (name === undefined || value.literal !== null) throw unknown("typeof");
    return typed(`case when ${value.sql} is null then 'null' else '${name}' end`, "text");
  },
};

function exactly<N extends number>(args: readonly TypedSql[], count: N): [TypedSql, TypedSql, TypedSql] {
  if (args.length !== count) throw new Untranslatable("it calls a function with another number of arguments");
  return args.slice() as [TypedSql, TypedSql, TypedSql];
}

/** SQLite's lower() and upper() know the ASCII letters only, as PostgreSQL's do under the collation "C". */
function asciiCase(name: "lower" | "upper", args: readonly TypedSql[]): TypedSql {
  const [value] = exactly(args, 1);
  if (value.family !== "text") throw unknown(name);
  return typed(`${name}(${operand(value, COLLATE)} collate "C")`, "text");
}

function trimmed(name: string, args: readonly TypedSql[]): TypedSql {
  if (args.length < 1 || args.length > 2) throw unknown(name);
  return typed(`${name}(${texts(name, args)})`, "text");
}

function texts(name: string, args: readonly TypedSql[]): string {
  if (args.some(({ family }) => family !== "text")) throw unknown(name);
  return args.map(({ sql }) => sql).join(", ");
}

/** Negative places count from the end in SQLite only. */
function part(args: readonly TypedSql[]): TypedSql {
  const [value, start, length] = args;
  if (value?.family !== "text" || !/^[1-9]\d*$/.test(start?.literal ?? "") || args.length > 3 || (length !== undefined && !/^\d+$/.test(length.literal ?? ""))) throw unknown("substr");
  return typed(`substr(${args.map(({ sql }) => sql).join(", ")})`, "text");
}
