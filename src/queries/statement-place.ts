import { renderName } from "../plan/names/render-name.ts";
import { type QueryPlace, queryScopes } from "../plan/translate/query-scope.ts";
import type { Member } from "../plan/translate/relation.ts";
import { asOutput, renderOutput, selectItems } from "../plan/translate/select-list.ts";
import { commonTables, type QueryOutput, subqueryOf } from "../plan/translate/translate-select.ts";
import { type Scope, Untranslatable } from "../plan/translate/typed-sql.ts";
import type { ResultColumn, With, WriteTarget } from "../sqlite-sql/ast.ts";
import type { QueryTable, QueryTables } from "./query-tables.ts";

/** Where a statement that writes is translated. */
export interface WritePlace extends QueryPlace {
  readonly tables: QueryTables;
}

export interface TranslatedWrite {
  readonly sql: string;
  readonly outputs: readonly QueryOutput[];
  /** The table that it writes to, as the source spells it. */
  readonly writes: string;
}

/** The table that a statement writes to, under the name that it uses. */
export interface Written {
  readonly table: QueryTable;
  readonly member: Member;
  /** As it follows INTO, UPDATE or FROM. */
  readonly sql: string;
}

export function writtenTable({ alias, table }: WriteTarget, { tables }: WritePlace): Written {
  if (table.schema !== null && table.schema.text.toLowerCase() !== "main")
    throw new Untranslatable("it writes to another database");
  const found = tables.get(table.name.text.toLowerCase());
  if (found === undefined) throw new Untranslatable(`it writes to ${table.name.text}, which is no table that moved`);
  if (found.hasTriggers) throw new Untranslatable(`it writes to ${found.source}, whose triggers have no translation`);
  const name = alias?.text ?? found.relation.name;
  const member = { alias: alias?.text ?? found.source, name, relation: found.relation, merged: new Set<string>() };
  const target = renderName(found.relation.name);
  return { table: found, member, sql: name === found.relation.name ? target : `${target} as ${renderName(name)}` };
}

/** What names stand for next to these relations. */
export function scopeOf(members: readonly Member[], place: QueryPlace): Scope {
  const { names } = queryScopes(members, [], place, (select, scope) => subqueryOf(select, { ...place, outer: scope }));
  return { ...names, aggregates: false };
}

/** WITH, and the place in which its tables are known. */
export function withCommon(
  common: With | null,
  place: WritePlace,
): { readonly sql: string; readonly place: WritePlace } {
  const { common: sql, relations } = commonTables(common, place);
  return { sql, place: { ...place, relations } };
}

export function translateReturning(
  items: readonly ResultColumn[] | null,
  { member, table }: Written,
  place: WritePlace,
): { readonly sql: string; readonly outputs: readonly QueryOutput[] } {
  if (items === null) return { sql: "", outputs: [] };
  const own = { ...member, merged: new Set<string>() };
  const selected = items.flatMap((item) => selectItems(item, [own], scopeOf([own], place)));
  if (selected.length === 0) throw new Untranslatable(`it returns nothing of ${table.source}`);
  const outputs = selected.map(({ name, value }) => ({ ...asOutput(value, null), name }));
  const list = outputs.map(({ name, sql }) => renderOutput(sql, name, place));
  return { sql: `\nreturning ${list.join(", ")}`, outputs };
}
