import type {
  Expression,
  Limit,
  OrderTerm,
  ResultColumn,
  Select,
  SelectBody,
  SelectCore,
} from "../../sqlite-sql/ast.ts";
import { parseStatement } from "../../sqlite-sql/parse.ts";
import { SqlSyntaxError } from "../../sqlite-sql/syntax-error.ts";
import { translate } from "./translate-expression.ts";
import { type Member, memberColumn, type Relation, scopeOf, translateFrom } from "./translate-from.ts";
import {
  COLLATE,
  condition,
  type Family,
  inBytes,
  operand,
  type Scope,
  type TypedSql,
  Untranslatable,
} from "./typed-sql.ts";

export interface Output {
  readonly family: Family;
  readonly collation: string | null;
  readonly byBytes: boolean;
}

export type ViewTranslation =
  | { readonly query: string; readonly outputs: readonly Output[]; readonly reason: null }
  | { readonly query: null; readonly outputs: readonly []; readonly reason: string };

/** The query of a view, if all of it is known to mean the same in PostgreSQL. `relations` go by name in lower case. */
export function translateView(sql: string, width: number, relations: ReadonlyMap<string, Relation>): ViewTranslation {
  try {
    const statement = parseStatement(sql);
    if (statement.kind !== "createView") throw new Untranslatable("it has no query");
    const { query, outputs } = translateQuery(statement.select, relations);
    if (outputs.length !== width) throw new Untranslatable("the number of its columns is not clear");
    return { query, outputs, reason: null };
  } catch (error) {
    if (error instanceof Untranslatable) return { query: null, outputs: [], reason: error.message };
    if (error instanceof SqlSyntaxError)
      return { query: null, outputs: [], reason: "the parser does not know this SQL" };
    throw error;
  }
}

interface Query {
  readonly query: string;
  readonly outputs: readonly Output[];
}

function translateQuery(select: Select, relations: ReadonlyMap<string, Relation>): Query {
  if (select.body.kind === "core") return translateSelect(select, select.body, relations);
  const query = translateBody(select.body, relations);
  if (select.with !== null) throw new Untranslatable("it has a clause that is not known");
  if (select.orderBy.length > 0 || select.limit !== null)
    throw new Untranslatable("it orders or limits a compound SELECT");
  return query;
}

const ALONE = { with: null, orderBy: [], limit: null };

function translateBody(body: SelectBody, relations: ReadonlyMap<string, Relation>): Query {
  if (body.kind === "core") return translateSelect(ALONE, body, relations);
  if (body.kind === "values") throw new Untranslatable("it has a clause that is not known");
  const left = translateBody(body.left, relations);
  const right = translateBody(body.right, relations);
  const differ =
    left.outputs.length !== right.outputs.length ||
    left.outputs.some(({ family }, index) => family !== right.outputs[index]?.family);
  if (differ) throw new Untranslatable("the parts of its compound SELECT are of different types");
  return { query: `${left.query}\n${body.operator.toLowerCase()}\n${right.query}`, outputs: left.outputs };
}

function translateSelect(
  { with: common, orderBy, limit }: Pick<Select, "with" | "orderBy" | "limit">,
  core: SelectCore,
  relations: ReadonlyMap<string, Relation>,
): Query {
  const members: Member[] = [];
  const scope = scopeOf(members);
  const bare = { ...scope, aggregates: false };
  // FROM says what the names of all other clauses stand for.
  const from = core.from === null ? "" : `\nfrom ${translateFrom(core.from, members, relations, scope)}`;
  const distinct = core.distinct === "DISTINCT";
  const selected = core.columns.flatMap((item) => selectItems(item, members, scope));
  const outputs = selected.map(({ value }) => value);
  const names = new Map(selected.flatMap(({ name, value }) => (name === null ? [] : [[name.toLowerCase(), value]])));
  if (common !== null || core.windows.length > 0) throw new Untranslatable("it has a clause that is not known");
  const where = core.where === null ? "" : `\nwhere ${condition(translate(core.where, bare)).sql}`;
  const grouped = core.groupBy.length === 0 ? null : core.groupBy.map((item) => groupTerm(item, outputs, scope));
  const having = core.having === null ? null : condition(translate(core.having, scope));
  const items = having === null ? outputs : [...outputs, having];
  const order = orderBy.map((term) => orderTerm(term, { items, names, scope, distinct })).join(", ");
  checkGrouping(items, grouped);
  const parts = [
    `select ${distinct ? "distinct " : ""}${outputs.map(({ sql }) => sql).join(", ")}`,
    from,
    where,
    grouped === null ? "" : `\ngroup by ${grouped.join(", ")}`,
    having === null ? "" : `\nhaving ${having.sql}`,
    order === "" ? "" : `\norder by ${order}`,
    limit === null ? "" : `\n${limitOf(limit)}`,
  ];
  return {
    query: parts.join(""),
    outputs: outputs.map(({ family, collation, byBytes = false }) => ({ family, collation, byBytes })),
  };
}

