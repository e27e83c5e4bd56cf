import type { CommonTable, Compound, Select, SelectBody, SelectCore, With } from "../../sqlite-sql/ast.ts";
import { renderName, renderNames } from "../names/render-name.ts";
import { commonFamily, isMixed, unitedOutput } from "./compound-outputs.ts";
import { hasOneRow } from "./one-row.ts";
import { groupTerm, limitOf, orderTerm } from "./order-and-group.ts";
import { type QueryPlace, queryScopes } from "./query-scope.ts";
import { recursiveBody, recursiveTraits, recursiveType, requireSameColumns } from "./recursive-table.ts";
import { type Member, type Relation, type RelationColumn, traitsOf } from "./relation.ts";
import { requireSameEquality } from "./same-equality.ts";
import { asOutput, orderedValue, renderOutput, selectItems } from "./select-list.ts";
import { translate } from "./translate-expression.ts";
import { translateFrom } from "./translate-from.ts";
import {
  condition,
  type Family,
  isText,
  type Subquery,
  type TypedSql,
  typed,
  Untranslatable,
  type ValueTraits,
} from "./typed-sql.ts";

export interface Query {
  readonly query: string;
  readonly outputs: readonly QueryOutput[];
  readonly hasAtMostOneRow: boolean;
}

export interface QueryOutput extends ValueTraits {
  /** Null where SQLite makes one up. */
  readonly name: string | null;
  /** Its collation is said with COLLATE. */
  readonly explicit?: boolean;
  /** A value out of JSON, as jsonb: each row may have another type. */
  readonly isJsonValue?: boolean;
}

export interface DerivedTable {
  readonly query: string;
  readonly columns: readonly RelationColumn[];
}

/** A query, if all of it is known to mean the same in PostgreSQL. */
export function translateSelect(select: Select, place: QueryPlace): Query {
  const { takesAny = false, ...within } = place;
  const { common, relations } = commonTables(select.with, within);
  const inner = { ...within, relations };
  const query =
    select.body.kind === "core"
      ? translateCore({ ...select, takesAny }, select.body, inner, [])
      : translateCompound({ ...select, takesAny }, select.body, inner);
  return { ...query, query: `${common}${query.query}` };
}

export function commonTables(
  common: With | null,
  place: QueryPlace,
): { readonly common: string; readonly relations: QueryPlace["relations"] } {
  const relations = new Map(place.relations);
  let isRecursive = false;
  const parts = (common?.tables ?? []).map((table) => {
    const name = table.name.text;
    const body = common?.recursive === true ? recursiveBody(table) : null;
    const { columns, query } =
      body === null
        ? derive(table.select, { ...place, relations, outer: null }, namesOf(table))
        : deriveRecursive(table, body, { ...place, relations, outer: null });
    isRecursive ||= body !== null;
    relations.set(name.toLowerCase(), { name, columns } satisfies Relation);
    return `${renderName(name)} (${renderNames(columns.map((column) => column.name))}) as (${query})`;
  });
  const words = isRecursive ? "with recursive" : "with";
  return { common: parts.length === 0 ? "" : `${words} ${parts.join(",\n  ")}\n`, relations };
}

function namesOf({ columns }: CommonTable): string[] {
  return columns?.map(({ name }) => name.text) ?? [];
}

/** The first rows say what the columns are; then each round reads what the one before gave. */
function deriveRecursive(table: CommonTable, body: Compound, place: QueryPlace): DerivedTable {
  const first = derive({ ...table.select, body: body.left }, place, namesOf(table));
  const columns = first.columns.map((column) => ({ ...column, ...recursiveTraits(column) }));
  const { text: name } = table.name;
  const relations = new Map(place.relations).set(name.toLowerCase(), { name, columns });
  const families = columns.map(({ family }) => family);
  const next = translateBody(body.right, { ...place, relations }, families);
  requireSameColumns(columns, next.outputs);
  if (body.operator === "UNION") for (const column of columns) requireSameEquality(column, "identifies rows by");
  const numbered = columns.map((_, index) => `column_${index + 1}`);
  const [head, tail] = [first.query, next.query].map((query) => {
    const list = columns.map((column, index) => `column_${index + 1}::${recursiveType(column)}`);
    return `select ${list.join(", ")}\nfrom (${query}) as query_1 (${numbered.join(", ")})`;
  });
  return { query: `${head}\n${body.operator.toLowerCase()}\n${tail}`, columns };
}

