import { declaredKind } from "../model/declared-type.ts";
import { pgString } from "../quote.ts";
import { parseExpression, type SqlNode } from "./parse-sql.ts";
import { compare, globPattern, inList, likePattern, typeTest } from "./translate-comparison.ts";
import { type FormQuestion, formCheck } from "./translate-date.ts";
import { translateFunction } from "./translate-function.ts";
import { jsonMember } from "./translate-json.ts";
import {
  ADD,
  AND,
  ATOM,
  asInteger,
  COMPARE,
  commonFamily,
  condition,
  IS,
  isNumber,
  MULTIPLY,
  NOT,
  OR,
  OTHER,
  operand,
  RANGE,
  type Scope,
  type TypedSql,
  typed,
  Untranslatable,
} from "./typed-sql.ts";

export type Translation =
  | { readonly sql: string; readonly reason: null }
  | { readonly sql: null; readonly reason: string };

/** A condition (CHECK, WHERE) of SQLite as one of PostgreSQL; or why there is no sure one. */
export function translateCondition(text: string, scope: Scope): Translation {
  return attempt(text, (node) => condition(translate(node, scope)).sql);
}

/** A CHECK, which may refuse a row by an error, too. */
export function translateCheck(text: string, scope: Scope): Translation {
  return translateCondition(text, { ...scope, asserts: true });
}

/** A value (index expression, generated column) of SQLite as one of PostgreSQL. */
export function translateValue(
  text: string,
  scope: Scope,
  accept: (value: TypedSql) => boolean = () => true,
): Translation {
  return attempt(text, (node) => {
    const value = translate(node, scope);
    if (!accept(value)) throw new Untranslatable("its result is of another type");
    return value.sql;
  });
}

function attempt(text: string, work: (node: SqlNode) => string): Translation {
  try {
    const node = parseExpression(text);
    if (node === null) throw new Untranslatable("the parser does not know this SQL");
    return { sql: work(node), reason: null };
  } catch (error) {
    if (error instanceof Untranslatable) return { sql: null, reason: error.message };
    throw error;
  }
}

export function translate(node: SqlNode, scope: Scope): TypedSql {
  const part = scope.asserts === true ? { ...scope, asserts: false } : scope;
  const inner = (other: SqlNode) => translate(other, part);
  switch (node.type) {
    case "paren_expr":
      if (
        node.expr.type === "list_expr" ||
        node.expr.type === "select_stmt" ||
        node.expr.type === "compound_select_stmt"
      )
        throw new Untranslatable("it has a row value or a subquery");
      return translate(node.expr, scope);
    case "number_literal":
      return number(node.text);
    case "string_literal":
      return string(node.value);
    case "blob_literal":
      return typed(`'\\x${Buffer.from(node.value).toString("hex")}'::bytea`, "bytea");
    case "boolean_literal":
      return { ...typed(node.value ? "true" : "false", "boolean"), literal: node.value ? "1" : "0" };
    case "null_literal":
      return typed("null", "null");
    case "identifier":
      return column(node.name, null, node.text, scope);
    case "member_expr":
      if (node.object.type !== "identifier" || node.property.type !== "identifier")
        throw new Untranslatable("it names a column in a way that is not known");
      return column(node.property.name, node.object.name, "", scope);
    case "func_call":
      return translateFunction(node, scope, inner);
    case "prefix_op_expr":
      return prefix(node.operator, inner(node.expr));
    case "postfix_op_expr":
      return nullTest(inner(node.expr), keywords(node.operator) !== "ISNULL");
    case "between_expr": {
      const [value, low, high] = [inner(node.left), inner(node.begin), inner(node.end)];
      const [lower, upper] = [compare(value, low, ">="), compare(value, high, "<=")];
      return typed(
        `${operand(lower.left, OTHER)} ${keywords(node.betweenKw).toLowerCase()} ${operand(lower.right, OTHER)} and ${operand(upper.right, OTHER)}`,
        "boolean",
        RANGE,
        [value, low, high],
      );
    }
    case "case_expr":
      return caseOf(node, inner);
    case "cast_expr":
      return cast(inner(node.args.expr.expr), node.args.expr.dataType);
    case "binary_expr":
      return binary(node, inner, scope);
    default:
      throw new Untranslatable("it has a construct that is not known");
  }
}

