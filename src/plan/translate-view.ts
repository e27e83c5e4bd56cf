import { parseStatement, type SqlNode } from "./parse-sql.ts";
import { keywords, translate } from "./translate-expression.ts";
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
    if (statement?.type !== "create_view_stmt") throw new Untranslatable("the parser does not know this SQL");
    const as = statement.clauses.find(({ type }) => type === "as_clause");
    if (as?.type !== "as_clause") throw new Untranslatable("it has no query");
    const { query, outputs } = translateQuery(as.expr as SqlNode, relations);
    if (outputs.length !== width) throw new Untranslatable("the number of its columns is not clear");
    return { query, outputs, reason: null };
  } catch (error) {
    if (error instanceof Untranslatable) return { query: null, outputs: [], reason: error.message };
    throw error;
  }
}

interface Query {
  readonly query: string;
  readonly outputs: readonly Output[];
}

function translateQuery(node: SqlNode, relations: ReadonlyMap<string, Relation>): Query {
  if (node.type === "select_stmt") return translateSelect(node, relations);
  if (node.type !== "compound_select_stmt") throw new Untranslatable("it is no plain SELECT");
  const left = translateQuery(node.left as SqlNode, relations);
  const right = translateQuery(node.right as SqlNode, relations);
  if (/order by|limit/.test(`${clauseTypes(node.left as SqlNode)} ${clauseTypes(node.right as SqlNode)}`))
    throw new Untranslatable("it orders or limits a compound SELECT");
  const differ =
    left.outputs.length !== right.outputs.length ||
    left.outputs.some(({ family }, index) => family !== right.outputs[index]?.family);
  if (differ) throw new Untranslatable("the parts of its compound SELECT are of different types");
  return { query: `${left.query}\n${keywords(node.operator).toLowerCase()}\n${right.query}`, outputs: left.outputs };
}

function clauseTypes(node: SqlNode): string {
  return node.type === "select_stmt" ? node.clauses.map(({ type }) => type.replaceAll("_", " ")).join(" ") : "";
}

type SelectNode = Extract<SqlNode, { type: "select_stmt" }>;

function translateSelect(node: SelectNode, relations: ReadonlyMap<string, Relation>): Query {
  const members: Member[] = [];
  const parts = { select: "", from: "", where: "", group: "", having: "", order: "", limit: "" };
  let items: readonly TypedSql[] = [];
  let grouped: readonly string[] | null = null;
  const scope = scopeOf(members);
  // FROM says what the names of all other clauses stand for.
  const rank = (type: string) => (type === "from_clause" ? 0 : type === "select_clause" ? 1 : 2);
  let distinct = false;
  let names: ReadonlyMap<string, TypedSql> = new Map();
  for (const clause of [...node.clauses].sort((a, b) => rank(a.type) - rank(b.type))) {
    switch (clause.type) {
      case "from_clause":
        parts.from = `\nfrom ${translateFrom(clause.expr as SqlNode, members, relations, scope)}`;
        break;
      case "select_clause": {
        if (clause.modifiers.some(({ type }) => type !== "select_distinct" && type !== "select_all"))
          throw new Untranslatable("it selects in a way that is not known");
        distinct = clause.modifiers.some(({ type }) => type === "select_distinct");
        const selected = (clause.columns?.items ?? []).flatMap((item) => selectItems(item as SqlNode, members, scope));
        items = selected.map(({ value }) => value);
        names = new Map(selected.flatMap(({ name, value }) => (name === null ? [] : [[name.toLowerCase(), value]])));
        parts.select = `select ${distinct ? "distinct " : ""}${items.map(({ sql }) => sql).join(", ")}`;
        break;
      }
      case "where_clause":
        parts.where = `\nwhere ${condition(translate(clause.expr, { ...scope, aggregates: false })).sql}`;
        break;
      case "group_by_clause":
        grouped = (clause.columns as { items: readonly SqlNode[] }).items.map((item) => groupTerm(item, items, scope));
        parts.group = `\ngroup by ${grouped.join(", ")}`;
        break;
      case "having_clause": {
        const having = condition(translate(clause.expr, scope));
        items = [...items, having];
        parts.having = `\nhaving ${having.sql}`;
        break;
      }
      case "order_by_clause":
        parts.order = `\norder by ${clause.specifications.items.map((item) => orderTerm(item as SqlNode, items, names, scope, distinct)).join(", ")}`;
        break;
      case "limit_clause":
        parts.limit = `\n${limit(clause)}`;
        break;
      default:
        throw new Untranslatable("it has a clause that is not known");
    }
  }
  checkGrouping(items, grouped);
  const outputs = items.filter((_, index) => parts.having === "" || index < items.length - 1);
  return {
    query: Object.values(parts).join(""),
    outputs: outputs.map(({ family, collation, byBytes = false }) => ({ family, collation, byBytes })),
  };
}

