import type { ColumnProfile, TableProfile } from "../../src/model/profile.ts";
import type { SourceTable } from "../../src/model/schema.ts";
import { sqliteName } from "../../src/quote.ts";

/** A table's profile as far as the choice of its identity asks: rows and NULLs. */
export function nullProfile(table: SourceTable, firstRow: (sql: string) => readonly unknown[]): TableProfile {
  const counts = table.columns.map(({ name }) => `count(*) - count(${sqliteName(name)})`);
  const [rows, ...nulls] = firstRow(`SELECT count(*), ${counts.join(", ")} FROM ${sqliteName(table.name)}`);
  return { table: table.name, rows: Number(rows), columns: table.columns.map(({ name }, index) => ({ ...NOTHING, column: name, nulls: Number(nulls[index]) })) };
}

const NOTHING: ColumnProfile = {
  column: "",
  nulls: 0,
  integers: 0,
  reals: 0,
  texts: 0,
  blobs: 0,
  minInteger: null,
  maxInteger: null,
  wholeReals: 0,
  infinities: 0,
  notBoolean: 0,
  beyondScale: 0,
  emptyTexts: 0,
  maxTextLength: 0,
  maxBytes: 0,
  nulTexts: 0,
  invalidTexts: 0,
  isoDates: 0,
  isoTimestamps: 0,
  zonedTimestamps: 0,
  isoTimes: 0,
  json: 0,
  jsonContainers: 0,
  jsonRefused: 0,
  uuids: 0,
  lowerUuids: 0,
  inets: 0,
};
