import type { ProposedIndex, ProposedKey } from "../../model/proposal.ts";
import type { IndexTerm, SourceIndex } from "../../model/source-schema.ts";
import { defaultName, type NameSpace, takeInAll } from "../names/choose-names.ts";
import { renderName } from "../names/render-name.ts";
import { foldedCase } from "../translate/collation.ts";
import { translateCondition, translateUniqueTerm, translateValue } from "../translate/translate-sql-text.ts";
import { fitsIndex, indexBytes, MAX_INDEX_COLUMNS } from "../types/index-width.ts";
import { withKeptTexts } from "./keep-texts.ts";
import { renamedIndex } from "./renamed-index.ts";
import {
  type ColumnPlan,
  columnPlanOf,
  columnSql,
  indexObject,
  leaveOut,
  type TablePlan,
  tableScope,
} from "./table-plan.ts";
import { uniqueJsonMember } from "./unique-json-member.ts";

export interface IndexDraft {
  readonly uniques: readonly ProposedKey[];
  readonly indexes: readonly ProposedIndex[];
}

/** A table's unique constraints and indexes, partial ones and those on expressions included. */
export function proposeIndexes(plan: TablePlan, names: ReadonlyMap<string, string>, relations: NameSpace): IndexDraft {
  const uniques: ProposedKey[] = [];
  const indexes: ProposedIndex[] = [];
  for (const index of plan.source.indexes) {
    const bytes = bytesOf(plan, index);
    if (index.terms.length > MAX_INDEX_COLUMNS) indexes.push(...proposeWide(plan, index, { names, relations }));
    else if (!fitsIndex(bytes)) indexes.push(...proposeHashed(plan, index, bytes, { names, relations }));
    else if (index.origin === "index" || hasOtherOrder(plan, index))
      indexes.push(...proposeOrdinary(plan, index, { names, relations }));
    else if (index.origin === "unique") {
      const columns = columnsOf(plan, index);
      if (columns.every((name) => name !== undefined)) uniques.push(proposeUnique(plan, columns, relations));
      else indexes.push(...proposeOrdinary(plan, index, { names, relations }));
    }
  }
  return { uniques, indexes };
}

function columnsOf(plan: TablePlan, index: SourceIndex): readonly (string | undefined)[] {
  return index.terms.map(({ column }) => (column === null ? undefined : columnPlanOf(plan, column)?.name));
}

/** Whether it takes texts for equal that PostgreSQL tells apart: no constraint says that. */
function hasOtherOrder(plan: TablePlan, index: SourceIndex): boolean {
  return index.terms.some((term) => isFolded(plan, term) || isTrimmed(plan, term));
}

function proposeUnique(plan: TablePlan, columns: readonly string[], relations: NameSpace): ProposedKey {
  const usual = defaultName(plan.name, columns, "key");
  const name = takeInAll([relations, plan.constraints], usual);
  return { name: name === usual ? null : name, columns };
}

/** More columns than an index of PostgreSQL has. */
function proposeWide(plan: TablePlan, index: SourceIndex, names: NameSources): ProposedIndex[] {
  const hashed = index.unique ? proposeRowHash(plan, index, names) : null;
  if (hashed !== null) return [hashed];
  leaveOut(plan, {
    ...asLost(index),
    object: indexObject(plan, index),
    what: `the ${index.unique ? "UNIQUE index" : "index"} on ${index.terms.length} columns`,
    reason: `PostgreSQL's indexes have at most ${MAX_INDEX_COLUMNS}`,
    sql: index.sql ?? `UNIQUE (${index.terms.map(({ column }) => column ?? "").join(", ")})`,
  });
  return [];
}

function proposeOrdinary(plan: TablePlan, index: SourceIndex, { names, relations }: NameSources): ProposedIndex[] {
  const proposed = proposeIndex(plan, index);
  if (proposed === null) return [];
  const source = index.sql === null ? {} : { source: index.sql };
  if (index.origin === "index") {
    const name = names.get(index.name) ?? index.name;
    if (name !== plan.fold(index.name)) plan.findings.push(renamedIndex(plan, index, name));
    return [{ name, ...proposed, ...source }];
  }
  const isCaseless = index.terms.some((term) => isFolded(plan, term));
  const suffix = index.origin === "unique" ? "key" : isCaseless ? "nocase_key" : "rtrim_key";
  const columns = columnsOf(plan, index).map((column) => column ?? "expr");
  return [{ name: relations.take(defaultName(plan.name, columns, suffix)), ...proposed, ...source }];
}

