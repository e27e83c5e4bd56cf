import type { CaseBranch, Expression } from "../../sqlite-sql/ast.ts";
import { alternatives } from "./alternatives.ts";
import { compare } from "./translate-comparison.ts";
import { ATOM, condition, operand, RANGE, type TypedSql, typed } from "./typed-sql.ts";

export interface CaseNode {
  readonly subject: Expression | null;
  readonly branches: readonly CaseBranch[];
  readonly otherwise: Expression | null;
}

export function caseOf(node: CaseNode, inner: (node: Expression) => TypedSql): TypedSql {
  const subject = node.subject === null ? null : inner(node.subject);
  const tests = node.branches.map(({ when }) => inner(when));
  const results = [...node.branches.map(({ then }) => then), ...(node.otherwise === null ? [] : [node.otherwise])].map(
    inner,
  );
  const { pieces, traits } = alternatives(results);
  const parts = tests.map((test, index) => `when ${whenOf(subject, test)} then ${pieces[index]?.sql ?? "null"}`);
  if (node.otherwise !== null) parts.push(`else ${pieces[tests.length]?.sql ?? "null"}`);
  const used = [...(subject === null ? [] : [subject]), ...tests, ...results];
  return { ...typed(`case ${parts.join(" ")} end`, traits.family, ATOM, used), ...traits };
}

function whenOf(subject: TypedSql | null, test: TypedSql): string {
  if (subject === null) return condition(test).sql;
  const { left, right } = compare(subject, test, "=");
  return `${operand(left, RANGE)} = ${operand(right, RANGE)}`;
}
