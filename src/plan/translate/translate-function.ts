import { pgString } from "../../quote.ts";
import type { Expression, FunctionCall } from "../../sqlite-sql/ast.ts";
import { alternatives } from "./alternatives.ts";
import { fitsInteger, INTEGER, type NumberRange, REAL } from "./storage-classes.ts";
import { AGGREGATES, translateAggregate } from "./translate-aggregate.ts";
import { compare } from "./translate-comparison.ts";
import { translateDate } from "./translate-date.ts";
import { jsonMember, jsonValid } from "./translate-json.ts";
import { translateJsonFunction } from "./translate-json-function.ts";
import { roundedReal, translateMath } from "./translate-math.ts";
import { translateSubstr } from "./translate-substr.ts";
import { translateWindow } from "./translate-window.ts";
import {
  ATOM,
  condition,
  inBytes,
  isBlob,
  isDate,
  isInteger,
  isNumber,
  isText,
  isTextual,
  OTHER,
  operand,
  type Scope,
  settled,
  type TypedSql,
  typed,
  Untranslatable,
} from "./typed-sql.ts";

const RANDOM_BELOW = 9.223_372e18;

type Translator = (args: readonly TypedSql[]) => TypedSql;

/** A call of a function that does the same in PostgreSQL. All of these are immutable there. */
export function translateFunction(node: FunctionCall, scope: Scope, inner: (node: Expression) => TypedSql): TypedSql {
  const name = node.name.text.toLowerCase();
  if (node.over !== null) return translateWindow(node, scope, inner);
  if (node.orderBy.length > 0 || node.within !== null) throw unknownCall(name);
  const items = node.args === "*" ? [] : node.args;
  const [first] = items;
  const isDistinct = node.distinct === "DISTINCT";
  if (AGGREGATES.has(name) && (items.length === 1 || !/^(min|max)$/.test(name)))
    return translateAggregate(
      { name, args: items.map(inner), isDistinct, filter: node.filter === null ? null : inner(node.filter) },
      scope,
    );
  if (node.args === "*" || node.filter !== null) throw unknownCall(name);
  if (name === "random" && items.length === 0 && scope.random === true)
    return {
      ...typed("('x' || left(md5(gen_random_uuid()::text), 16))::bit(64)::bigint", "integer"),
      // abs() of the least one fails in both databases.
      range: [-RANDOM_BELOW, RANDOM_BELOW],
    };
  if (name === "json_valid" && items.length === 1 && first !== undefined) return jsonValid(inner(first), scope);
  if (name === "json_extract" && items.length === 2) return jsonMember("json_extract", items.map(inner), scope);
  if ((name === "min" || name === "max") && items.length > 1) return extreme(name, items.map(inner));
  const translator = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (isDistinct) throw unknownCall(name);
  const args = items.map(inner);
  const date = translateDate(name, args);
  const result = date ?? translator?.(args) ?? translateMath(name, args) ?? jsonResult(name, args, scope);
  if (result === null) throw unknownCall(name);
  const from = typed("", "null", ATOM, args);
  return {
    ...result,
    bare: from.bare,
    aggregate: from.aggregate,
    ...(from.isOuter === true ? { isOuter: true } : {}),
    ...(from.isCollatedWithin === true ? { isCollatedWithin: true } : {}),
  };
}

export function unknownCall(name: string): Untranslatable {
  return new Untranslatable(`it calls ${name}() in a way that has no sure translation`);
}

function unknown(name: string): never {
  throw unknownCall(name);
}

/** A length or a place: 32 bits in PostgreSQL, and no text of either database is longer than this. */
function count(sql: string): TypedSql {
  return { ...typed(sql, "integer"), range: [0, 1_073_741_824], isNarrow: true };
}