function number(text: string): TypedSql {
  const integer = /^0x/i.test(text) ? BigInt(text).toString() : /^\d+$/.test(text) ? BigInt(text).toString() : null;
  if (integer !== null && BigInt(integer) < 1n << 63n) return { ...typed(integer, "integer"), literal: integer };
  if (text.includes("_") || !Number.isFinite(Number(text)))
    throw new Untranslatable("it has a number that is not known");
  return { ...typed(text, "double"), literal: text };
}

function string(value: string): TypedSql {
  if (value.includes("\0")) throw new Untranslatable("it has a NUL in a string");
  return { ...typed(pgString(value), "text"), literal: value };
}

function column(name: string, qualifier: string | null, text: string, scope: Scope): TypedSql {
  const found = scope.column(name, qualifier);
  if (found !== null) return found;
  // SQLite takes "text" in double quotes for a string where there is no such column.
  if (text.startsWith('"')) return string(name);
  throw new Untranslatable(`there is no column ${name}`);
}

function prefix(operator: unknown, value: TypedSql): TypedSql {
  if (operator === "+" && isNumber(value)) return value;
  if (operator === "-" && isNumber(value))
    return {
      ...typed(`-${operand(value, ATOM)}`, value.family, value.literal === null ? MULTIPLY : ATOM - 1, [value]),
      literal: value.literal === null ? null : `-${value.literal}`,
    };
  if (operator === "~" && value.family === "integer")
    return typed(`~ ${operand(value, ATOM)}`, "integer", OTHER, [value]);
  if (keywords(operator) === "NOT") return typed(`not ${operand(condition(value), NOT + 1)}`, "boolean", NOT, [value]);
  throw new Untranslatable("it has an operator that is not known");
}

type BinaryNode = Extract<SqlNode, { type: "binary_expr" }>;

function binary(node: BinaryNode, inner: (node: SqlNode) => TypedSql, scope: Scope): TypedSql {
  const operator = keywords(node.operator);
  // What has to hold by itself: both sides of AND, and the right side of OR where the left one does not hold.
  if (operator === "AND") return both(translate(node.left as SqlNode, scope), translate(node.right as SqlNode, scope));
  if (operator === "OR") return either(inner(node.left), translate(node.right as SqlNode, scope));
  if (operator === "->>" || operator === "->")
    return jsonMember(operator, [inner(node.left), inner(node.right)], scope);
  if (operator === "IN" || operator === "NOT IN")
    return inList(inner(node.left), listItems(node.right).map(inner), operator === "NOT IN");
  if (/^(NOT )?LIKE$/.test(operator)) {
    const escaped = node.right.type === "binary_expr" && keywords(node.right.operator) === "ESCAPE" ? node.right : null;
    return likePattern(
      inner(node.left),
      inner(escaped?.left ?? node.right),
      escaped === null ? null : inner(escaped.right),
      operator.startsWith("NOT"),
    );
  }
  if (operator === "COLLATE") {
    const collation = node.right.type === "identifier" ? node.right.name.toUpperCase() : "";
    const value = inner(node.left);
    if (value.family !== "text") throw new Untranslatable("it collates what is no text");
    return { ...value, collation, explicit: true };
  }
  const form =
    operator === "=" || operator === "==" || operator === "IS"
      ? formOf(node, { operator, asserts: scope.asserts === true }, inner)
      : null;
  if (form !== null) return form;
  const [left, right] = [inner(node.left), inner(node.right)];
  const sides = [left, right];
  switch (operator) {
    case "GLOB":
    case "NOT GLOB":
      return globPattern(left, right, operator === "NOT GLOB");
    case "IS":
    case "IS NOT": {
      if (right.family === "null") return nullTest(left, operator === "IS NOT");
      const pair = compare(left, right, "=");
      return typed(
        `${operand(pair.left, OTHER)} is ${operator === "IS" ? "not " : ""}distinct from ${operand(pair.right, OTHER)}`,
        "boolean",
        IS,
        sides,
      );
    }
    case "=":
    case "==":
    case "<>":
    case "!=":
    case "<":
    case ">":
    case "<=":
    case ">=": {
      const spelled = operator === "==" ? "=" : operator === "!=" ? "<>" : operator;
      if (left.typeOf !== undefined && isEquality(spelled)) return typeTest(left.typeOf, right, spelled);
      if (right.typeOf !== undefined && isEquality(spelled)) return typeTest(right.typeOf, left, spelled);
      const pair = compare(left, right, spelled);
      return typed(`${operand(pair.left, RANGE)} ${spelled} ${operand(pair.right, RANGE)}`, "boolean", COMPARE, sides);
    }
    case "||":
      return typed(`${concatenated(left)} || ${concatenated(right)}`, "text", OTHER, sides);
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
      return arithmetic(operator, asInteger(left), asInteger(right));
    case "&":
    case "|":
    case "<<":
    case ">>":
      return bitwise(operator, asInteger(left), asInteger(right));
    default:
      throw new Untranslatable(`it has the operator ${operator}`);
  }
}

