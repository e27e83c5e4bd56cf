import type { Expression, Limit, SelectCore } from "../../sqlite-sql/ast.ts";
import { renderName } from "../names/render-name.ts";
import { type Member, memberColumn } from "./relation.ts";
import { translate } from "./translate-expression.ts";
import type { Scope, TypedSql } from "./typed-sql.ts";

export interface OneRowQuestion {
  readonly core: SelectCore;
  readonly limit: Limit | null;
  readonly members: readonly Member[];
  readonly outputs: readonly TypedSql[];
  readonly scope: Scope;
}

/** Whether a query gives one row at most, whatever is in its tables. */
export function hasOneRow({ core, limit, members, outputs, scope }: OneRowQuestion): boolean {
  if (core.from === null) return true;
  if (core.groupBy.length === 0 && outputs.some(({ aggregate }) => aggregate)) return true;
  if (limit?.count.kind === "number" && /^[01]$/.test(limit.count.text)) return true;
  const [only] = members;
  if (only === undefined || members.length > 1 || core.where === null) return false;
  const fixed = conjuncts(core.where).flatMap((part) => fixedColumn(part, only, scope) ?? []);
  return (only.relation.keys ?? []).some((key) =>
    key.every((name) => fixed.includes(`${renderName(only.name)}.${renderName(name)}`)),
  );
}

function conjuncts(node: Expression): Expression[] {
  return node.kind === "binary" && node.operator === "AND"
    ? [...conjuncts(node.left), ...conjuncts(node.right)]
    : [node];
}

/** The column that a condition makes equal to something that is not of its own row. */
function fixedColumn(node: Expression, member: Member, scope: Scope): string | null {
  if (node.kind !== "binary" || node.operator !== "=") return null;
  const own = new Set(member.relation.columns.map((column) => memberColumn(member, column).sql));
  const [left, right] = [translate(node.left, scope), translate(node.right, scope)];
  const isFixed = (one: TypedSql, other: TypedSql) => own.has(one.sql) && !other.bare.some((sql) => own.has(sql));
  if (isFixed(left, right)) return left.sql;
  return isFixed(right, left) ? right.sql : null;
}