const FUNCTIONS: Readonly<Record<string, Translator>> = {
  length: (args) => {
    const [value] = exactly(args, 1);
    if (isTextual(value) || isBlob(value)) return count(`length(${value.sql})`);
    if (isInteger(value)) return count(`length(${operand(value, ATOM)}::text)`);
    throw unknownCall("length");
  },
  lower: (args) => asciiCase("lower", args),
  upper: (args) => asciiCase("upper", args),
  abs: (args) => {
    const [given] = exactly(args, 1);
    const value = settled(given);
    if (!isNumber(value) || (value.family === "integer" && !fitsInteger(value.range))) throw unknownCall("abs");
    return { ...value, sql: `abs(${value.sql})`, binding: ATOM, range: magnitude(value.range), ...PLAIN };
  },
  coalesce: (args) => coalesced(args),
  ifnull: (args) => {
    exactly(args, 2);
    return coalesced(args);
  },
  nullif: (args) => {
    const [value, other] = exactly(args, 2);
    // It compares without affinity, and by the collation of the first argument that has one, said or not.
    const pair = compare({ ...value, affinity: "none" }, { ...other, affinity: "none", explicit: false }, "=");
    const given = settled(value);
    // Its type in PostgreSQL is the one in which the two are compared.
    const keepsType =
      pair.right.family === given.family ||
      (isNumber(pair.right) && (given.family === "double" || (given.family === "numeric" && isInteger(pair.right))));
    if (pair.left.sql !== value.sql || !keepsType) throw unknownCall("nullif");
    return { ...given, sql: `nullif(${given.sql}, ${pair.right.sql})`, binding: ATOM, ...PLAIN };
  },
  iif: (args) => {
    const [test, yes, no] = exactly(args, 3);
    const { pieces, traits } = alternatives([yes, no]);
    const sql = `case when ${condition(test).sql} then ${pieces[0]?.sql ?? ""} else ${pieces[1]?.sql ?? ""} end`;
    return { ...typed(sql, traits.family), ...traits };
  },
  trim: (args) => trimmed("btrim", args),
  ltrim: (args) => trimmed("ltrim", args),
  rtrim: (args) => trimmed("rtrim", args),
  replace: (args) => typed(`replace(${texts("replace", exactly(args, 3))})`, "text"),
  instr: (args) => count(`strpos(${texts("instr", exactly(args, 2))})`),
  substr: (args) => translateSubstr(args) ?? unknown("substr"),
  substring: (args) => translateSubstr(args) ?? unknown("substr"),
  hex: (args) => {
    const [value] = exactly(args, 1);
    if (!isBlob(value)) throw unknownCall("hex");
    // hex(NULL) is ''.
    return typed(`coalesce(upper(encode(${value.sql}, 'hex')), '')`, "text");
  },
  unicode: (args) => {
    const [value] = exactly(args, 1);
    if (!isTextual(value)) throw unknownCall("unicode");
    return count(`ascii(nullif(${value.sql}, ''))`);
  },
  char: (args) => {
    const [value] = exactly(args, 1);
    const code = Number(value.literal ?? 0);
    const isCharacter = isInteger(value) && code > 0 && code < 0x110000 && (code < 0xd800 || code > 0xdfff);
    if (!isCharacter) throw unknownCall("char");
    return typed(`chr(${value.sql})`, "text");
  },
  sign: (args) => {
    const [value] = exactly(args, 1);
    if (!isNumber(value)) throw unknownCall("sign");
    return { ...typed(`sign(${value.sql})::bigint`, "integer"), range: [-1, 1] };
  },
  round: (args) => {
    const [value] = exactly(args, 1);
    if (value.family === "double" && value.classes === REAL) return roundedReal(value);
    if (!isInteger(value)) throw unknownCall("round");
    return { ...typed(`${operand(value, ATOM)}::double precision`, "double"), range: value.range };
  },
  likely: (args) => ({ ...exactly(args, 1)[0], affinity: "unclear" }),
  unlikely: (args) => ({ ...exactly(args, 1)[0], affinity: "unclear" }),
  printf: (args) => format("printf", args),
  format: (args) => format("format", args),
  typeof: (args) => {
    const [value] = exactly(args, 1);
    const name = classNameOf(value);
    if (name === null || value.literal !== null) throw unknownCall("typeof");
    return {
      ...typed(`case when ${operand(value, OTHER)} is null then 'null' else '${name}' end`, "text"),
      typeOf: { subject: value, name },
    };
  },
};

/** What a function that hands on its argument does not hand on. */
const PLAIN = { affinity: "none", collation: null, byBytes: false, literal: null, explicit: false } as const;

