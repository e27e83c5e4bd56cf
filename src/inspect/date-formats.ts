import { declaredKind } from "../model/declared-type.ts";
import type { ColumnProfile, DateFormat, DateFormats } from "../model/profile.ts";
import type { SourceColumn, SourceTable } from "../model/source-schema.ts";
import { sqliteName } from "../quote.ts";
import { dateFormat } from "../rows/date-format.ts";
import { sourceRelation } from "../rows/render-relation.ts";
import type { Source } from "../source/source.ts";
import { eachPage } from "./each-page.ts";

/** Adds the counts of date formats of a column declared as a date, if it has several: a pass over that column alone. */
export async function withDateFormats(
  source: Source,
  table: SourceTable,
  profile: ColumnProfile,
): Promise<ColumnProfile> {
  const column = table.columns.find(({ name }) => name === profile.column);
  if (column === undefined || !isDate(column) || isUniform(profile)) return profile;
  return { ...profile, dateFormats: await readDateFormats(source, table, column) };
}

function isDate(column: SourceColumn): boolean {
  return ["date", "timestamp"].includes(declaredKind(column.declaredType));
}

function isUniform({
  integers,
  reals,
  texts,
  blobs,
  isoDates,
  isoTimestamps,
  zonedTimestamps,
}: ColumnProfile): boolean {
  const values = integers + reals + texts + blobs;
  return [0, isoDates, isoTimestamps - zonedTimestamps, zonedTimestamps].includes(values);
}

async function readDateFormats(source: Source, table: SourceTable, column: SourceColumn): Promise<DateFormats> {
  const c = `(t.${sqliteName(column.name)} COLLATE BINARY)`;
  const counts = new Map<DateFormat, number>();
  await eachPage(source, table, async (tx, range) => {
    const rows = await tx.rows(
      `SELECT ${dateFormat(c)} AS format, count(*) FROM ${sourceRelation(table)} AS t${range.where} GROUP BY 1`,
      range.args,
    );
    return () => {
      for (const [format, count] of rows)
        if (format !== null)
          counts.set(String(format) as DateFormat, (counts.get(String(format) as DateFormat) ?? 0) + Number(count));
      return true;
    };
  });
  return Object.fromEntries(counts);
}
