import type { Expression, ResultColumn } from "../../sqlite-sql/ast.ts";
import { renderName } from "../names/render-name.ts";
import { columnNamed, type Member, memberColumn, type Relation } from "./relation.ts";
import { translate } from "./translate-expression.ts";
import { type Scope, type Subquery, type TypedSql, Untranslatable } from "./typed-sql.ts";

/** Where a query stands: what it may read, and the query around it. */
export interface QueryPlace {
  /** Tables, views and common tables by their names in lower case. */
  readonly relations: ReadonlyMap<string, Relation>;
  readonly outer: Scope | null;
  /** Columns of the query around it, as they are found. */
  readonly found: string[];
  /** LIMIT without ORDER BY may take any rows: of a whole statement, whose result is not read by another query. */
  readonly takesAny?: boolean;
  /** Of a statement that the application sends: what its parameters stand for, and that it runs once. */
  readonly statement?: Pick<Scope, "parameter" | "now">;
}

export interface QueryScopes {
  /** Of the SELECT list: it knows columns. */
  readonly columns: Scope;
  /** Of all other clauses: names of result columns, too, where no column has that name. */
  readonly names: Scope;
}

/** What names stand for in a query. Its relations are added to `members` as FROM is read. */
export function queryScopes(
  members: readonly Member[],
  results: readonly ResultColumn[],
  place: QueryPlace,
  subquery: (select: Parameters<NonNullable<Scope["subquery"]>>[0], scope: Scope) => Subquery,
): QueryScopes {
  const make = (aliases: (name: string) => TypedSql | null): Scope => {
    const scope: Scope = {
      ...place.statement,
      aggregates: true,
      column: (name, qualifier) =>
        ownColumn(members, name, qualifier) ??
        (qualifier === null ? aliases(name) : null) ??
        outerColumn(members, name, qualifier, place),
      subquery: (select) => subquery(select, scope),
      rowOrder: () => rowOrder(members),
    };
    return scope;
  };
  const columns = make(() => null);
  const names = make((name) => {
    const expression = aliased(results, name);
    return expression === null ? null : translate(expression, columns);
  });
  return { columns, names };
}

function aliased(results: readonly ResultColumn[], name: string): Expression | null {
  for (const item of results)
    if (item.kind === "result" && item.alias?.text.toLowerCase() === name.toLowerCase()) return item.expression;
  return null;
}

function ownColumn(members: readonly Member[], name: string, qualifier: string | null): TypedSql | null {
  const asked = members.filter(({ alias }) => qualifier === null || alias.toLowerCase() === qualifier.toLowerCase());
  if (qualifier !== null && asked.length > 1) throw new Untranslatable(`it refers to ${qualifier}, which is not clear`);
  for (const member of asked) {
    const column = columnNamed(member, name);
    if (column !== undefined) return memberColumn(member, column);
  }
  if (asked.length === 0 || !["rowid", "oid", "_rowid_"].includes(name.toLowerCase())) return null;
  const [only] = asked;
  const rowid = only?.relation.columns.find((column) => column.name === only.relation.rowid);
  if (only === undefined || rowid === undefined || asked.length > 1) throw new Untranslatable("it uses the rowid");
  return memberColumn(only, rowid);
}

function outerColumn(
  members: readonly Member[],
  name: string,
  qualifier: string | null,
  { found, outer }: QueryPlace,
): TypedSql | null {
  const column = outer?.column(name, qualifier) ?? null;
  if (column === null) {
    if (qualifier !== null && outer === null) throw new Untranslatable(`it refers to ${qualifier}, which is not clear`);
    return null;
  }
  // In PostgreSQL the nearer of two relations of one name is meant.
  if (column.bare.some((sql) => members.some((member) => sql.startsWith(`${renderName(member.name)}.`))))
    throw new Untranslatable("two of its relations have one name");
  found.push(...column.bare);
  return { ...column, isOuter: true };
}

function rowOrder(members: readonly Member[]): string | null {
  const terms = members.map(({ name, relation }) =>
    relation.rowid === undefined ? null : `${renderName(name)}.${renderName(relation.rowid)}`,
  );
  return terms.length > 0 && terms.every((term) => term !== null) ? terms.join(", ") : null;
}
