import type { Expression, Frame, FrameBound, FunctionCall, Window } from "../../sqlite-sql/ast.ts";
import { orderTerm } from "./order-and-group.ts";
import { requireSameEquality } from "./same-equality.ts";
import { AGGREGATES, translateAggregate } from "./translate-aggregate.ts";
import { ATOM, type Scope, settled, type TypedSql, typed, Untranslatable } from "./typed-sql.ts";

type Translate = (node: Expression) => TypedSql;

/** A function over a window. Rows that its ORDER BY does not tell apart come in any order in both databases. */
export function translateWindow(node: FunctionCall, scope: Scope, inner: Translate): TypedSql {
  const name = node.name.text.toLowerCase();
  if (!scope.aggregates || scope.now !== true)
    throw new Untranslatable(`it calls ${name}() in a way that has no sure translation`);
  if (node.distinct !== null || node.orderBy.length > 0 || node.within !== null) throw unknownWindow(name);
  const { pieces, sql } = renderWindow(windowOf(node, scope), inner);
  const args = node.args === "*" ? [] : node.args.map(inner);
  const filter = node.filter === null ? null : inner(node.filter);
  const over = ` over (${sql})`;
  const result = AGGREGATES.has(name)
    ? translateAggregate({ name, args, isDistinct: false, filter, over }, { ...scope, rowOrder: () => null })
    : filter === null
      ? ofRow(name, args, over)
      : null;
  if (result === null) throw unknownWindow(name);
  const from = typed("", "null", ATOM, [...args, ...(filter === null ? [] : [filter]), ...pieces]);
  return { ...result, bare: from.bare, aggregate: from.aggregate, literal: null };
}

function unknownWindow(name: string): Untranslatable {
  return new Untranslatable(`it calls ${name}() over a window in a way that has no sure translation`);
}

function windowOf({ over }: FunctionCall, { windows }: Scope): Window {
  if (over !== null && "kind" in over) return over;
  const found = windows?.find(({ name }) => name.text.toLowerCase() === over?.text.toLowerCase());
  if (found === undefined) throw new Untranslatable("it names a window that is not known");
  return found.window;
}

interface RenderedWindow {
  readonly sql: string;
  readonly pieces: readonly TypedSql[];
}

function renderWindow({ base, frame, orderBy, partitionBy }: Window, inner: Translate): RenderedWindow {
  if (base !== null) throw new Untranslatable("it has a window that goes on from another");
  const groups = partitionBy.map(inner);
  for (const group of groups) requireSameEquality(group, "divides rows by");
  const ordered = orderBy.map(({ expression }) => inner(expression));
  const terms = orderBy.map((term, index) =>
    orderTerm(term, ordered[index] ?? typed("", "null"), { isDistinct: false, isLimited: true }),
  );
  const parts = [
    groups.length === 0 ? "" : `partition by ${groups.map(({ sql }) => sql).join(", ")}`,
    terms.length === 0 ? "" : `order by ${terms.join(", ")}`,
    frame === null ? "" : renderFrame(frame),
  ];
  return { sql: parts.filter((part) => part !== "").join(" "), pieces: [...groups, ...ordered] };
}

function renderFrame({ exclude, from, to, unit }: Frame): string {
  const bound = (one: FrameBound) => {
    if (one.kind === "current") return "current row";
    if (one.kind === "unbounded") return `unbounded ${one.side.toLowerCase()}`;
    if (unit === "RANGE" || one.offset?.kind !== "number" || !/^\d+$/.test(one.offset.text))
      throw new Untranslatable("it has a window whose frame is calculated");
    return `${one.offset.text} ${one.side.toLowerCase()}`;
  };
  const range = to === null ? bound(from) : `between ${bound(from)} and ${bound(to)}`;
  return `${unit.toLowerCase()} ${range}${exclude === null ? "" : ` exclude ${exclude.toLowerCase()}`}`;
}

/** Functions that only windows have. */
function ofRow(name: string, args: readonly TypedSql[], over: string): TypedSql | null {
  const [value, count] = args;
  switch (name) {
    case "row_number":
    case "rank":
    case "dense_rank":
      return args.length > 0 ? null : { ...typed(`${name}()${over}`, "integer"), range: [1, 1e15] };
    case "percent_rank":
    case "cume_dist":
      return args.length > 0 ? null : typed(`${name}()${over}`, "double");
    case "ntile":
      if (args.length !== 1 || !/^[1-9]\d{0,8}$/.test(value?.literal ?? "")) return null;
      return { ...typed(`ntile(${value?.sql ?? ""})${over}`, "integer"), range: [1, 1e9], isNarrow: true };
    case "first_value":
    case "last_value":
      return value === undefined || args.length > 1 ? null : ofAnotherRow(name, value, "", over);
    case "nth_value":
    case "lag":
    case "lead": {
      const least = name === "nth_value" ? /^[1-9]\d{0,8}$/ : /^\d{1,9}$/;
      const isCounted = count === undefined ? name !== "nth_value" : least.test(count.literal ?? "");
      if (value === undefined || args.length > 2 || !isCounted) return null;
      return ofAnotherRow(name, value, count === undefined ? "" : `, ${count.sql}`, over);
    }
    default:
      return null;
  }
}

/** The same value out of another row; a boolean is an integer where it is no column. */
function ofAnotherRow(name: string, given: TypedSql, rest: string, over: string): TypedSql | null {
  const value = settled(given);
  if (value.family === "null" || value.parameter !== undefined || value.isJsonValue === true) return null;
  return {
    ...value,
    sql: `${name}(${value.sql}${rest})${over}`,
    binding: ATOM,
    affinity: "none",
    collation: null,
    byBytes: false,
    explicit: false,
  };
}