/** A query that another reads like a table: each of its columns has a name. */
function derive(select: Select, place: QueryPlace, named: readonly string[] = []): DerivedTable {
  const { outputs, query } = translateSelect(select, place);
  if (named.length > 0 && named.length !== outputs.length)
    throw new Untranslatable("the number of its columns is not clear");
  const taken = new Set<string>();
  const columns = outputs.map((output, index): RelationColumn => {
    const source = named[index] ?? output.name ?? "";
    let name = source === "" ? `column_${index + 1}` : source;
    while (taken.has(name)) name += "_";
    taken.add(name);
    return { ...outputTraits(output), source, name };
  });
  return { query, columns };
}

/** A column of a view or of a query in FROM has a collation, though the expression may have none. */
export function outputTraits(output: ValueTraits): ValueTraits {
  return { ...traitsOf(output), collation: output.collation ?? "BINARY" };
}

type Wanted = readonly (Family | null)[];

const ALONE = { orderBy: [], limit: null, takesAny: false };

interface Ordered extends Pick<Select, "orderBy" | "limit"> {
  readonly takesAny: boolean;
}

function translateCompound(select: Ordered, body: SelectBody, place: QueryPlace): Query {
  const { outputs, query } = translateBody(body, place);
  const isTextOrder = select.orderBy.some((term) => {
    const output = outputs[termPlace(term, outputs)];
    return output !== undefined && isText(output) && output.byBytes !== true;
  });
  // PostgreSQL orders a compound SELECT by its columns only, and not by their bytes.
  const name = (index: number) => `column_${index + 1}`;
  const wrapped = isTextOrder
    ? `select ${outputs.map((output, index) => renderOutput(name(index), output.name, place)).join(", ")}\n` +
      `from (${query}) as query_1 (${outputs.map((_, index) => name(index)).join(", ")})`
    : query;
  const order = select.orderBy.map((term) => {
    const index = termPlace(term, outputs);
    const output = outputs[index];
    if (output === undefined) throw new Untranslatable("it orders a compound SELECT by what is no column of it");
    const sql = isTextOrder ? `query_1.${name(index)}` : String(index + 1);
    const piece = { ...typed(sql, output.family), ...traitsOf(output) };
    return orderTerm(term, piece, { isDistinct: !isTextOrder, isLimited: select.limit !== null });
  });
  if (select.limit !== null && order.length === 0 && !select.takesAny)
    throw new Untranslatable("it limits rows without an order");
  const clauses = [
    order.length === 0 ? "" : `\norder by ${order.join(", ")}`,
    select.limit === null ? "" : `\n${limitOf(select.limit, place.statement)}`,
  ];
  return { query: `${wrapped}${clauses.join("")}`, outputs, hasAtMostOneRow: false };
}

function termPlace({ expression }: Select["orderBy"][number], outputs: readonly QueryOutput[]): number {
  if (expression.kind === "number") return Number(expression.text) - 1;
  if (expression.kind !== "column" || expression.table !== null) return -1;
  return outputs.findIndex(({ name }) => name?.toLowerCase() === expression.name.text.toLowerCase());
}

function translateBody(body: SelectBody, place: QueryPlace, wanted: Wanted = []): Query {
  if (body.kind === "core") return translateCore(ALONE, body, place, wanted);
  if (body.kind === "values") throw new Untranslatable("it has a clause that is not known");
  const parts = [translateBody(body.left, place, wanted), translateBody(body.right, place, wanted)] as const;
  const [left, right] = parts;
  if (left.outputs.length !== right.outputs.length)
    throw new Untranslatable("the parts of its compound SELECT are of different types");
  const families = left.outputs.map((output, index) => commonFamily(output, right.outputs[index] ?? output));
  const differs = parts.some(({ outputs }) => outputs.some(({ family }, index) => family !== families[index]));
  if (differs) {
    if (wanted.length > 0) throw new Untranslatable("the parts of its compound SELECT are of different types");
    return translateBody(body, place, families);
  }
  if (body.operator !== "UNION ALL")
    for (const output of parts.flatMap(({ outputs }) => outputs)) requireSameEquality(output, "identifies rows by");
  if (
    body.operator !== "UNION ALL" &&
    left.outputs.some((output, index) => isMixed(output) !== isMixed(right.outputs[index] ?? output))
  )
    throw new Untranslatable("its compound SELECT tells texts from integers");
  const outputs = left.outputs.map((output, index) => unitedOutput(output, right.outputs[index] ?? output));
  // INTERSECT binds tighter in PostgreSQL; in SQLite what comes first is done first.
  const isFirst = body.left.kind === "compound" && body.left.operator !== body.operator;
  const first = isFirst ? `(${left.query})` : left.query;
  return { query: `${first}\n${body.operator.toLowerCase()}\n${right.query}`, outputs, hasAtMostOneRow: false };
}