function both(left: TypedSql, right: TypedSql): TypedSql {
  if (left.sql === "true") return condition(right);
  if (right.sql === "true") return condition(left);
  const asserting = left.asserting ?? right.asserting;
  return {
    ...typed(`${operand(condition(left), AND)} and ${operand(condition(right), AND)}`, "boolean", AND, [left, right]),
    ...(asserting === undefined ? {} : { asserting }),
  };
}

/** Only CASE promises that the right side is not looked at where the left one holds. */
function either(left: TypedSql, right: TypedSql): TypedSql {
  if (right.sql === "true") return right;
  const { asserting } = right;
  // NULL is cast without an error.
  if (asserting !== undefined && left.sql !== `${asserting} is null`)
    return {
      ...typed(`case when ${condition(left).sql} then true else ${condition(right).sql} end`, "boolean", ATOM, [
        left,
        right,
      ]),
      asserting,
    };
  return typed(`${operand(condition(left), OR)} or ${operand(condition(right), OR)}`, "boolean", OR, [left, right]);
}

/** `d = date(d)`: whether a date is written as dates are. */
function formOf({ left, right }: BinaryNode, asked: FormQuestion, inner: (node: SqlNode) => TypedSql): TypedSql | null {
  if (right.type !== "func_call" || right.name.type !== "identifier") return null;
  const args = right.args?.expr.args.items ?? [];
  return formCheck(
    inner(left),
    asked,
    right.name.name.toLowerCase(),
    args.map((arg) => inner(arg as SqlNode)),
  );
}

function bitwise(operator: string, left: TypedSql, right: TypedSql): TypedSql {
  if (left.family !== "integer" || right.family !== "integer")
    throw new Untranslatable("it takes bits of what is no integer");
  const shifts = operator === "<<" || operator === ">>";
  if (shifts && !(Number(right.literal ?? 64) < 64 && left.literal === null))
    throw new Untranslatable("it shifts bits by what may be too much");
  return typed(`${operand(left, OTHER)} ${operator} ${operand(right, OTHER + 1)}`, "integer", OTHER, [left, right]);
}

function isEquality(operator: string): boolean {
  return operator === "=" || operator === "<>";
}

function listItems(node: SqlNode): readonly SqlNode[] {
  if (node.type !== "paren_expr" || node.expr.type !== "list_expr" || node.expr.items.length === 0)
    throw new Untranslatable("it looks in something that is no list of values");
  return node.expr.items;
}

