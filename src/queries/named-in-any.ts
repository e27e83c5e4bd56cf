import { parseStatement } from "../sqlite-sql/parse.ts";
import { SqlSyntaxError } from "../sqlite-sql/syntax-error.ts";
import { tablesNamed } from "./statement-tables.ts";

/** Whether one of the statements names a table. */
export function namedInAny(statements: readonly string[]): (table: string) => boolean {
  const names = new Set<string>();
  for (const sql of statements) for (const name of namesIn(sql)) names.add(name);
  return (table) => names.has(table.toLowerCase());
}

function namesIn(sql: string): ReadonlySet<string> {
  try {
    return tablesNamed(parseStatement(sql));
  } catch (error) {
    if (error instanceof SqlSyntaxError) return new Set();
    throw error;
  }
}
