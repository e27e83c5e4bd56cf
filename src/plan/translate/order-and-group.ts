import type { Expression, Limit, OrderTerm } from "../../sqlite-sql/ast.ts";
import { foldedTerm } from "./collation.ts";
import { settledLike } from "./open-parameter.ts";
import { requireSameEquality } from "./same-equality.ts";
import { translate } from "./translate-expression.ts";
import {
  COLLATE,
  inBytes,
  isBlob,
  isDate,
  isNumber,
  isText,
  operand,
  type Scope,
  type TypedSql,
  typed,
  Untranslatable,
} from "./typed-sql.ts";

/** A term of GROUP BY: a number names a column of the result. */
export function groupTerm(node: Expression, outputs: readonly TypedSql[], scope: Scope): string {
  const term = node.kind === "number" ? outputs[Number(node.text) - 1] : translate(node, scope);
  if (term === undefined) throw new Untranslatable("it groups by a column that it does not have");
  if (term.literal !== null || term.family === "null") throw new Untranslatable("it groups by a constant");
  if (term.isCollatedWithin === true) throw new Untranslatable("it groups by a collation that is said within");
  requireSameEquality(term, "groups");
  return term.sql;
}

export interface OrderOptions {
  readonly isDistinct: boolean;
  /** The order decides which rows there are. */
  readonly isLimited: boolean;
}

/** NULLs are smallest in SQLite, and texts are ordered byte by byte. */
export function orderTerm({ direction, nulls }: OrderTerm, term: TypedSql, options: OrderOptions): string {
  if (term.literal !== null || term.family === "null") throw new Untranslatable("it orders by a constant");
  const isLast = nulls === null ? direction === "DESC" : nulls === "LAST";
  const order = `${direction === "DESC" ? " desc" : ""} nulls ${isLast ? "last" : "first"}`;
  if (!isOrdered(term, options)) throw new Untranslatable("it orders values in a way that PostgreSQL does not");
  if (!isText(term)) return `${operand(term, COLLATE)}${order}`;
  const collation = term.collation ?? "BINARY";
  if (options.isDistinct && (term.byBytes !== true || collation !== "BINARY"))
    throw new Untranslatable("it orders texts in a way that PostgreSQL does not");
  return `${inBytes(foldedTerm(term, collation)).sql}${order}`;
}

function isOrdered(term: TypedSql, { isLimited }: OrderOptions): boolean {
  return (
    isNumber(term) ||
    term.family === "boolean" ||
    isText(term) ||
    isBlob(term) ||
    (isDate(term) && !(isLimited && term.isRespelled === true))
  );
}

/** SQLite takes a number below 0 for no limit, and for no offset; PostgreSQL fails. */
export function limitOf({ count, offset }: Limit, scope?: Pick<Scope, "parameter">): string {
  const number = (node: Expression, less: string) => {
    if (node.kind === "number" && /^\d+$/.test(node.text)) return node.text;
    if (node.kind === "unary" && node.operator === "-" && node.operand.kind === "number") return less;
    const parameter = node.kind === "parameter" ? scope?.parameter?.(node) : undefined;
    if (parameter === undefined) throw new Untranslatable("its LIMIT is no number");
    const { sql } = settledLike(parameter, typed("", "integer"));
    return `case when ${sql} >= 0 then ${sql}${less === "0" ? " else 0" : ""} end`;
  };
  return `limit ${number(count, "all")}${offset === null ? "" : ` offset ${number(offset, "0")}`}`;
}
