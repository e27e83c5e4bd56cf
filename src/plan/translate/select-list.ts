import type { Expression, ResultColumn } from "../../sqlite-sql/ast.ts";
import { renderName } from "../names/render-name.ts";
import type { QueryPlace } from "./query-scope.ts";
import { type Member, memberColumn } from "./relation.ts";
import { translate } from "./translate-expression.ts";
import {
  ATOM,
  asDouble,
  asInteger,
  COLLATE,
  type Family,
  operand,
  type Scope,
  settled,
  type TypedSql,
  Untranslatable,
} from "./typed-sql.ts";

export interface Selected {
  readonly name: string | null;
  readonly value: TypedSql;
}

export function selectItems(node: ResultColumn, members: readonly Member[], scope: Scope): Selected[] {
  const all = (some: readonly Member[], isMerged: boolean) =>
    some.flatMap((member) =>
      member.relation.columns
        .filter(({ source }) => !isMerged || !member.merged.has(source.toLowerCase()))
        .map((column) => ({ name: column.source, value: memberColumn(member, column) })),
    );
  if (node.kind === "all") return all(members, true);
  if (node.kind === "allOf") {
    const asked = members.filter(({ alias }) => alias.toLowerCase() === node.table.text.toLowerCase());
    if (asked.length !== 1) throw new Untranslatable("it selects all columns of something that is not clear");
    return all(asked, false);
  }
  const { expression, alias } = node;
  const name = alias?.text ?? (expression.kind === "column" ? expression.name.text : null);
  return [{ name, value: translate(expression, scope) }];
}

/** A comparison gives 0 or 1 in SQLite; a boolean column stays boolean. */
export function asOutput(value: TypedSql, wanted: Family | null): TypedSql {
  const family = wanted ?? (value.family === "null" ? "text" : value.family);
  if (value.family === "null")
    return wanted === null
      ? { ...value, sql: "null::text" }
      : { ...value, sql: `null::${TYPES[family] ?? "text"}`, family };
  const isColumn = value.bare.length === 1 && value.bare[0] === value.sql;
  if (value.family === "boolean" && (!isColumn || family !== "boolean")) {
    const number = { ...asInteger(value), binding: COLLATE };
    return asOutput({ ...number, sql: `(${value.sql})::integer` }, wanted === "boolean" ? "integer" : wanted);
  }
  if (value.family === "integer" && family === "numeric")
    return { ...value, sql: `${operand(value, ATOM)}::numeric`, family, binding: ATOM, literal: null };
  if (family === "double") return asDouble(value);
  return settled(value);
}

const TYPES: Partial<Record<Family, string>> = {
  integer: "bigint",
  double: "double precision",
  numeric: "numeric",
  boolean: "boolean",
  bytea: "bytea",
  date: "date",
  timestamp: "timestamp",
  timestamptz: "timestamptz",
};

/** In a statement of the application a result column goes by the name that SQLite gives it. */
export function renderOutput(sql: string, name: string | null, { statement }: Pick<QueryPlace, "statement">): string {
  if (statement === undefined || name === null) return sql;
  const written = renderName(name);
  return sql === written || sql.endsWith(`.${written}`) ? sql : `${sql} as ${written}`;
}

/** What a term of ORDER BY stands for: a number or a name may be that of a result column. */
export function orderedValue(
  expression: Expression,
  selected: readonly Selected[],
  outputs: readonly TypedSql[],
  scope: Scope,
): TypedSql {
  if (expression.kind === "number") {
    const output = outputs[Number(expression.text) - 1];
    if (output === undefined) throw new Untranslatable("it orders by a column that it does not have");
    return output;
  }
  if (expression.kind === "column" && expression.table === null) {
    const wanted = expression.name.text.toLowerCase();
    const index = selected.findIndex(({ name }) => name?.toLowerCase() === wanted);
    const output = outputs[index];
    if (output !== undefined) return output;
  }
  return translate(expression, scope);
}
