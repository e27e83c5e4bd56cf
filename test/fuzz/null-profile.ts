import { NOTHING_SEEN, type TableProfile } from "../../src/model/profile.ts";
import type { SourceTable } from "../../src/model/source-schema.ts";
import { sqliteName } from "../../src/quote.ts";

/** A table's profile as far as the choice of its identity asks: rows and NULLs. */
export function nullProfile(table: SourceTable, firstRow: (sql: string) => readonly unknown[]): TableProfile {
  const counts = table.columns.map(({ name }) => `count(*) - count(${sqliteName(name)})`);
  const [rows, ...nulls] = firstRow(`SELECT count(*), ${counts.join(", ")} FROM ${sqliteName(table.name)}`);
  return {
    table: table.name,
    rows: Number(rows),
    columns: table.columns.map(({ name }, index) => ({ ...NOTHING_SEEN, column: name, nulls: Number(nulls[index]) })),
  };
}
