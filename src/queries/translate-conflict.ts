import { renderName, renderNames } from "../plan/names/render-name.ts";
import { translate } from "../plan/translate/translate-expression.ts";
import { condition, Untranslatable } from "../plan/translate/typed-sql.ts";
import type { Assignment, Insert, Upsert } from "../sqlite-sql/ast.ts";
import { assignedValue } from "./assigned-value.ts";
import type { QueryColumn, QueryTable } from "./query-tables.ts";
import { scopeOf, type WritePlace, type Written } from "./statement-place.ts";

interface ConflictPlace {
  readonly written: Written;
  /** Those that the statement fills. */
  readonly columns: readonly QueryColumn[];
  readonly place: WritePlace;
}

/** OR REPLACE, OR IGNORE and ON CONFLICT as one ON CONFLICT by the table's own keys. */
export function translateConflict(node: Insert, given: ConflictPlace): string {
  const { or, upserts, verb } = node;
  const action = verb === "REPLACE" ? "REPLACE" : or;
  if (action === "ROLLBACK" || action === "FAIL")
    throw new Untranslatable(`OR ${action} says what becomes of the transaction`);
  const [upsert, another] = upserts;
  if (upsert !== undefined) {
    if (another !== undefined) throw new Untranslatable("it has several ON CONFLICT clauses");
    if (action === "REPLACE" || action === "IGNORE") throw new Untranslatable("it has ON CONFLICT next to OR");
    return upserted(upsert, given);
  }
  if (action === "IGNORE") {
    if (given.written.table.hasChecks)
      throw new Untranslatable("it ignores rows that a CHECK refuses, which PostgreSQL does not");
    return "\non conflict do nothing";
  }
  return action === "REPLACE" ? replacing(given) : "";
}

/** REPLACE deletes each row that stands in the way: with one key in question, that row is overwritten. */
function replacing({ columns, written: { table } }: ConflictPlace): string {
  if (table.isReferenced) throw new Untranslatable(`REPLACE deletes the row of ${table.source} that others refer to`);
  const keys = table.uniques.filter((key) => key === null || !isMade(key, table, columns));
  const [key, another] = keys;
  if (key === undefined) return "";
  if (key === null || another !== undefined)
    throw new Untranslatable("REPLACE may delete several rows: the table has several keys");
  const set = table.columns
    .filter(({ isGenerated }) => !isGenerated)
    .map(({ name }) => `${renderName(name)} = excluded.${renderName(name)}`);
  return `\non conflict (${renderNames(key)}) do update set ${set.join(", ")}`;
}

/** The key is the next number: no row has it. */
function isMade(key: readonly string[], { rowid }: QueryTable, columns: readonly QueryColumn[]): boolean {
  return key.length === 1 && key[0] === rowid && !columns.some(({ name }) => name === rowid);
}

function upserted({ set, target, targetWhere, where }: Upsert, { place, written }: ConflictPlace): string {
  const { member, table } = written;
  if (target === null && set === null) return "\non conflict do nothing";
  if (targetWhere !== null) throw new Untranslatable("its ON CONFLICT names a partial index");
  const key = target === null ? onlyKey(table) : target.map(({ expression }) => keyColumn(expression, table));
  const isKey = table.uniques.some((own) => own?.length === key.length && own.every((name) => key.includes(name)));
  if (!isKey) throw new Untranslatable("its ON CONFLICT names columns that are no key in PostgreSQL");
  const on = `\non conflict (${renderNames(key)})`;
  if (set === null) return `${on} do nothing`;
  const excluded = { ...member, alias: "excluded", name: "excluded" };
  const scope = scopeOf([member, excluded], place);
  const test = where === null ? "" : ` where ${condition(translate(where, scope)).sql}`;
  return `${on} do update set ${translateAssignments(
    set,
    table,
    (column, { value }) => assignedValue(value, column, scope).sql,
  )}${test}`;
}

function onlyKey({ uniques }: QueryTable): readonly string[] {
  const [key, another] = uniques;
  if (key == null || another !== undefined) throw new Untranslatable("its ON CONFLICT does not say which key");
  return key;
}

function keyColumn(expression: NonNullable<Upsert["target"]>[number]["expression"], table: QueryTable): string {
  const isOwn =
    expression.kind === "column" &&
    (expression.table === null || expression.table.text.toLowerCase() === table.source.toLowerCase());
  const name = isOwn ? expression.name.text.toLowerCase() : null;
  const found = table.columns.find(({ source }) => source.toLowerCase() === name);
  if (found === undefined) throw new Untranslatable("its ON CONFLICT names something that is no column");
  return found.name;
}

/** The list after SET. */
export function translateAssignments(
  set: readonly Assignment[],
  table: QueryTable,
  sqlOf: (column: QueryColumn, assignment: Assignment) => string,
): string {
  return set
    .map((assignment) => {
      const [only, another] = assignment.columns;
      if (assignment.isRow || only === undefined || another !== undefined)
        throw new Untranslatable("it assigns a row value");
      const column = table.columns.find(({ source }) => source.toLowerCase() === only.text.toLowerCase());
      if (column === undefined || column.isGenerated)
        throw new Untranslatable(`it writes to ${only.text}, which is no column of ${table.source} that moved`);
      return `${renderName(column.name)} = ${sqlOf(column, assignment)}`;
    })
    .join(", ");
}
