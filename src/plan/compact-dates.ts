import type { ColumnProfile } from "../model/profile.ts";
import type { SourceColumn } from "../model/source-schema.ts";
import { sqliteName } from "../quote.ts";
import {
  COMPACT_DATES,
  COMPACT_EXAMPLES,
  type CompactDate,
  compactDateOf,
  renderCompactDate,
} from "../rows/compact-date.ts";
import type { ColumnAnswer } from "./types/column-note.ts";

/**
 * What the integers of a column are if the least and the greatest are dates without signs between their parts; null if
 * they are not.
 */
export function compactDates({
  minInteger,
  maxInteger,
}: Pick<ColumnProfile, "minInteger" | "maxInteger">): CompactDate | null {
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
  if (!/^\s*timestamp/i.test(type) && !(isDay && format === "days")) return null;
  return {
    description: `${type}; ${COMPACT_EXAMPLES[format]}, are read as a ${format === "days" ? "date" : "date and time"}`,
    rule: { type, expression: renderCompactDate(sqliteName(column.name), format) },
  };
}

/** All such expressions: which of them reads the values is counted before it is offered. */
export function compactDateAnswers(column: Pick<SourceColumn, "name">, type: string): ColumnAnswer[] {
  return COMPACT_DATES.flatMap((format) => compactDateAnswer(column, type, format) ?? []);
}
