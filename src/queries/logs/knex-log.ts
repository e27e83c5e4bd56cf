import type { SourceValue } from "../../model/source-value.ts";
import type { QueryStatement } from "../statement.ts";
import { readValues } from "./literals.ts";
import { type LoggerFormat, logged, statementIn } from "./log-format.ts";

/** DEBUG=knex:query,knex:bindings: the statement, then a line with what is bound. */
export const KNEX: LoggerFormat = {
  library: "Knex",
  head: /\bknex:(?=query |bindings )/,
  read: (records) =>
    records.flatMap((record, index): QueryStatement[] => {
      if (!record.startsWith("query ")) return [];
      const next = records[index + 1] ?? "";
      const sql = statementIn(withoutEnd(record.slice("query ".length)));
      const values = next.startsWith("bindings ") ? bound(next.slice("bindings ".length)) : [];
      return [logged(sql, values)].filter((statement) => statement !== null);
    }),
};

/** Values may go over several lines; what the application printed may follow. */
function bound(text: string): readonly SourceValue[] | null {
  const lines = text.split("\n");
  for (let count = 1; count <= lines.length; count++) {
    const own = withoutEnd(lines.slice(0, count).join("\n"));
    const values = own === "undefined" ? [] : readValues(own);
    if (values !== null) return values;
  }
  return null;
}

/** The transaction's name, and how long ago the line before was. */
function withoutEnd(text: string): string {
  return text
    .trimEnd()
    .replace(/ \+\d+(?:ms|[smhd])$/, "")
    .replace(/ (?:undefined|trx\d+)$/, "");
}
