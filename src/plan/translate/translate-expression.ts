import type { BinaryOperator, Expression, Name } from "../../sqlite-sql/ast.ts";
import { settledLike } from "./open-parameter.ts";
import { isPresentTime, presentTime } from "./present-time.ts";
import { arithmetic, bitwise, prefix } from "./translate-arithmetic.ts";
import { between } from "./translate-between.ts";
import { caseOf } from "./translate-case.ts";
import { cast } from "./translate-cast.ts";
import { compare, isEquality } from "./translate-comparison.ts";
import { type FormatQuestion, formatCheck } from "./translate-date.ts";
import { translateFunction } from "./translate-function.ts";
import { inList, typeTest } from "./translate-in.ts";
import { jsonMember } from "./translate-json.ts";
import { number, string } from "./translate-literal.ts";
import { globPattern, likePattern } from "./translate-pattern.ts";
import { inSubquery, scalarSubquery } from "./translate-subquery.ts";
import {
  AND,
  ATOM,
  COMPARE,
  condition,
  IS,
  isInteger,
  isText,
  isTextual,
  OR,
  OTHER,
  operand,
  RANGE,
  type Scope,
  type TypedSql,
  typed,
  Untranslatable,
} from "./typed-sql.ts";

export function translate(node: Expression, scope: Scope): TypedSql {
  const part = scope.asserts === true ? { ...scope, asserts: false } : scope;
  const inner = (other: Expression) => translate(other, part);
  switch (node.kind) {
    case "row":
      throw new Untranslatable("it has a row value");
    case "subquery":
      return scalarSubquery(node.select, scope);
    case "exists": {
      const { sql, outer } = querying(scope)(node.select);
      return { ...typed(`exists (${sql})`, "boolean"), bare: outer };
    }
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
      return isPresentTime(node, scope) ? presentTime(node, scope) : translateFunction(node, scope, inner);
    case "now":
      return presentTime(node, scope);
    case "parameter":
      if (scope.parameter === undefined) throw new Untranslatable("it has a parameter");
      return scope.parameter(node);
    case "unary":
      return prefix(node.operator, inner(node.operand));
    case "isNull":
      return nullTest(inner(node.value), node.not);
    case "between":
      return between([inner(node.value), inner(node.low), inner(node.high)], node.not);
    case "case":
      return caseOf(node, inner);
    case "cast":
      return cast(inner(node.value), node.type);
    case "collate":
      return collated(inner(node.value), node.collation);
    case "in":
      return node.set.kind === "select"
        ? inSubquery(inner(node.value), querying(scope)(node.set.select), node.not)
        : inList(inner(node.value), listItems(node).map(inner), node.not);
    case "like":
      return matches(node, inner);
    case "binary":
      return binary(node, inner, scope);
    default:
      throw new Untranslatable("it has a construct that is not known");
  }
}

/** How a query within an expression is translated, where there may be one. */
function querying({ subquery }: Scope): NonNullable<Scope["subquery"]> {
  if (subquery === undefined) throw new Untranslatable("it has a subquery");
  return subquery;
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

type Node<Kind extends Expression["kind"]> = Extract<Expression, { kind: Kind }>;

function collated(value: TypedSql, collation: Name): TypedSql {
  if (!isText(value)) throw new Untranslatable("it collates what is no text");
  return { ...value, collation: collation.text.toUpperCase(), explicit: true };
}

function matches(
  { operator, not, value, pattern, escape: sign }: Node<"like">,
  inner: (node: Expression) => TypedSql,
): TypedSql {
  if (operator === "LIKE") return likePattern(inner(value), inner(pattern), sign === null ? null : inner(sign), not);
  if (operator === "REGEXP") throw new Untranslatable("it calls the REGEXP that the application defines");
  if (operator === "MATCH") throw new Untranslatable("it searches by MATCH in SQLite's full text index");
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
  if (operator === "OR") {
    // A cast that refuses by an error goes to the right, where it is not reached if the other side holds.
    const cast = scope.asserts === true ? asserted(node.left, scope) : null;
    return cast === null ? either(inner(node.left), translate(node.right, scope)) : either(inner(node.right), cast);
  }
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
      const truth = truthKeyword(node.right, right);
      if (truth !== null) return truthTest(left, truth, operator === "IS NOT");
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
      return arithmetic(operator, left, right);
    case "&":
    case "|":
    case "<<":
    case ">>":
      return bitwise(operator, left, right);
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

/** What refuses a row by an error; null if it does not, or has no translation of that form. */
function asserted(node: Expression, scope: Scope): TypedSql | null {
  try {
    const value = translate(node, scope);
    return value.asserting === undefined ? null : value;
  } catch (error) {
    if (error instanceof Untranslatable) return null;
    throw error;
  }
}

/**
 * Only CASE promises that the right side is not looked at where the left one holds. Where the left one is NULL, the
 * whole is true or NULL, and neither refuses a row.
 */
function either(left: TypedSql, right: TypedSql): TypedSql {
  if (right.sql === "true") return right;
  const { asserting } = right;
  // NULL is cast without an error.
  if (asserting !== undefined && left.sql !== `${asserting} is null`)
    return {
      ...typed(
        `case when ${operand(condition(left), OTHER)} is not false then true else ${condition(right).sql} end`,
        "boolean",
        ATOM,
        [left, right],
      ),
      asserting,
    };
  return {
    ...typed(`${operand(condition(left), OR)} or ${operand(condition(right), OR)}`, "boolean", OR, [left, right]),
    ...(asserting === undefined ? {} : { asserting }),
  };
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

function listItems({ set }: Node<"in">): readonly Expression[] {
  if (set.kind !== "list" || set.items.length === 0)
    throw new Untranslatable("it looks in something that is no list of values");
  return set.items;
}

/** `x IS TRUE` asks for truth; any other right side for the value. */
function truthKeyword(node: Expression, value: TypedSql): boolean | null {
  return node.kind === "column" && node.table === null && value.family === "boolean" && value.literal !== null
    ? truthOf(node.name)
    : null;
}

function truthTest(value: TypedSql, truth: boolean, not: boolean): TypedSql {
  const tested = condition(value);
  return typed(`${operand(tested, OTHER)} is ${not ? "not " : ""}${truth}`, "boolean", IS, [value]);
}

function concatenated(given: TypedSql): string {
  const piece = settledLike(given, typed("", "text"));
  if (isTextual(piece)) return operand(piece, OTHER);
  if (isInteger(piece)) return `${operand(piece, ATOM)}::text`;
  throw new Untranslatable("it joins what is neither text nor integer");
}

function nullTest(value: TypedSql, not: boolean): TypedSql {
  return typed(`${operand(value, OTHER)} is ${not ? "not " : ""}null`, "boolean", IS, [value]);
}
