import type { ProposedIndex, ProposedKey } from "../model/proposal.ts";
import type { IndexTerm, SourceIndex } from "../model/schema.ts";
import { type NameSpace, takeInAll, usualName } from "./choose-names.ts";
import { renderName } from "./render-name.ts";
import { type TablePlan, columnOf, columnSql, leaveOut, tableScope } from "./table-plan.ts";
import { foldedCase } from "./translate-comparison.ts";
import { translateCondition, translateValue } from "./translate-expression.ts";

export interface IndexDraft {
  readonly uniques: readonly ProposedKey[];
  readonly indexes: readonly ProposedIndex[];
}

/** A table's unique constraints and indexes, partial ones and those on expressions included. */
export function proposeIndexes(plan: TablePlan, names: ReadonlyMap<string, string>, relations: NameSpace): IndexDraft {
  const uniques: ProposedKey[] = [];
  const indexes: ProposedIndex[] = [];
  for (const index of plan.source.indexes) {
    if (index.origin === "primary-key" && !index.terms.some((term) => isFolded(plan, term))) continue;
    if (isTooWide(plan, index)) continue;
    const columns = index.terms.map(({ column }) => (column === null ? undefined : columnOf(plan, column)?.name));
    if (index.origin === "unique" && columns.every((name) => name !== undefined) && !index.terms.some((term) => isFolded(plan, term))) {
      const usual = usualName(plan.name, columns, "key");
      const name = takeInAll([relations, plan.constraints], usual);
      uniques.push({ name: name === usual ? null : name, columns });
      continue;
    }
    const proposed = proposeIndex(plan, index);
    if (proposed === null) continue;
    const suffix = index.origin === "primary-key" ? "nocase_key" : "key";
    const name = index.origin === "index" ? (names.get(index.name) ?? index.name) : relations.take(usualName(plan.name, columns.map((column) => column ?? "expr"), suffix));
    if (index.origin === "index" && name !== plan.fold(index.name)) plan.findings.push(renamedIndex(plan, index, name));
    indexes.push({ name, ...proposed });
  }
  return { uniques, indexes };
}

function proposeIndex(plan: TablePlan, index: SourceIndex): Omit<ProposedIndex, "name"> | null {
  const fail = (reason: string): null => {
    leaveOut(plan, { code: "INDEX_LEFT_OUT", what: `the index ${index.name}`, reason, sql: index.sql ?? `UNIQUE (${index.terms.map(({ column }) => column ?? "").join(", ")})` });
    return null;
  };
  const terms: string[] = [];
  for (const term of index.terms) {
    const { sql, reason } = translateTerm(plan, term, index.unique);
    if (sql === null) return fail(reason);
    terms.push(`${sql}${term.descending ? " desc" : ""}`);
  }
  if (index.unique && index.terms.some((term) => isFolded(plan, term))) plan.findings.push(nocase(plan, index));
  if (index.where === null) return { unique: index.unique, terms, where: null };
  const where = translateCondition(index.where, tableScope(plan));
  return where.sql === null ? fail(where.reason) : { unique: index.unique, terms, where: where.sql };
}

type Term = { readonly sql: string; readonly reason: null } | { readonly sql: null; readonly reason: string };

function translateTerm(plan: TablePlan, term: IndexTerm, unique: boolean): Term {
  if (term.column !== null) {
    const column = columnOf(plan, term.column);
    if (column === undefined) return { sql: null, reason: `there is no column ${term.column}` };
    return { sql: unique && isFolded(plan, term) ? foldedCase(columnSql(column)) : renderName(column.name), reason: null };
  }
  if (term.expression === null) return { sql: null, reason: "it is on the rowid" };
  const { sql, reason } = translateValue(term.expression, { ...tableScope(plan), loose: !unique });
  return reason === null ? { sql: isCall(sql) ? sql : `(${sql})`, reason } : { sql: null, reason };
}

/** A call of one function needs no parentheses of its own. */
function isCall(sql: string): boolean {
  return /^[a-z_]+\([^()']*\)$/.test(sql);
}

/** Whether a term compares without regard to ASCII case. Only texts do; the index may differ from its column. */
function isFolded(plan: TablePlan, { column, collation }: IndexTerm): boolean {
  return collation === "NOCASE" && column !== null && columnOf(plan, column)?.type === "text";
}

/** An entry of a B-tree must fit a third of a page. */
const MOST_BYTES = 2600;

function isTooWide(plan: TablePlan, index: SourceIndex): boolean {
  const bytes = index.terms.reduce((sum, { column }) => {
    const found = column === null ? undefined : columnOf(plan, column);
    return sum + (found?.type === "text" || found?.type === "bytea" || found?.type === "jsonb" ? found.profile.maxBytes : 0);
  }, 0);
  if (bytes <= MOST_BYTES || index.origin === "primary-key") return false;
  leaveOut(plan, {
    code: "INDEX_TOO_WIDE",
    what: `the ${index.origin === "unique" ? "UNIQUE constraint" : "index"} on ${index.terms.map(({ column }) => column ?? "an expression").join(", ")}`,
    reason: `values of up to ${bytes} bytes do not fit an index of PostgreSQL`,
    sql: index.sql ?? `UNIQUE (${index.terms.map(({ column }) => column ?? "").join(", ")})`,
    hint: "write an index on a hash of the column in the migration file, if queries need it",
  });
  return true;
}

function nocase(plan: TablePlan, index: SourceIndex): TablePlan["findings"][number] {
  const column = index.terms.find((term) => isFolded(plan, term))?.column;
  return {
    code: "NOCASE_UNIQUE",
    severity: "info",
    table: plan.source.name,
    ...(column == null ? {} : { column }),
    message: `it is unique without regard to case: a unique index on lower(${column ?? ""}) keeps that`,
    hint: "compare by lower() in the application's queries, too: `=` tells cases apart in PostgreSQL",
  };
}

function renamedIndex(plan: TablePlan, index: SourceIndex, name: string): TablePlan["findings"][number] {
  return { code: "NAME_CHANGED", severity: "info", table: plan.source.name, message: `PostgreSQL does not take the name of the index ${index.name}: it becomes ${name}`, hint: "nothing to do: queries do not name indexes" };
}