function proposeIndex(plan: TablePlan, index: SourceIndex): Omit<ProposedIndex, "name"> | null {
  const fail = (reason: string): null => {
    leaveOut(plan, {
      ...asLost(index),
      object: indexObject(plan, index),
      what: `the ${index.unique ? "UNIQUE index" : "index"} ${index.name}`,
      reason,
      sql: index.sql ?? `UNIQUE (${index.terms.map(({ column }) => column ?? "").join(", ")})`,
    });
    return null;
  };
  const terms: string[] = [];
  for (const term of index.terms) {
    const members = index.unique && term.expression !== null ? uniqueJsonMember(plan, term.expression) : null;
    if (members !== null) {
      terms.push(...members.map((member) => `${member}${term.descending ? " desc" : ""}`));
      continue;
    }
    const { sql, reason } = translateTerm(plan, term, index.unique);
    if (sql === null) return fail(reason);
    terms.push(`${sql}${term.descending ? " desc" : ""}`);
  }
  if (index.unique && index.terms.some((term) => isFolded(plan, term))) plan.findings.push(nocase(plan, index));
  if (index.where === null) return { unique: index.unique, terms, where: null };
  const condition = index.where;
  const where = index.unique
    ? withKeptTexts(plan, {}, (scope) => translateCondition(condition, scope))
    : translateCondition(condition, tableScope(plan, { loose: true }));
  return where.sql === null ? fail(where.reason) : { unique: index.unique, terms, where: where.sql };
}

/** Of a unique index that is left out duplicates are the price: someone has to take it. */
function asLost({ unique }: SourceIndex): Pick<Parameters<typeof leaveOut>[1], "code" | "severity" | "hint"> {
  if (!unique) return { code: "INDEX_NOT_TRANSLATED" };
  return {
    code: "UNIQUE_NOT_TRANSLATED",
    severity: "blocking",
    hint:
      "--accept UNIQUE_NOT_TRANSLATED lets it pass; duplicates get in after the cutover then, " +
      "unless you write the index in the migration file as PostgreSQL has it",
  };
}

type Term = { readonly sql: string; readonly reason: null } | { readonly sql: null; readonly reason: string };

function translateTerm(plan: TablePlan, term: IndexTerm, unique: boolean): Term {
  if (term.column !== null) {
    const column = columnPlanOf(plan, term.column);
    if (column === undefined) return { sql: null, reason: `there is no column ${term.column}` };
    return { sql: unique ? uniqueTerm(plan, term, column) : renderName(column.name), reason: null };
  }
  if (term.expression === null) return { sql: null, reason: "it is on the rowid" };
  const { sql, reason } = unique
    ? withKeptTexts(plan, {}, (scope) => translateUniqueTerm(term.expression ?? "", term.collation, scope))
    : translateValue(term.expression, tableScope(plan, { loose: true }));
  return reason === null ? { sql: isCall(sql) ? sql : `(${sql})`, reason } : { sql: null, reason };
}

/** What is unique where the index takes several spellings for one: letters of both cases, trailing spaces. */
function uniqueTerm(plan: TablePlan, term: IndexTerm, column: ColumnPlan): string {
  if (isFolded(plan, term)) return foldedCase(columnSql(column));
  return isTrimmed(plan, term) ? `rtrim(${renderName(column.name)})` : renderName(column.name);
}

function isTrimmed(plan: TablePlan, { column, collation }: IndexTerm): boolean {
  return collation === "RTRIM" && column !== null && columnPlanOf(plan, column)?.type === "text";
}

