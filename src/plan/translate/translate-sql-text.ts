import type { Expression } from "../../sqlite-sql/ast.ts";
import { parseExpression } from "../../sqlite-sql/parse.ts";
import { SqlSyntaxError } from "../../sqlite-sql/syntax-error.ts";
import { foldedTerm } from "./collation.ts";
import { requireSameEquality } from "./same-equality.ts";
import { translate } from "./translate-expression.ts";
import { condition, isMixedText, isText, type Scope, type TypedSql, Untranslatable } from "./typed-sql.ts";

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

/** A value by which rows are identified (a term of a unique index), under the index's collation. */
export function translateUniqueTerm(text: string, collation: string, scope: Scope): Translation {
  return attempt(text, (node) => {
    const value = translate(node, scope);
    const term =
      isText(value) || isMixedText(value)
        ? foldedTerm({ ...value, collation: null, isCollatedWithin: false }, collation)
        : value;
    requireSameEquality(term, "identifies rows by");
    return term.sql;
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
