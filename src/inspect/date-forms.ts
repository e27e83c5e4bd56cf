import type { Source } from "../db/source.ts";
import { declaredKind } from "../model/declared-type.ts";
import type { ColumnProfile, DateForm, DateForms } from "../model/profile.ts";
import type { SourceColumn, SourceTable } from "../model/schema.ts";
import { sqliteName } from "../quote.ts";
import type { BoundKey } from "../value/bind-key.ts";
import { dateForm } from "../value/date-form.ts";
import { tableRelation } from "../value/render-relation.ts";
import { nextRange, pageKey } from "./page-range.ts";

const ROWS = 20_000;

/** Adds what forms of dates a column holds, if it is declared as one and they are not all of one form: a pass over that column alone. */
export async function withDateForms(source: Source, table: SourceTable, profile: ColumnProfile): Promise<ColumnProfile> {
  const column = table.columns.find(({ name }) => name === profile.column);
  if (column === undefined || !isDate(column) || isUniform(profile)) return profile;
  return { ...profile, dateForms: await readDateForms(source, table, column) };
}

function isDate(column: SourceColumn): boolean {
  return ["date", "timestamp"].includes(declaredKind(column.declaredType));
}

function isUniform({ integers, reals, texts, blobs, isoDates, isoTimestamps, zonedTimestamps }: ColumnProfile): boolean {
  const values = integers + reals + texts + blobs;
  return [0, isoDates, isoTimestamps - zonedTimestamps, zonedTimestamps].includes(values);
}

async function readDateForms(source: Source, table: SourceTable, column: SourceColumn): Promise<DateForms> {
  const key = pageKey(table);
  const c = `(t.${sqliteName(column.name)} COLLATE BINARY)`;
  const counts = new Map<DateForm, number>();
  for (let after: BoundKey | null = null, more = true; more; ) {
    const page = await source.read(async (tx) => {
      const range = await nextRange(tx, table.name, key, after, ROWS);
      const rows = await tx.rows(`SELECT ${dateForm(c)} AS form, count(*) FROM ${tableRelation(table)} AS t${range.where} GROUP BY 1`, range.args);
      return { rows, last: range.last };
    });
    for (const [form, count] of page.rows) if (form !== null) counts.set(String(form) as DateForm, (counts.get(String(form) as DateForm) ?? 0) + Number(count));
    after = page.last;
    more = after !== null;
  }
  return Object.fromEntries(counts);
}
