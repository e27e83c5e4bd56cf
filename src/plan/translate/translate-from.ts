import type { From, Join, Name } from "../../sqlite-sql/ast.ts";
import { renderName, renderNames } from "../names/render-name.ts";
import { columnNamed, type Member, memberColumn, type Relation } from "./relation.ts";
import { compare } from "./translate-comparison.ts";
import { translate } from "./translate-expression.ts";
import type { DerivedTable } from "./translate-select.ts";
import { condition, operand, RANGE, type Scope, Untranslatable } from "./typed-sql.ts";

export interface FromPlace {
  readonly relations: ReadonlyMap<string, Relation>;
  /** Of ON. */
  readonly scope: Scope;
  /** A query in FROM. */
  derive(select: Extract<From, { kind: "derived" }>["select"]): DerivedTable;
}

/** A FROM clause; notes its relations in `members`. */
export function translateFrom(node: From, members: Member[], place: FromPlace): string {
  switch (node.kind) {
    case "group":
      if (node.alias !== null) throw new Untranslatable("it names a join");
      return translateFrom(node.from, members, place);
    case "join":
      return translateJoin(node, members, place);
    case "derived": {
      const { columns, query } = place.derive(node.select);
      const name = node.alias?.text ?? freeName(members);
      add(members, name, { name, columns });
      return `(${query}) as ${renderName(name)} (${renderNames(columns.map((column) => column.name))})`;
    }
    case "table":
      return translateTable(node, members, place);
    default:
      throw new Untranslatable("it reads from something that is no table or view");
  }
}

function translateTable(node: Extract<From, { kind: "table" }>, members: Member[], { relations }: FromPlace): string {
  if (node.table.schema !== null && node.table.schema.text.toLowerCase() !== "main")
    throw new Untranslatable("it reads from something that is no table or view");
  if (node.indexed !== null) throw new Untranslatable("it says which index is to be used");
  const source = node.table.name.text;
  const relation = relations.get(source.toLowerCase());
  if (relation === undefined) throw new Untranslatable(`it reads from ${source}, which has no translation`);
  const alias = node.alias?.text ?? null;
  const name = alias ?? relation.name;
  add(members, alias ?? source, relation, name);
  return name === relation.name ? renderName(relation.name) : `${renderName(relation.name)} as ${renderName(name)}`;
}

function add(members: Member[], alias: string, relation: Relation, name = alias): void {
  if (members.some((member) => member.name === name))
    throw new Untranslatable(`it reads from two things that are called ${name}`);
  members.push({ alias, name, relation, merged: new Set() });
}

function freeName(members: readonly Member[]): string {
  for (let number = 1; ; number += 1) {
    const name = `query_${number}`;
    if (!members.some((member) => member.name === name)) return name;
  }
}

function translateJoin(node: Join, members: Member[], place: FromPlace): string {
  const left = translateFrom(node.left, members, place);
  const before = members.length;
  const isNested = node.right.kind === "group" && node.right.from.kind === "join";
  const joined = translateFrom(node.right, members, place);
  const right = isNested ? `(${joined})` : joined;
  if (node.type === "full" || (node.type === "right" && (node.using !== null || node.natural)))
    throw new Untranslatable(`it has a ${joinWords(node)}`);
  const word = node.type === "left" ? "left join" : node.type === "right" ? "right join" : "join";
  const merged = node.natural ? commonNames(members, before) : (node.using?.map(nameText) ?? null);
  const on =
    merged !== null && merged.length > 0
      ? merged.map((name) => mergedCondition(name, members, before)).join(" and ")
      : node.on === null
        ? null
        : condition(translate(node.on, { ...place.scope, aggregates: false })).sql;
  if (on === null) return word === "join" ? `${left}\n  cross join ${right}` : `${left}\n  ${word} ${right} on true`;
  return `${left}\n  ${word} ${right} on ${on}`;
}

function nameText({ text }: Name): string {
  return text;
}

function commonNames(members: readonly Member[], before: number): string[] {
  const [right] = members.slice(before);
  if (right === undefined || members.length > before + 1) throw new Untranslatable("it joins several tables by name");
  return right.relation.columns
    .map(({ source }) => source)
    .filter((name) => members.slice(0, before).some((member) => columnNamed(member, name) !== undefined));
}

/** USING and NATURAL are equality; the column of the right side no longer counts for names and `*`. */
function mergedCondition(name: string, members: Member[], before: number): string {
  const left = members.slice(0, before).find((member) => columnNamed(member, name) !== undefined);
  const right = members[before];
  const [one, other] = [left, right].map((member) => (member === undefined ? undefined : columnNamed(member, name)));
  if (left === undefined || right === undefined || one === undefined || other === undefined)
    throw new Untranslatable(`it joins by a column ${name} that is not clear`);
  if (members.length > before + 1) throw new Untranslatable("it joins several tables by name");
  members[before] = { ...right, merged: new Set([...right.merged, name.toLowerCase()]) };
  const pair = compare(memberColumn(left, one), memberColumn(right, other), "=");
  return `${operand(pair.left, RANGE)} = ${operand(pair.right, RANGE)}`;
}

function joinWords({ natural, type }: Join): string {
  return `${natural ? "NATURAL " : ""}${type === "inner" || type === "comma" ? "" : `${type.toUpperCase()} `}JOIN`;
}
