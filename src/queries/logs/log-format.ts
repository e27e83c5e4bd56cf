import type { SourceValue } from "../../model/source-value.ts";
import { parseStatement } from "../../sqlite-sql/parse.ts";
import { SqlSyntaxError } from "../../sqlite-sql/syntax-error.ts";
import type { QueryStatement } from "../statement.ts";

/** How a library writes the statements that it sends into its log. */
export interface LoggerFormat {
  readonly library: string;
  /** What a record begins with, in any place of its first line. */
  readonly head: RegExp;
  /** The statements of its records; each begins behind its head. */
  readonly read: (records: readonly string[]) => QueryStatement[];
}

/** A format whose records have one statement each. */
export function readEach(read: (record: string) => QueryStatement | null): LoggerFormat["read"] {
  return (records) => records.flatMap((record) => read(record) ?? []);
}

/** Other lines of a log may follow a statement: the longest beginning that is one. */
export function statementIn(text: string): string | null {
  const lines = text.trim().split("\n");
  for (let count = Math.min(lines.length, MOST_LINES); count > 0; count--) {
    const sql = lines.slice(0, count).join("\n").trim();
    if (isStatement(sql)) return sql;
  }
  return null;
}

const MOST_LINES = 200;

export function isStatement(sql: string): boolean {
  try {
    parseStatement(sql);
    return true;
  } catch (error) {
    if (error instanceof SqlSyntaxError) return false;
    throw error;
  }
}

/** A statement whose values are known, are not, or are none. */
export function logged(sql: string | null, parameters: readonly SourceValue[] | null): QueryStatement | null {
  if (sql === null) return null;
  return parameters === null ? { sql } : { sql, parameters };
}
