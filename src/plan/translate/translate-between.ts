import { compare } from "./translate-comparison.ts";
import { AND, ATOM, NOT, OTHER, operand, RANGE, type TypedSql, typed } from "./typed-sql.ts";

/** BETWEEN: each bound is compared with the value by itself. */
export function between([value, low, high]: readonly [TypedSql, TypedSql, TypedSql], not: boolean): TypedSql {
  const [lower, upper] = [compare(value, low, ">="), compare(value, high, "<=")];
  const sides = [value, low, high];
  if (lower.left.sql === upper.left.sql)
    return typed(
      `${operand(lower.left, OTHER)} ${not ? "not between" : "between"} ${lowBound(lower.right)} and ` +
        `${operand(upper.right, OTHER)}`,
      "boolean",
      RANGE,
      sides,
    );
  // SQLite looks at each bound by itself: the value may be compared in two ways.
  const bound = ({ left, right }: typeof lower, operator: string) =>
    `${operand(left, RANGE)} ${operator} ${operand(right, RANGE)}`;
  const both = `${bound(lower, ">=")} and ${bound(upper, "<=")}`;
  return not ? typed(`not (${both})`, "boolean", NOT, sides) : typed(both, "boolean", AND, sides);
}

/** PostgreSQL's grammar has only simple operators between BETWEEN and AND. */
function lowBound(piece: TypedSql): string {
  return / (collate|at time zone) /.test(piece.sql) && piece.binding < ATOM ? `(${piece.sql})` : operand(piece, OTHER);
}