function selectItems(
  node: SqlNode,
  members: readonly Member[],
  scope: Scope,
): { readonly name: string | null; readonly value: TypedSql }[] {
  const all = (some: readonly Member[]) =>
    some.flatMap((member) =>
      member.relation.columns.map((column) => ({ name: column.source, value: memberColumn(member, column) })),
    );
  if (node.type === "all_columns") return all(members);
  if (node.type === "member_expr" && node.property.type === "all_columns") {
    const qualifier = node.object.type === "identifier" ? node.object.name.toLowerCase() : "";
    const asked = members.filter(({ alias }) => alias.toLowerCase() === qualifier);
    if (asked.length !== 1) throw new Untranslatable("it selects all columns of something that is not clear");
    return all(asked);
  }
  const alias = node.type === "alias" && node.alias.type === "identifier" ? node.alias.name : null;
  const value = translate(node.type === "alias" ? (node.expr as SqlNode) : node, scope);
  const name =
    alias ??
    (node.type === "identifier"
      ? node.name
      : node.type === "member_expr" && node.property.type === "identifier"
        ? node.property.name
        : null);
  return [{ name, value: asOutput(value) }];
}

/** A comparison gives 0 or 1 in SQLite; a boolean column stays boolean. */
function asOutput(value: TypedSql): TypedSql {
  if (value.family === "null") return { ...value, sql: "null::text", family: "text" };
  if (value.family === "boolean" && value.bare.length === 1 && value.bare[0] === value.sql) return value;
  return value.family === "boolean"
    ? { ...value, sql: `(${value.sql})::integer`, family: "integer", binding: COLLATE }
    : value;
}

function groupTerm(node: SqlNode, items: readonly TypedSql[], scope: Scope): string {
  if (node.type === "number_literal") {
    const item = items[Number(node.text) - 1];
    if (item === undefined) throw new Untranslatable("it groups by a column that it does not have");
    return item.sql;
  }
  const term = translate(node, { ...scope, aggregates: false });
  if (term.collation !== null && term.collation !== "BINARY")
    throw new Untranslatable(`it groups by the collation ${term.collation}`);
  return term.sql;
}

function orderTerm(
  node: SqlNode,
  items: readonly TypedSql[],
  names: ReadonlyMap<string, TypedSql>,
  scope: Scope,
  distinct: boolean,
): string {
  const sort = node.type === "sort_specification" ? node : null;
  if (sort?.nullHandlingKw !== undefined) throw new Untranslatable("it orders in a way that is not known");
  const expr = sort === null ? node : (sort.expr as SqlNode);
  const output =
    expr.type === "number_literal"
      ? items[Number(expr.text) - 1]
      : expr.type === "identifier"
        ? names.get(expr.name.toLowerCase())
        : undefined;
  const term = output ?? translate(expr, scope);
  const descending = sort?.direction?.type === "sort_direction_desc";
  // NULLs are smallest in SQLite, and texts are ordered byte by byte.
  const direction = descending ? " desc nulls last" : " nulls first";
  if (term.family !== "text") return `${operand(term, COLLATE)}${direction}`;
  if ((distinct && term.byBytes !== true) || (term.collation !== null && term.collation !== "BINARY"))
    throw new Untranslatable("it orders texts in a way that PostgreSQL does not");
  return `${inBytes(term).sql}${direction}`;
}

function limit(clause: Extract<SqlNode, { type: "limit_clause" }>): string {
  const number = (node: SqlNode | undefined) => {
    if (node?.type !== "number_literal" || !/^\d+$/.test(node.text)) throw new Untranslatable("its LIMIT is no number");
    return node.text;
  };
  return `limit ${number(clause.count as SqlNode)}${clause.offset === undefined ? "" : ` offset ${number(clause.offset as SqlNode)}`}`;
}

/** SQLite lets columns stand beside aggregates that no GROUP BY names, and takes any row's. */
function checkGrouping(items: readonly TypedSql[], grouped: readonly string[] | null): void {
  if (grouped === null && !items.some(({ aggregate }) => aggregate)) return;
  const terms = new Set(grouped ?? []);
  const loose = items.some((item) => !terms.has(item.sql) && item.bare.some((column) => !terms.has(column)));
  if (loose) throw new Untranslatable("it selects a column that it does not group by");
}
