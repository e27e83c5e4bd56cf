import type { Select } from "../../sqlite-sql/ast.ts";
import { compare } from "./translate-comparison.ts";
import {
  inBytes,
  isText,
  OTHER,
  operand,
  RANGE,
  type Scope,
  type Subquery,
  type TypedSql,
  typed,
  Untranslatable,
  type ValueTraits,
} from "./typed-sql.ts";

/** A query that gives one value. SQLite takes the first row where there are more; PostgreSQL fails. */
export function scalarSubquery(select: Select, { subquery }: Scope): TypedSql {
  if (subquery === undefined) throw new Untranslatable("it has a subquery");
  const query = subquery(select);
  if (!query.hasAtMostOneRow) throw new Untranslatable("it has a subquery that may give more than one row");
  return { ...outputOf(query), sql: `(${query.sql})`, collation: null, explicit: false };
}

/** `x IN (SELECT y …)` compares as `x = y` does. */
export function inSubquery(value: TypedSql, query: Subquery, not: boolean): TypedSql {
  const item = outputOf(query);
  const { left, right } = compare(value, { ...item, sql: "y" }, "=");
  // Each side brings a collation of its own: which one counts must be said.
  const isSaid = isText(item) && item.byBytes !== value.byBytes;
  if (right.sql !== "y") throw new Untranslatable("it looks in a subquery for values of another type");
  return {
    ...typed(
      `${operand(isSaid ? inBytes({ ...left, byBytes: false }) : left, OTHER)} ${not ? "not in" : "in"} (${query.sql})`,
      "boolean",
      RANGE,
      [value],
    ),
    bare: [...value.bare, ...query.outer],
  };
}

function outputOf({ outer, outputs }: Subquery): TypedSql {
  const [output] = outputs;
  if (output === undefined || outputs.length !== 1) throw new Untranslatable("it has a subquery of several columns");
  return withTraits(typed("", output.family), output, outer);
}

function withTraits(piece: TypedSql, traits: ValueTraits, bare: readonly string[]): TypedSql {
  return { ...piece, ...traits, bare };
}
