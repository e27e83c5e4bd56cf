import { pgString } from "../../quote.ts";
import type { Expression, FunctionCall } from "../../sqlite-sql/ast.ts";
import { compare } from "./translate-comparison.ts";
import { translateDate } from "./translate-date.ts";
import { jsonMember, jsonValid } from "./translate-json.ts";
import {
  ATOM,
  commonFamily,
  condition,
  inBytes,
  isNumber,
  OTHER,
  operand,
  type Scope,
  type TypedSql,
  typed,
  Untranslatable,
} from "./typed-sql.ts";

type Translator = (args: readonly TypedSql[]) => TypedSql;

/** A call of a function that does the same in PostgreSQL. All of these are immutable there. */
export function translateFunction(node: FunctionCall, scope: Scope, inner: (node: Expression) => TypedSql): TypedSql {
  const name = node.name.text.toLowerCase();
  if (node.filter !== null || node.over !== null || node.orderBy.length > 0 || node.within !== null)
    throw unknownCall(name);
  const items = node.args === "*" ? [] : node.args;
  const [first] = items;
  const isDistinct = node.distinct === "DISTINCT";
  if (AGGREGATES.has(name) && (items.length === 1 || name === "count")) {
    if (!scope.aggregates) throw new Untranslatable(`it aggregates by ${name}()`);
    return aggregate(name, first === undefined ? null : inner(first), isDistinct);
  }
  if (node.args === "*") throw unknownCall(name);
  if (name === "random" && items.length === 0 && scope.random === true)
    return typed("('x' || left(md5(gen_random_uuid()::text), 16))::bit(64)::bigint", "integer");
  if (name === "json_valid" && items.length === 1 && first !== undefined) return jsonValid(inner(first), scope);
  if (name === "json_extract" && items.length === 2) return jsonMember("->>", items.map(inner), scope);
  if ((name === "min" || name === "max") && items.length === 2) return extreme(name, items.map(inner));
  const translator = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (isDistinct) throw unknownCall(name);
  const args = items.map(inner);
  const date = translateDate(name, args);
  const result = date ?? translator?.(args);
  if (result === undefined) throw unknownCall(name);
  return { ...result, bare: args.flatMap(({ bare }) => bare), aggregate: args.some(({ aggregate }) => aggregate) };
}

export function unknownCall(name: string): Untranslatable {
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
    if (value.family === "text" && (value.collation ?? "BINARY") === "BINARY")
      return result(`${name}(${inBytes(value).sql})`, "text");
    if (isNumber(value) || value.family === "date" || value.family === "timestamp" || value.family === "timestamptz")
      return result(`${name}(${value.sql})`, value.family);
    throw unknownCall(name);
  }
  if (!isNumber(value)) throw unknownCall(name);
  // PostgreSQL makes numeric of sums and averages of bigint.
  if (name === "sum")
    return value.family === "integer"
      ? result(`sum(${kw}${value.sql})::bigint`, "integer")
      : result(`sum(${kw}${value.sql})`, value.family);
  return result(
    `avg(${kw}${value.family === "double" ? value.sql : `${operand(value, ATOM)}::double precision`})`,
    "double",
  );
}

