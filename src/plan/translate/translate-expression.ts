import { declaredKind } from "../../model/declared-type.ts";
import { pgString } from "../../quote.ts";
import type { BinaryOperator, Expression, Name, TypeName, UnaryOperator } from "../../sqlite-sql/ast.ts";
import { parseExpression } from "../../sqlite-sql/parse.ts";
import { SqlSyntaxError } from "../../sqlite-sql/syntax-error.ts";
import { compare, globPattern, inList, likePattern, typeTest } from "./translate-comparison.ts";
import { type FormatQuestion, formatCheck } from "./translate-date.ts";
import { translateFunction, unknownCall } from "./translate-function.ts";
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

function attempt(text: string, work: (node: Expression) => string): Translation {
  try {
    return { sql: work(parseExpression(text)), reason: null };
  } catch (error) {
    if (error instanceof SqlSyntaxError) return { sql: null, reason: "the parser does not know this SQL" };
    if (error instanceof Untranslatable) return { sql: null, reason: error.message };
    throw error;
  }
}

export function translate(node: Expression, scope: Scope): TypedSql {
  const part = scope.asserts === true ? { ...scope, asserts: false } : scope;
  const inner = (other: Expression) => translate(other, part);
  switch (node.kind) {
    case "row":
    case "subquery":
    case "exists":
      throw new Untranslatable("it has a row value or a subquery");
    case "number":
      return number(node.text);
    case "string":
      return string(node.value);
    case "blob":
      return typed(`'\\x${node.hex.toLowerCase()}'::bytea`, "bytea");
    case "null":
      return typed("null", "null");
    case "column":
      if (node.schema !== null) throw new Untranslatable("it names a column in a way that is not known");
      return column(node.name, node.table, scope);
    case "call":
      return translateFunction(node, scope, inner);
    case "now":
      throw unknownCall(node.word.toLowerCase());
    case "unary":
      return prefix(node.operator, inner(node.operand));
    case "isNull":
      return nullTest(inner(node.value), node.not);
    case "between": {
      const [value, low, high] = [inner(node.value), inner(node.low), inner(node.high)];
      const [lower, upper] = [compare(value, low, ">="), compare(value, high, "<=")];
      return typed(
        `${operand(lower.left, OTHER)} ${node.not ? "not between" : "between"} ${operand(lower.right, OTHER)} and ${operand(upper.right, OTHER)}`,
        "boolean",
        RANGE,
        [value, low, high],
      );
    }
    case "case":
      return caseOf(node, inner);
    case "cast":
      return cast(inner(node.value), node.type);
    case "collate":
      return collated(inner(node.value), node.collation);
    case "in":
      return inList(inner(node.value), listItems(node).map(inner), node.not);
    case "like":
      return matches(node, inner);
    case "binary":
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

function column(name: Name, qualifier: Name | null, scope: Scope): TypedSql {
  const found = scope.column(name.text, qualifier?.text ?? null);
  if (found !== null) return found;
  if (qualifier === null) {
    // SQLite takes "text" in double quotes for a string where there is no such column, and TRUE for a truth value.
    if (name.quote === '"') return string(name.text);
    const truth = truthOf(name);
    if (truth !== null) return { ...typed(String(truth), "boolean"), literal: truth ? "1" : "0" };
  }
  throw new Untranslatable(`there is no column ${name.text}`);
}

/** What a bare TRUE or FALSE says where it is no column. */
export function truthOf({ text, quote }: Name): boolean | null {
  if (quote !== null || !/^(true|false)$/i.test(text)) return null;
  return text.toLowerCase() === "true";
}

function prefix(operator: UnaryOperator, value: TypedSql): TypedSql {
  if (operator === "+" && isNumber(value)) return value;
  if (operator === "-" && isNumber(value))
    return {
      ...typed(`-${operand(value, ATOM)}`, value.family, value.literal === null ? MULTIPLY : ATOM - 1, [value]),
      literal: value.literal === null ? null : `-${value.literal}`,
    };
  if (operator === "~" && value.family === "integer")
    return typed(`~ ${operand(value, ATOM)}`, "integer", OTHER, [value]);
  if (operator === "NOT") return typed(`not ${operand(condition(value), NOT + 1)}`, "boolean", NOT, [value]);
  throw new Untranslatable("it has an operator that is not known");
}

type Node<Kind extends Expression["kind"]> = Extract<Expression, { kind: Kind }>;

function collated(value: TypedSql, collation: Name): TypedSql {
  if (value.family !== "text") throw new Untranslatable("it collates what is no text");
  return { ...value, collation: collation.text.toUpperCase(), explicit: true };
}

function matches(
  { operator, not, value, pattern, escape: sign }: Node<"like">,
  inner: (node: Expression) => TypedSql,
): TypedSql {
  if (operator === "LIKE") return likePattern(inner(value), inner(pattern), sign === null ? null : inner(sign), not);
  if (operator !== "GLOB") throw new Untranslatable(`it has the operator ${not ? "NOT " : ""}${operator}`);
  if (sign !== null) throw new Untranslatable("it has an ESCAPE that is not known");
  return globPattern(inner(value), inner(pattern), not);
}

/** Operators with another name for the same. */
const SAME: Partial<Record<BinaryOperator, BinaryOperator>> = {
  "IS NOT DISTINCT FROM": "IS",
  "IS DISTINCT FROM": "IS NOT",
};

function binary(node: Node<"binary">, inner: (node: Expression) => TypedSql, scope: Scope): TypedSql {
  const operator = SAME[node.operator] ?? node.operator;
  // What has to hold by itself: both sides of AND, and the right side of OR where the left one does not hold.
  if (operator === "AND") return both(translate(node.left, scope), translate(node.right, scope));
  if (operator === "OR") return either(inner(node.left), translate(node.right, scope));
  if (operator === "->>" || operator === "->")
    return jsonMember(operator, [inner(node.left), inner(node.right)], scope);
  const format =
    operator === "=" || operator === "IS" ? formatOf(node, { operator, asserts: scope.asserts === true }, inner) : null;
  if (format !== null) return format;
  const [left, right] = [inner(node.left), inner(node.right)];
  const sides = [left, right];
  switch (operator) {
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
    case "<>":
    case "<":
    case ">":
    case "<=":
    case ">=": {
      if (left.typeOf !== undefined && isEquality(operator)) return typeTest(left.typeOf, right, operator);
      if (right.typeOf !== undefined && isEquality(operator)) return typeTest(right.typeOf, left, operator);
      const pair = compare(left, right, operator);
      return typed(`${operand(pair.left, RANGE)} ${operator} ${operand(pair.right, RANGE)}`, "boolean", COMPARE, sides);
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
function formatOf(
  { left, right }: Node<"binary">,
  asked: FormatQuestion,
  inner: (node: Expression) => TypedSql,
): TypedSql | null {
  if (right.kind !== "call") return null;
  const args = right.args === "*" ? [] : right.args;
  return formatCheck(
    inner(left),
    asked,
    right.name.text.toLowerCase(),
    args.map((arg) => inner(arg)),
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

function listItems({ set }: Node<"in">): readonly Expression[] {
  if (set.kind !== "list" || set.items.length === 0)
    throw new Untranslatable("it looks in something that is no list of values");
  return set.items;
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

function caseOf(node: Node<"case">, inner: (node: Expression) => TypedSql): TypedSql {
  const subject = node.subject === null ? null : inner(node.subject);
  const parts: string[] = [];
  const used: TypedSql[] = subject === null ? [] : [subject];
  const results: TypedSql[] = [];
  for (const branch of node.branches) {
    const result = inner(branch.then);
    results.push(result);
    const when = inner(branch.when);
    used.push(when);
    const pair = subject === null ? null : compare(subject, when, "=");
    parts.push(
      `when ${pair === null ? condition(when).sql : `${operand(pair.left, RANGE)} = ${operand(pair.right, RANGE)}`} then ${result.sql}`,
    );
  }
  if (node.otherwise !== null) {
    const otherwise = inner(node.otherwise);
    results.push(otherwise);
    parts.push(`else ${otherwise.sql}`);
  }
  return typed(`case ${parts.join(" ")} end`, commonFamily(results), ATOM, [...used, ...results]);
}

function cast(value: TypedSql, type: TypeName | null): TypedSql {
  const kind = declaredKind(type?.words.replace(/\s+/g, " ") ?? "");
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