function translateCore(
  { orderBy, limit, takesAny }: Ordered,
  core: SelectCore,
  place: QueryPlace,
  wanted: Wanted,
): Query {
  const members: Member[] = [];
  const scopes = queryScopes(members, core.columns, place, (select, scope) =>
    subqueryOf(select, { ...place, outer: scope }),
  );
  const columns = { ...scopes.columns, windows: core.windows };
  const names = { ...scopes.names, windows: core.windows };
  const noAggregates = { ...names, aggregates: false };
  const derived = (select: Select) => derive(select, place);
  // FROM says what the names of all other clauses stand for.
  const from =
    core.from === null
      ? ""
      : `\nfrom ${translateFrom(core.from, members, { relations: place.relations, scope: names, derive: derived })}`;
  const isDistinct = core.distinct === "DISTINCT";
  const selected = core.columns.flatMap((item) => selectItems(item, members, columns));
  const outputs = selected.map(({ value }, index) => asOutput(value, wanted[index] ?? null));
  if (!takesAny && outputs.some(({ isJsonValue }) => isJsonValue === true))
    throw new Untranslatable("it reads values out of JSON, which may be of another type in PostgreSQL");
  if (isDistinct) for (const output of outputs) requireSameEquality(output, "identifies rows by");
  const where = core.where === null ? "" : `\nwhere ${condition(translate(core.where, noAggregates)).sql}`;
  const grouped = core.groupBy.length === 0 ? null : core.groupBy.map((item) => groupTerm(item, outputs, noAggregates));
  const having = core.having === null ? null : condition(translate(core.having, names));
  const terms = orderBy.map((term) => {
    const piece = orderedValue(term.expression, selected, outputs, names);
    if (isDistinct && !outputs.some(({ sql }) => sql === piece.sql))
      throw new Untranslatable("it orders distinct rows by what it does not select");
    return { piece, sql: orderTerm(term, piece, { isDistinct, isLimited: limit !== null }) };
  });
  const pieces = [...outputs, ...(having === null ? [] : [having]), ...terms.map(({ piece }) => piece)];
  checkGrouping(pieces, grouped, new Set(place.found));
  const isOneRow = hasOneRow({ core, limit, members, outputs, scope: noAggregates });
  if (limit !== null && terms.length === 0 && !isOneRow && !takesAny)
    throw new Untranslatable("it limits rows without an order");
  const order = terms.map(({ sql }) => sql).join(", ");
  const list = outputs.map(({ sql }, index) => renderOutput(sql, selected[index]?.name ?? null, place));
  const parts = [
    `select ${isDistinct ? "distinct " : ""}${list.join(", ")}`,
    from,
    where,
    grouped === null ? "" : `\ngroup by ${grouped.join(", ")}`,
    having === null ? "" : `\nhaving ${having.sql}`,
    order === "" ? "" : `\norder by ${order}`,
    limit === null ? "" : `\n${limitOf(limit, place.statement)}`,
  ];
  return {
    query: parts.join(""),
    outputs: outputs.map((output, index) => selectedOutput(output, selected[index]?.name ?? null)),
    hasAtMostOneRow: isOneRow,
  };
}

/** A COLLATE within an expression goes on to whatever compares the column; which one counts is not known here. */
function selectedOutput(output: TypedSql, name: string | null): QueryOutput {
  const traits = traitsOf(output);
  if (output.isCollatedWithin === true)
    return { ...traits, collation: "said within an expression", name, explicit: true };
  return {
    ...traits,
    name,
    ...(output.explicit === true ? { explicit: true } : {}),
    ...(output.isJsonValue === true ? { isJsonValue: true } : {}),
  };
}

export function subqueryOf(select: Select, place: QueryPlace): Subquery {
  const found: string[] = [];
  const { hasAtMostOneRow, outputs, query } = translateSelect(select, { ...place, found });
  return { sql: query.replaceAll(/\s*\n\s*/g, " "), outputs, outer: found, hasAtMostOneRow };
}

/** SQLite lets columns stand next to aggregates that no GROUP BY names, and takes any row's. */
function checkGrouping(
  items: readonly TypedSql[],
  grouped: readonly string[] | null,
  outer: ReadonlySet<string>,
): void {
  if (grouped === null && !items.some(({ aggregate }) => aggregate)) return;
  const terms = new Set(grouped ?? []);
  const loose = items.some(
    (item) => !terms.has(item.sql) && item.bare.some((column) => !terms.has(column) && !outer.has(column)),
  );
  if (loose) throw new Untranslatable("it selects a column that it does not group by");
}