const FUNCTIONS: Readonly<Record<string, Translator>> = {
  length: (args) => {
    const [value] = exactly(args, 1);
    if (value.family === "text" || value.family === "bytea") return typed(`length(${value.sql})`, "integer");
    if (value.family === "integer") return typed(`length(${operand(value, ATOM)}::text)`, "integer");
    throw unknownCall("length");
  },
  lower: (args) => asciiCase("lower", args),
  upper: (args) => asciiCase("upper", args),
  abs: (args) => {
    const [value] = exactly(args, 1);
    if (!isNumber(value)) throw unknownCall("abs");
    return typed(`abs(${value.sql})`, value.family);
  },
  coalesce: (args) => typed(`coalesce(${args.map(({ sql }) => sql).join(", ")})`, commonFamily(args)),
  ifnull: (args) =>
    typed(
      `coalesce(${exactly(args, 2)
        .map(({ sql }) => sql)
        .join(", ")})`,
      commonFamily(args),
    ),
  nullif: (args) => {
    const [value, other] = exactly(args, 2);
    const pair = compare(value, other, "=");
    if (pair.left.sql !== value.sql) throw unknownCall("nullif");
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
  hex: (args) => {
    const [value] = exactly(args, 1);
    if (value.family !== "bytea") throw unknownCall("hex");
    // hex(NULL) is ''.
    return typed(`coalesce(upper(encode(${value.sql}, 'hex')), '')`, "text");
  },
  unicode: (args) => {
    const [value] = exactly(args, 1);
    if (value.family !== "text") throw unknownCall("unicode");
    return typed(`ascii(nullif(${value.sql}, ''))`, "integer");
  },
  sign: (args) => {
    const [value] = exactly(args, 1);
    if (!isNumber(value)) throw unknownCall("sign");
    return typed(`sign(${value.sql})::bigint`, "integer");
  },
  round: (args) => {
    const [value] = exactly(args, 1);
    // Halves of reals go to the even number in PostgreSQL.
    if (value.family !== "integer") throw unknownCall("round");
    return typed(`${operand(value, ATOM)}::double precision`, "double");
  },
  likely: (args) => exactly(args, 1)[0],
  unlikely: (args) => exactly(args, 1)[0],
  printf: (args) => format("printf", args),
  format: (args) => format("format", args),
  typeof: (args) => {
    const [value] = exactly(args, 1);
    const name = { integer: "integer", boolean: "integer", double: "real", text: "text", bytea: "blob" }[
      value.family as string
    ];
    if (name === undefined || value.literal !== null) throw unknownCall("typeof");
    return {
      ...typed(`case when ${value.sql} is null then 'null' else '${name}' end`, "text"),
      typeOf: { subject: value, name },
    };
  },
};

function exactly<N extends number>(args: readonly TypedSql[], count: N): [TypedSql, TypedSql, TypedSql] {
  if (args.length !== count) throw new Untranslatable("it calls a function with another number of arguments");
  return args.slice() as [TypedSql, TypedSql, TypedSql];
}

/** SQLite's lower() and upper() know the ASCII letters only, as PostgreSQL's do under the collation "C". */
function asciiCase(name: "lower" | "upper", args: readonly TypedSql[]): TypedSql {
  const [value] = exactly(args, 1);
  if (value.family !== "text") throw unknownCall(name);
  return typed(`${name}(${inBytes(value).sql})`, "text");
}

function trimmed(name: string, args: readonly TypedSql[]): TypedSql {
  if (args.length < 1 || args.length > 2) throw unknownCall(name);
  return typed(`${name}(${texts(name, args)})`, "text");
}

function texts(name: string, args: readonly TypedSql[]): string {
  if (args.some(({ family }) => family !== "text")) throw unknownCall(name);
  return args.map(({ sql }) => sql).join(", ");
}

/** The greater or smaller of two; NULL if one is. */
function extreme(name: "min" | "max", args: readonly TypedSql[]): TypedSql {
  const [left, right] = exactly(args, 2);
  if (!isNumber(left) || left.family !== right.family) throw unknownCall(name);
  const nulls = args.filter(({ literal }) => literal === null).map((arg) => `${operand(arg, OTHER)} is null`);
  const most = `${name === "max" ? "greatest" : "least"}(${left.sql}, ${right.sql})`;
  return typed(
    nulls.length === 0 ? most : `case when ${nulls.join(" or ")} then null else ${most} end`,
    left.family,
    ATOM,
    args,
  );
}

/** A fixed format of texts and integers. */
function format(name: string, args: readonly TypedSql[]): TypedSql {
  const [template, ...values] = args;
  if (template?.literal == null || template.family !== "text") throw unknownCall(name);
  const pieces = [...template.literal.matchAll(/%(.)|[^%]+|%/gs)].map(([text, kind]) => {
    if (kind === undefined && text !== "%") return pgString(text);
    if (kind === "%") return "'%'";
    const value = values.shift();
    if (kind === "s" && value?.family === "text") return `coalesce(${value.sql}, '')`;
    if ((kind === "d" || kind === "s") && value?.family === "integer")
      return `coalesce(${operand(value, ATOM)}::text, '${kind === "d" ? "0" : ""}')`;
    throw unknownCall(name);
  });
  if (values.length > 0 || pieces.length === 0) throw unknownCall(name);
  return typed(pieces.join(" || "), "text", pieces.length === 1 ? ATOM : OTHER);
}

/** Negative places count from the end in SQLite only. */
function part(args: readonly TypedSql[]): TypedSql {
  const [value, start, length] = args;
  if (value?.family === "text" && args.length === 2 && /^-[1-9]\d*$/.test(start?.literal ?? ""))
    return typed(`right(${value.sql}, ${start?.literal?.slice(1) ?? ""})`, "text");
  if (
    value?.family !== "text" ||
    !/^[1-9]\d*$/.test(start?.literal ?? "") ||
    args.length > 3 ||
    (length !== undefined && !/^\d+$/.test(length.literal ?? ""))
  )
    throw unknownCall("substr");
  return typed(`substr(${args.map(({ sql }) => sql).join(", ")})`, "text");
}