/** What typeof() says of a value that is not NULL, if it always says the same. */
function classNameOf(value: TypedSql): string | null {
  if (isInteger(value) || (value.family === "boolean" && value.classes === INTEGER)) return "integer";
  if (value.family === "double" && value.classes === REAL) return "real";
  return isText(value) ? "text" : isBlob(value) ? "blob" : null;
}

function magnitude(range: NumberRange): NumberRange {
  if (range === null) return null;
  const [least, most] = range;
  return least <= 0 && most >= 0
    ? [0, Math.max(-least, most)]
    : [Math.min(Math.abs(least), Math.abs(most)), Math.max(Math.abs(least), Math.abs(most))];
}

function coalesced(args: readonly TypedSql[]): TypedSql {
  const { pieces, traits } = alternatives(args);
  return { ...typed(`coalesce(${pieces.map(({ sql }) => sql).join(", ")})`, traits.family), ...traits };
}

function exactly<N extends number>(args: readonly TypedSql[], count: N): [TypedSql, TypedSql, TypedSql] {
  if (args.length !== count) throw new Untranslatable("it calls a function with another number of arguments");
  return args.slice() as [TypedSql, TypedSql, TypedSql];
}

/** SQLite's lower() and upper() know the ASCII letters only, as PostgreSQL's do under the collation "C". */
function asciiCase(name: "lower" | "upper", args: readonly TypedSql[]): TypedSql {
  const [value] = exactly(args, 1);
  if (!isTextual(value)) throw unknownCall(name);
  return { ...typed(`${name}(${inBytes(value).sql})`, "text"), isFolded: name === "lower", byBytes: true };
}

function trimmed(name: string, args: readonly TypedSql[]): TypedSql {
  if (args.length < 1 || args.length > 2) throw unknownCall(name);
  return typed(`${name}(${texts(name, args)})`, "text");
}

function texts(name: string, args: readonly TypedSql[]): string {
  if (!args.every(isTextual)) throw unknownCall(name);
  return args.map(({ sql }) => sql).join(", ");
}

/** The greatest or smallest of several values of one kind; NULL if one is. */
function extreme(name: "min" | "max", args: readonly TypedSql[]): TypedSql {
  if (!args.every(isNumber)) {
    const isOneDate = args.every((arg) => isDate(arg) && arg.isRespelled !== true && arg.family === args[0]?.family);
    const isBinary = args.every(
      (arg) => isText(arg) && (arg.collation ?? "BINARY") === "BINARY" && arg.isCollatedWithin !== true,
    );
    if (!isOneDate && !isBinary) throw unknownCall(name);
  }
  const { pieces: given, traits } = alternatives(args);
  const pieces = traits.family === "text" ? given.map(inBytes) : given;
  const nulls = args.filter(({ literal }) => literal === null).map((arg) => `${operand(arg, OTHER)} is null`);
  const most = `${name === "max" ? "greatest" : "least"}(${pieces.map(({ sql }) => sql).join(", ")})`;
  return {
    ...typed(
      nulls.length === 0 ? most : `case when ${nulls.join(" or ")} then null else ${most} end`,
      traits.family,
      ATOM,
      args,
    ),
    ...traits,
  };
}

/** A fixed format of texts and integers. */
function format(name: string, args: readonly TypedSql[]): TypedSql {
  const [template, ...values] = args;
  if (template?.literal == null || template.family !== "text") throw unknownCall(name);
  const pieces = [...template.literal.matchAll(/%(.)|[^%]+|%/gs)].map(([text, kind]) => {
    if (kind === undefined && text !== "%") return pgString(text);
    if (kind === "%") return "'%'";
    const value = values.shift();
    if (kind === "s" && value !== undefined && isTextual(value)) return `coalesce(${value.sql}, '')`;
    if ((kind === "d" || kind === "s") && value !== undefined && isInteger(value))
      return `coalesce(${operand(value, ATOM)}::text, '${kind === "d" ? "0" : ""}')`;
    throw unknownCall(name);
  });
  if (values.length > 0 || pieces.length === 0) throw unknownCall(name);
  return typed(pieces.join(" || "), "text", pieces.length === 1 ? ATOM : OTHER);
}

/** Only where a statement runs once: its spelling is PostgreSQL's, which a view would hand on. */
function jsonResult(name: string, args: readonly TypedSql[], { now }: Scope): TypedSql | null {
  return now === true ? translateJsonFunction(name, args) : null;
}
