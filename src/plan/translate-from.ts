import type { SqlNode } from "./parse-sql.ts";
import { renderName } from "./render-name.ts";
import { columnSql, type TablePlan } from "./table-plan.ts";
import { keywords, translate } from "./translate-expression.ts";
import { condition, type Family, type Scope, type TypedSql, typed, Untranslatable } from "./typed-sql.ts";

/** A table or view that a view may read. */
export interface Relation {
  readonly name: string;
  readonly columns: readonly RelationColumn[];
}

export interface RelationColumn {
  /** As the source spells it. */
  readonly source: string;
  readonly name: string;
  readonly family: Family;
  readonly collation: string | null;
  readonly byBytes: boolean;
}

/** One relation of a FROM clause, under the name that the query uses for it. */
export interface Member {
  readonly alias: string;
  /** Under which it goes in PostgreSQL. */
  readonly name: string;
  readonly relation: Relation;
}

export function tableRelation(plan: TablePlan): Relation {
  const columns = plan.columns.map((column) => {
    const { family, collation, byBytes = false } = columnSql(column);
    return { source: column.source.knownAs ?? column.source.name, name: column.name, family, collation, byBytes };
  });
  return { name: plan.name, columns };
}

/** What names stand for among the relations of a query. Those are added as FROM is read. */
export function scopeOf(members: readonly Member[]): Scope {
  return {
    aggregates: true,
    column(name, qualifier) {
      const asked = members.filter(
        ({ alias }) => qualifier === null || alias.toLowerCase() === qualifier.toLowerCase(),
      );
      if (qualifier !== null && asked.length !== 1)
        throw new Untranslatable(`it refers to ${qualifier}, which is not clear`);
      for (const member of asked) {
        const column = member.relation.columns.find(({ source }) => source.toLowerCase() === name.toLowerCase());
        if (column !== undefined) return memberColumn(member, column);
      }
      if (["rowid", "oid", "_rowid_"].includes(name.toLowerCase())) throw new Untranslatable("it uses the rowid");
      return null;
    },
  };
}

export function memberColumn({ name }: Member, column: RelationColumn): TypedSql {
  const sql = `${renderName(name)}.${renderName(column.name)}`;
  return { ...typed(sql, column.family), collation: column.collation, byBytes: column.byBytes, bare: [sql] };
}

/** A FROM clause; notes its relations in `members`. */
export function translateFrom(
  node: SqlNode,
  members: Member[],
  relations: ReadonlyMap<string, Relation>,
  scope: Scope,
): string {
  if (node.type === "paren_expr") return translateFrom(node.expr, members, relations, scope);
  if (node.type === "join_expr") return translateJoin(node, members, relations, scope);
  const named = node.type === "alias" ? (node.expr as SqlNode) : node;
  if (named.type !== "identifier") throw new Untranslatable("it reads from something that is no table or view");
  const relation = relations.get(named.name.toLowerCase());
  if (relation === undefined) throw new Untranslatable(`it reads from ${named.name}, which has no translation`);
  const alias = node.type === "alias" && node.alias.type === "identifier" ? node.alias.name : null;
  const name = alias ?? relation.name;
  if (members.some((member) => member.name === name))
    throw new Untranslatable(`it reads from two things that are called ${name}`);
  members.push({ alias: alias ?? named.name, name, relation });
  return name === relation.name ? renderName(relation.name) : `${renderName(relation.name)} as ${renderName(name)}`;
}

type JoinNode = Extract<SqlNode, { type: "join_expr" }>;

function translateJoin(
  node: JoinNode,
  members: Member[],
  relations: ReadonlyMap<string, Relation>,
  scope: Scope,
): string {
  const left = translateFrom(node.left as SqlNode, members, relations, scope);
  if (node.right.type === "paren_expr" || (node.right as SqlNode).type === "join_expr")
    throw new Untranslatable("it nests joins");
  const right = translateFrom(node.right as SqlNode, members, relations, scope);
  const kind = keywords(node.operator);
  const { specification } = node;
  if (specification === undefined) {
    if (kind !== "," && kind !== "JOIN" && kind !== "INNER JOIN" && kind !== "CROSS JOIN")
      throw new Untranslatable(`it has a ${kind} without a condition`);
    return `${left}\n  cross join ${right}`;
  }
  // USING merges columns, and SQLite and PostgreSQL do not agree on all of it.
  if (specification.type !== "join_on_specification") throw new Untranslatable("it joins by USING");
  if (!["JOIN", "INNER JOIN", "LEFT JOIN", "LEFT OUTER JOIN"].includes(kind))
    throw new Untranslatable(`it has a ${kind}`);
  return `${left}\n  ${kind.startsWith("LEFT") ? "left join" : "join"} ${right} on ${condition(translate(specification.expr, { ...scope, aggregates: false })).sql}`;
}
