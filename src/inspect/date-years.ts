import { declaredKind } from "../model/declared-type.ts";
import type { ColumnProfile, TableProfile } from "../model/profile.ts";
import type { SourceTable } from "../model/source-schema.ts";
import { sqliteName } from "../quote.ts";
import { sourceRelation } from "../rows/render-relation.ts";
import type { Source } from "../source/source.ts";

/** Of each end of a table. A sample: it only questions what numbers seem to say. */
const ROWS = 200;
const MAX_COLUMNS = 50;

/**
 * Adds the years of the database's ISO dates, where it has numbers in date columns too: a number is another date by
 * another epoch, and the right one lies alongside the others. Reads the first and the last rows, in short snapshots.
 */
export async function withDateYears(
  source: Source,
  tables: readonly SourceTable[],
  profiles: readonly TableProfile[],
): Promise<TableProfile[]> {
  const columnsOf = (profile: TableProfile, isWanted: (column: ColumnProfile) => boolean) => {
    const table = tables.find(({ name }) => name === profile.table);
    return profile.columns.filter((column) => table !== undefined && isDate(table, column.column) && isWanted(column));
  };
  if (!profiles.some((profile) => columnsOf(profile, holdsNumbers).length > 0)) return [...profiles];
  let left = MAX_COLUMNS;
  const added: TableProfile[] = [];
  for (const profile of profiles) {
    const table = tables.find(({ name }) => name === profile.table);
    const dated = columnsOf(profile, holdsIsoTexts).slice(0, left);
    left -= dated.length;
    if (table === undefined || dated.length === 0) {
      added.push(profile);
      continue;
    }
    const years = new Map<string, readonly [number, number]>();
    for (const { column } of dated) {
      const found = await yearsOf(source, table, column);
      if (found !== null) years.set(column, found);
    }
    added.push({
      ...profile,
      columns: profile.columns.map((column) => {
        const found = years.get(column.column);
        return found === undefined ? column : { ...column, years: found };
      }),
    });
  }
  return added;
}

function isDate({ columns }: SourceTable, name: string): boolean {
  const column = columns.find((candidate) => candidate.name === name);
  return column !== undefined && ["date", "timestamp"].includes(declaredKind(column.declaredType));
}

function holdsNumbers({ integers, texts }: ColumnProfile): boolean {
  return integers > 0 && texts === 0;
}

function holdsIsoTexts({ isoDates, isoTimestamps, texts }: ColumnProfile): boolean {
  return texts > 0 && isoDates + isoTimestamps === texts;
}

async function yearsOf(source: Source, table: SourceTable, column: string): Promise<readonly [number, number] | null> {
  const c = `t.${sqliteName(column)}`;
  const rowid = table.rowidAlias ?? table.rowidName;
  const years = `SELECT CAST(substr(${c}, 1, 4) AS INTEGER) AS y FROM ${sourceRelation(table)} AS t`;
  const ends =
    rowid === null
      ? [`${years} LIMIT ${ROWS}`]
      : [
          `${years} ORDER BY t.${sqliteName(rowid)} LIMIT ${ROWS}`,
          `${years} ORDER BY t.${sqliteName(rowid)} DESC LIMIT ${ROWS}`,
        ];
  const sampled = ends.map((end) => `SELECT * FROM (${end})`).join(" UNION ALL ");
  const sql = `SELECT min(y), max(y) FROM (${sampled}) WHERE y BETWEEN 1970 AND 2100`;
  const [row] = await source.read((tx) => tx.rows(sql));
  const [first, last] = row ?? [];
  return first == null || last == null ? null : [Number(first), Number(last)];
}
