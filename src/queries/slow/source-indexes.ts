import type { SourceIndex } from "../../model/source-schema.ts";
import type { Statement } from "../../sqlite-sql/ast.ts";
import type { QueryTable, QueryTables } from "../query-tables.ts";
import { walkStatement } from "../walk-statement.ts";

/** An index by which SQLite found rows: one of the schema, or one that it made for the statement alone. */
export interface UsedIndex {
  readonly table: QueryTable;
  /** Null where SQLite made it for the statement. */
  readonly name: string | null;
  readonly terms: readonly UsedTerm[];
}

export interface UsedTerm {
  /** As PostgreSQL names it. */
  readonly column: string;
  /** It does not tell `a` from `A`. */
  readonly isFolded: boolean;
}

/** What `EXPLAIN QUERY PLAN` says of indexes. Those on expressions and partial ones are left out. */
export function usedIndexes(details: readonly string[], statement: Statement, tables: QueryTables): UsedIndex[] {
  const named = namesOf(statement, tables);
  return details.flatMap((detail) => {
    const match =
      /^(?:SEARCH|SCAN) (.+?) USING (AUTOMATIC )?(?:PARTIAL )?(?:COVERING )?INDEX (?:(.+?) ?)?(?:\((.*)\))?$/.exec(
        detail,
      );
    if (match === null) return [];
    const [, alias = "", automatic, index = "", searched = ""] = match;
    const table = named.get(alias.toLowerCase());
    if (table === undefined) return [];
    const found = table.definition.indexes.find(({ name }) => name === index);
    const terms = automatic === undefined ? termsOf(found, table) : madeTerms(searched, table);
    return terms === null || terms.length === 0 ? [] : [{ table, name: found?.name ?? null, terms }];
  });
}

/** Tables by the names under which the plan speaks of them. */
function namesOf(statement: Statement, tables: QueryTables): ReadonlyMap<string, QueryTable> {
  const found = new Map<string, QueryTable>();
  walkStatement(statement, (node) => {
    const { alias, kind, table } = node as unknown as NamedTable;
    if (kind !== "table" || typeof table !== "object" || table === null) return;
    const known = tables.get(String(table.name?.text ?? "").toLowerCase());
    if (known !== undefined) found.set(String(alias?.text ?? known.source).toLowerCase(), known);
  });
  return found;
}

interface NamedTable {
  readonly kind: string;
  readonly alias?: { readonly text?: string } | null;
  readonly table?: { readonly name?: { readonly text?: string } } | null;
}

function termsOf(index: SourceIndex | undefined, table: QueryTable): UsedTerm[] | null {
  if (index === undefined || index.where !== null) return null;
  const terms = index.terms.map(({ collation, column }) => {
    const found = column === null ? undefined : table.columns.find(({ source }) => source === column);
    return found === undefined ? null : { column: found.name, isFolded: collation === "NOCASE" };
  });
  return terms.some((term) => term === null) ? null : terms.filter((term) => term !== null);
}

/** `user_id=? AND state=?` */
function madeTerms(searched: string, table: QueryTable): UsedTerm[] {
  return [...searched.matchAll(/(\w+)[=<>]/g)].flatMap(([, name = ""]) => {
    const found = table.columns.find(({ source }) => source.toLowerCase() === name.toLowerCase());
    return found === undefined ? [] : [{ column: found.name, isFolded: found.collation === "NOCASE" }];
  });
}