function arithmetic(operator: string, left: TypedSql, right: TypedSql): TypedSql {
  if (!isNumber(left) || !isNumber(right)) throw new Untranslatable("it calculates with what is no number");
  const families = [left.family, right.family];
  // SQLite gives NULL for a division by zero, PostgreSQL an error.
  if ((operator === "/" || operator === "%") && (right.literal === null || Number(right.literal) === 0))
    throw new Untranslatable("it divides by what may be zero");
  if (operator === "%" && !families.every((family) => family === "integer"))
    throw new Untranslatable("it takes the remainder of reals");
  const family = families.includes("double") ? "double" : families.includes("numeric") ? "numeric" : "integer";
  // PostgreSQL calculates with constants in 32 bits, SQLite in 64.
  const wide = family === "integer" && !left.bare.length && !right.bare.length && !(isSmall(left) && isSmall(right));
  const binding = operator === "+" || operator === "-" ? ADD : MULTIPLY;
  // A literal with a point is numeric in PostgreSQL, and would make numeric of what is a double in SQLite.
  const part = (piece: TypedSql, other: TypedSql, least: number) =>
    piece.literal !== null && piece.family === "double" && other.family !== "double"
      ? `${operand(piece, ATOM)}::double precision`
      : operand(piece, least);
  const first = wide ? `${operand(left, ATOM)}::bigint` : part(left, right, binding);
  return typed(`${first} ${operator} ${part(right, left, binding + 1)}`, family, binding, [left, right]);
}

function isSmall({ literal }: TypedSql): boolean {
  return literal !== null && Math.abs(Number(literal)) < 46_341;
}

function concatenated(piece: TypedSql): string {
  if (piece.family === "text") return operand(piece, OTHER);
  if (piece.family === "integer") return `${operand(piece, ATOM)}::text`;
  throw new Untranslatable("it joins what is neither text nor integer");
}

function nullTest(value: TypedSql, not: boolean): TypedSql {
  return typed(`${operand(value, OTHER)} is ${not ? "not " : ""}null`, "boolean", IS, [value]);
}

function caseOf(node: Extract<SqlNode, { type: "case_expr" }>, inner: (node: SqlNode) => TypedSql): TypedSql {
  const subject = node.expr === undefined ? null : inner(node.expr);
  const parts: string[] = [];
  const used: TypedSql[] = subject === null ? [] : [subject];
  const results: TypedSql[] = [];
  for (const clause of node.clauses) {
    const result = inner(clause.result);
    results.push(result);
    if (clause.type === "case_when") {
      const when = inner(clause.condition);
      used.push(when);
      const pair = subject === null ? null : compare(subject, when, "=");
      parts.push(
        `when ${pair === null ? condition(when).sql : `${operand(pair.left, RANGE)} = ${operand(pair.right, RANGE)}`} then ${result.sql}`,
      );
    } else {
      parts.push(`else ${result.sql}`);
    }
  }
  return typed(`case ${parts.join(" ")} end`, commonFamily(results), ATOM, [...used, ...results]);
}

function cast(value: TypedSql, dataType: SqlNode): TypedSql {
  const kind = declaredKind(typeName(dataType));
  if (kind === "integer" && (value.family === "integer" || value.family === "boolean"))
    return value.family === "integer" ? value : typed(`${operand(value, ATOM)}::integer`, "integer", ATOM, [value]);
  if (kind === "text" && value.family === "text") return value;
  if (kind === "text" && value.family === "integer")
    return typed(`${operand(value, ATOM)}::text`, "text", ATOM, [value]);
  if (kind === "double" && isNumber(value))
    return value.family === "double"
      ? value
      : typed(`${operand(value, ATOM)}::double precision`, "double", ATOM, [value]);
  throw new Untranslatable("it has a CAST that PostgreSQL would do otherwise");
}

function typeName(node: SqlNode): string {
  if (node.type !== "data_type_name") return "";
  const words = Array.isArray(node.name) ? node.name : [node.name];
  return words.map((word) => ("text" in word ? String(word.text) : "")).join(" ");
}

/** An operator as text, whether it is a symbol, a keyword or several. */
export function keywords(operator: unknown): string {
  if (typeof operator === "string") return operator;
  if (Array.isArray(operator)) return operator.map(keywords).join(" ");
  return typeof operator === "object" && operator !== null && "name" in operator ? String(operator.name) : "";
}
