import { showKeyValue, type Tuple } from "../model/key.ts";
import type { SourceTable } from "../model/source-schema.ts";
import { sqliteName } from "../quote.ts";
import { rawExpression, tupleOf } from "../rows/bind-key.ts";
import { sourceRelation } from "../rows/render-relation.ts";
import type { Source } from "../source/source.ts";
import { EXAMPLE_ROWS } from "./bad-texts.ts";
import { eachPage } from "./each-page.ts";
import type { PageRange } from "./page-range.ts";

/** Bytes of a value that are shown. */
const SHOWN = 200;

/** How many rows `t` of a table meet each of the conditions: one pass, in short snapshots. */
export async function countRows(source: Source, table: SourceTable, conditions: readonly string[]): Promise<number[]> {
  const counts: number[] = [];
  for (let start = 0; start < conditions.length; start += AT_ONCE)
    counts.push(...(await countSome(source, table, conditions.slice(start, start + AT_ONCE))));
  return counts;
}

/** SQLite has at most 2,000 result columns. */
const AT_ONCE = 500;

async function countSome(source: Source, table: SourceTable, conditions: readonly string[]): Promise<number[]> {
  const counts = conditions.map(() => 0);
  const sums = conditions.map((condition) => `sum(coalesce((${condition}), 0) <> 0)`).join(", ");
  await eachPage(source, table, async (tx, range) => {
    const [row = []] = await tx.rows(`SELECT ${sums} FROM ${sourceRelation(table)} AS t${range.where}`, range.args);
    return () => {
      for (const index of counts.keys()) counts[index] = (counts[index] ?? 0) + Number(row[index] ?? 0);
      return true;
    };
  });
  return counts;
}

/** What rows to look for, by what they are named, and which of their values to show. */
export interface RowSearch {
  readonly where: string;
  readonly keys: readonly string[];
  /** A column whose values come along; null for none. */
  readonly show: string | null;
}

export interface FoundRows {
  readonly examples: readonly Tuple[];
  readonly values: readonly string[];
}

/** Keys of up to five rows for each search. */
export async function findRows(
  source: Source,
  table: SourceTable,
  searches: readonly RowSearch[],
): Promise<FoundRows[]> {
  const found = searches.map(() => ({ examples: [] as Tuple[], values: [] as string[] }));
  if (searches.length === 0) return found;
  await eachPage(source, table, async (tx, range) => {
    const page: { readonly index: number; readonly key: Tuple; readonly value: string | null }[] = [];
    for (const [index, search] of searches.entries()) {
      const missing = EXAMPLE_ROWS - (found[index]?.examples.length ?? 0);
      if (missing === 0) continue;
      const rows = await tx.rows(renderSearch(sourceRelation(table), search, range, missing), range.args);
      for (const row of rows)
        page.push({
          index,
          key: tupleOf(row, 0, search.keys.length),
          value: search.show === null ? null : shown(tupleOf(row, 2 * search.keys.length, 1)),
        });
    }
    return () => {
      for (const { index, key, value } of page) {
        found[index]?.examples.push(key);
        if (value !== null) found[index]?.values.push(value);
      }
      return found.some(({ examples }) => examples.length < EXAMPLE_ROWS);
    };
  });
  return found;
}

function renderSearch(relation: string, { where, keys, show }: RowSearch, range: PageRange, limit: number): string {
  const fields = keys
    .map((name) => `t.${sqliteName(name)}`)
    .flatMap((name) => [`typeof(${name})`, rawExpression(name)]);
  const value = show === null ? [] : renderStart(`t.${sqliteName(show)}`);
  return (
    `SELECT ${[...fields, ...value].join(", ")} ` +
    `FROM ${relation} AS t${range.where === "" ? " WHERE" : `${range.where} AND`} (${where}) LIMIT ${limit}`
  );
}

/** A value's storage class and its first bytes. */
function renderStart(c: string): string[] {
  // substr() of no bytes is NULL.
  return [
    `typeof(${c})`,
    `CASE WHEN typeof(${c}) IN ('text','blob') THEN coalesce(substr(CAST(${c} AS BLOB),1,${SHOWN}),x'') ELSE ${c} END`,
  ];
}

function shown([value]: Tuple): string {
  return value === undefined ? "" : showKeyValue(value);
}