/** A call of one function needs no parentheses of its own. */
function isCall(sql: string): boolean {
  return /^[a-z_]+\([^()']*\)$/.test(sql);
}

/** Whether a term compares without regard to ASCII case. Only texts do; the index may differ from its column. */
function isFolded(plan: TablePlan, { column, collation }: IndexTerm): boolean {
  return collation === "NOCASE" && column !== null && columnPlanOf(plan, column)?.type === "text";
}

/** How long an entry may be: of an expression that gives texts, as long as those that it uses. */
function bytesOf(plan: TablePlan, index: SourceIndex): number {
  const used = index.terms.flatMap(({ column, expression }) => {
    if (column !== null) return plan.columns.filter(({ source }) => source.name === column);
    let columns: readonly string[] = [];
    translateValue(expression ?? "", tableScope(plan, { loose: !index.unique }), ({ family, bare, sql }) => {
      if ((family === "text" || family === "bytea") && !/\b(substr|left|right)\(/.test(sql)) columns = bare;
      return true;
    });
    return plan.columns.filter((candidate) => columns.includes(renderName(candidate.name)));
  });
  return indexBytes(used.filter(hasLength).map(({ profile }) => profile));
}

function hasLength({ type }: ColumnPlan): boolean {
  return type === "text" || type === "bytea" || type === "jsonb";
}

interface NameSources {
  readonly names: ReadonlyMap<string, string>;
  readonly relations: NameSpace;
}

/** Where values are too long, uniqueness is kept by their hashes; an index that only finds rows is left out. */
function proposeHashed(
  plan: TablePlan,
  index: SourceIndex,
  bytes: number,
  { names, relations }: NameSources,
): ProposedIndex[] {
  const columns = index.terms.map(({ column }) => (column === null ? undefined : columnPlanOf(plan, column)));
  const known = columns.filter((column) => column !== undefined && column.type !== "jsonb");
  const where = index.where === null ? null : translateCondition(index.where, tableScope(plan)).sql;
  const what =
    "the " +
    (index.origin === "unique" ? "UNIQUE constraint" : index.origin === "primary-key" ? "PRIMARY KEY" : "index") +
    ` on ${index.terms.map(({ column }) => column ?? "an expression").join(", ")}`;
  const sql =
    index.sql ??
    `${index.origin === "primary-key" ? "PRIMARY KEY" : "UNIQUE"} ` +
      `(${index.terms.map(({ column }) => column ?? "").join(", ")})`;
  const reason = `values of up to ${bytes} bytes do not fit an index of PostgreSQL`;
  if (!index.unique || known.length < columns.length || (index.where !== null && where === null)) {
    const hint = "write an index on a hash of the column in the migration file, if queries need it";
    leaveOut(plan, {
      ...(index.unique ? asLost(index) : { code: "INDEX_TOO_WIDE", hint }),
      object: indexObject(plan, index),
      what,
      reason,
      sql,
    });
    return [];
  }
  const terms = index.terms.map((term) => {
    const column = columnPlanOf(plan, term.column ?? "");
    if (column === undefined) return "";
    const value = uniqueTerm(plan, term, column);
    return hasLength(column) && column.profile.maxBytes > SHORT ? `md5(${value})` : value;
  });
  plan.findings.push({
    code: "INDEX_TOO_WIDE",
    severity: "warning",
    table: plan.source.name,
    object: { ...indexObject(plan, index), isReplaced: true },
    message: `${what}: ${reason}. A unique index on ${terms.join(", ")} keeps them apart`,
    hint: "compare by that, too, where a query has to be fast: `WHERE md5(x) = md5(…) AND x = …`",
  });
  const name =
    index.origin === "index"
      ? (names.get(index.name) ?? index.name)
      : relations.take(
          defaultName(
            plan.name,
            index.origin === "primary-key" ? [] : known.map((column) => column?.name ?? ""),
            index.origin === "primary-key" ? "pkey" : "key",
          ),
        );
  return [{ name, unique: true, terms, where }];
}

const SHORT = 64;

/**
 * More columns than an index has: one hash of them all keeps rows apart. NULL makes NULL of it, as SQLite does not
 * compare NULLs.
 */
function proposeRowHash(plan: TablePlan, index: SourceIndex, { names, relations }: NameSources): ProposedIndex | null {
  const values = index.terms.map((term) => {
    const column = columnPlanOf(plan, term.column ?? "");
    // Of these types alone the text is the same in every session.
    return column === undefined || !/^(text|bigint|boolean)$/.test(column.type)
      ? null
      : `md5(${uniqueTerm(plan, term, column)}${column.type === "text" ? "" : "::text"})`;
  });
  const where = index.where === null ? null : translateCondition(index.where, tableScope(plan)).sql;
  if (values.includes(null) || (index.where !== null && where === null)) return null;
  plan.findings.push({
    code: "INDEX_TOO_WIDE",
    severity: "warning",
    table: plan.source.name,
    object: { ...indexObject(plan, index), isReplaced: true },
    message:
      `the UNIQUE index on ${index.terms.length} columns: PostgreSQL's indexes have at most ` +
      `${MAX_INDEX_COLUMNS}. A unique index on a hash of all of them keeps rows apart`,
    hint: "nothing to do: queries are not helped by an index on so many columns",
  });
  const name =
    index.origin === "index"
      ? (names.get(index.name) ?? index.name)
      : relations.take(defaultName(plan.name, ["columns"], "key"));
  return { name, unique: true, terms: [`md5(${values.join(" || ")})`], where };
}

function nocase(plan: TablePlan, index: SourceIndex): TablePlan["findings"][number] {
  const column = index.terms.find((term) => isFolded(plan, term))?.column;
  return {
    code: "NOCASE_UNIQUE",
    severity: "info",
    table: plan.source.name,
    ...(column == null ? {} : { column }),
    object: indexObject(plan, index),
    message: `it is unique without regard to case: a unique index on lower(${column ?? ""}) keeps that`,
    hint: "compare by lower() in the application's queries, too: `=` tells cases apart in PostgreSQL",
  };
}
