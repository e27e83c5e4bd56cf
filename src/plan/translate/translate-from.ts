import type { From, Join } from "../../sqlite-sql/ast.ts";
import { renderName } from "../names/render-name.ts";
import { columnSql, type TablePlan } from "../propose/table-plan.ts";
import { translate } from "./translate-expression.ts";
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
  node: From,
  members: Member[],
  relations: ReadonlyMap<string, Relation>,
  scope: Scope,
): string {
  if (node.kind === "group" && node.alias === null) return translateFrom(node.from, members, relations, scope);
  if (node.kind === "join") return translateJoin(node, members, relations, scope);
  if (node.kind !== "table" || node.table.schema !== null || node.indexed !== null)
    throw new Untranslatable("it reads from something that is no table or view");
  const source = node.table.name.text;
  const relation = relations.get(source.toLowerCase());
  if (relation === undefined) throw new Untranslatable(`it reads from ${source}, which has no translation`);
  const alias = node.alias?.text ?? null;
  const name = alias ?? relation.name;
  if (members.some((member) => member.name === name))
    throw new Untranslatable(`it reads from two things that are called ${name}`);
  members.push({ alias: alias ?? source, name, relation });
  return name === relation.name ? renderName(relation.name) : `${renderName(relation.name)} as ${renderName(name)}`;
}

function translateJoin(node: Join, members: Member[], relations: ReadonlyMap<string, Relation>, scope: Scope): string {
  const left = translateFrom(node.left, members, relations, scope);
  if (node.right.kind === "group") throw new Untranslatable("it nests joins");
  const right = translateFrom(node.right, members, relations, scope);
  if (node.on === null && node.using === null) {
    if (node.natural || !["comma", "inner", "cross"].includes(node.type))
      throw new Untranslatable(`it has a ${joinWords(node)} without a condition`);
    return `${left}\n  cross join ${right}`;
  }
  // USING merges columns, and SQLite and PostgreSQL do not agree on all of it.
  if (node.on === null) throw new Untranslatable("it joins by USING");
  if (node.natural || !["comma", "inner", "left"].includes(node.type))
    throw new Untranslatable(`it has a ${joinWords(node)}`);
  const join = node.type === "left" ? "left join" : "join";
  return `${left}\n  ${join} ${right} on ${condition(translate(node.on, { ...scope, aggregates: false })).sql}`;
}

function joinWords({ natural, type }: Join): string {
  return `${natural ? "NATURAL " : ""}${type === "inner" || type === "comma" ? "" : `${type.toUpperCase()} `}JOIN`;
}
