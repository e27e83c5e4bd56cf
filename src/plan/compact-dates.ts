import type { ColumnProfile } from "../model/profile.ts";
import type { SourceColumn } from "../model/schema.ts";
import { sqliteName } from "../quote.ts";
import { type CompactDate, compactDateOf, renderCompactDate } from "../rows/compact-date.ts";
import type { ColumnAnswer } from "./types/column-note.ts";

/** What the integers of a column are if the least and the greatest are dates without signs between their parts; null if they are not. */
export function compactDates({ minInteger, maxInteger }: ColumnProfile): CompactDate | null {
  if (minInteger === null || maxInteger === null) return null;
  const format = compactDateOf(minInteger);
  return format === compactDateOf(maxInteger) ? format : null;
}

/** The expression that reads such dates, for a column of this type; null where the type is none for them. */
export function compactDateAnswer(
  column: Pick<SourceColumn, "name">,
  type: string,
  format: CompactDate,
): ColumnAnswer | null {
  const isDay = /^\s*date\s*$/i.test(type);
  if (format === "seconds" ? !/^\s*timestamp/i.test(type) : !isDay && !/^\s*timestamp/i.test(type)) return null;
  const what = format === "seconds" ? "fourteen digits, as in 20240131123000," : "eight digits, as in 20240131,";
  return {
    description: `${type}; ${what} are read as a ${format === "seconds" ? "date and time" : "date"}`,
    rule: { type, expression: renderCompactDate(sqliteName(column.name), format) },
  };
}