function selectItems(
  node: ResultColumn,
  members: readonly Member[],
  scope: Scope,
): { readonly name: string | null; readonly value: TypedSql }[] {
  const all = (some: readonly Member[]) =>
    some.flatMap((member) =>
      member.relation.columns.map((column) => ({ name: column.source, value: memberColumn(member, column) })),
    );
  if (node.kind === "all") return all(members);
  if (node.kind === "allOf") {
    const asked = members.filter(({ alias }) => alias.toLowerCase() === node.table.text.toLowerCase());
    if (asked.length !== 1) throw new Untranslatable("it selects all columns of something that is not clear");
    return all(asked);
  }
  const { expression, alias } = node;
  const name = alias?.text ?? (expression.kind === "column" ? expression.name.text : null);
  return [{ name, value: asOutput(translate(expression, scope)) }];
}

/** A comparison gives 0 or 1 in SQLite; a boolean column stays boolean. */
function asOutput(value: TypedSql): TypedSql {
  if (value.family === "null") return { ...value, sql: "null::text", family: "text" };
  if (value.family === "boolean" && value.bare.length === 1 && value.bare[0] === value.sql) return value;
  return value.family === "boolean"
    ? { ...value, sql: `(${value.sql})::integer`, family: "integer", binding: COLLATE }
    : value;
}

function groupTerm(node: Expression, items: readonly TypedSql[], scope: Scope): string {
  if (node.kind === "number") {
    const item = items[Number(node.text) - 1];
    if (item === undefined) throw new Untranslatable("it groups by a column that it does not have");
    return item.sql;
  }
  const term = translate(node, { ...scope, aggregates: false });
  if (term.collation !== null && term.collation !== "BINARY")
    throw new Untranslatable(`it groups by the collation ${term.collation}`);
  return term.sql;
}

interface Outputs {
  readonly items: readonly TypedSql[];
  readonly names: ReadonlyMap<string, TypedSql>;
  readonly scope: Scope;
  readonly distinct: boolean;
}

function orderTerm({ expression, direction, nulls }: OrderTerm, { items, names, scope, distinct }: Outputs): string {
  if (nulls !== null) throw new Untranslatable("it orders in a way that is not known");
  const output =
    expression.kind === "number"
      ? items[Number(expression.text) - 1]
      : expression.kind === "column" && expression.table === null
        ? names.get(expression.name.text.toLowerCase())
        : undefined;
  const term = output ?? translate(expression, scope);
  // NULLs are smallest in SQLite, and texts are ordered byte by byte.
  const order = direction === "DESC" ? " desc nulls last" : " nulls first";
  if (term.family !== "text") return `${operand(term, COLLATE)}${order}`;
  if ((distinct && term.byBytes !== true) || (term.collation !== null && term.collation !== "BINARY"))
    throw new Untranslatable("it orders texts in a way that PostgreSQL does not");
  return `${inBytes(term).sql}${order}`;
}

function limitOf({ count, offset }: Limit): string {
  const number = (node: Expression) => {
    if (node.kind !== "number" || !/^\d+$/.test(node.text)) throw new Untranslatable("its LIMIT is no number");
    return node.text;
  };
  return `limit ${number(count)}${offset === null ? "" : ` offset ${number(offset)}`}`;
}

/** SQLite lets columns stand beside aggregates that no GROUP BY names, and takes any row's. */
function checkGrouping(items: readonly TypedSql[], grouped: readonly string[] | null): void {
  if (grouped === null && !items.some(({ aggregate }) => aggregate)) return;
  const terms = new Set(grouped ?? []);
  const loose = items.some((item) => !terms.has(item.sql) && item.bare.some((column) => !terms.has(column)));
  if (loose) throw new Untranslatable("it selects a column that it does not group by");
}
