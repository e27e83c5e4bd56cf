import type { Source } from "../db/source.ts";
import { declaredKind } from "../model/declared-type.ts";
import type { ColumnProfile, DateForm, DateForms } from "../model/profile.ts";
import type { SourceColumn, SourceTable } from "../model/schema.ts";
import { sqliteName } from "../quote.ts";
import { dateForm } from "../value/date-form.ts";
import { tableRelation } from "../value/render-relation.ts";
import { eachPage } from "./each-page.ts";

/** Adds what forms of dates a column holds, if it is declared as one and they are not all of one form: a pass over that column alone. */
export async function withDateForms(
  source: Source,
  table: SourceTable,
  profile: ColumnProfile,
): Promise<ColumnProfile> {
  const column = table.columns.find(({ name }) => name === profile.column);
  if (column === undefined || !isDate(column) || isUniform(profile)) return profile;
  return { ...profile, dateForms: await readDateForms(source, table, column) };
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

async function readDateForms(source: Source, table: SourceTable, column: SourceColumn): Promise<DateForms> {
  const c = `(t.${sqliteName(column.name)} COLLATE BINARY)`;
  const counts = new Map<DateForm, number>();
  await eachPage(source, table, async (tx, range) => {
    const rows = await tx.rows(
      `SELECT ${dateForm(c)} AS form, count(*) FROM ${tableRelation(table)} AS t${range.where} GROUP BY 1`,
      range.args,
    );
    return () => {
      for (const [form, count] of rows)
        if (form !== null)
          counts.set(String(form) as DateForm, (counts.get(String(form) as DateForm) ?? 0) + Number(count));
      return true;
    };
  });
  return Object.fromEntries(counts);
}
