import { createRequire } from "node:module";
import type * as Parser from "sql-parser-cst";

export type SqlNode = Parser.Node;
export type SqlExpression = Parser.Expr;

let parser: typeof Parser | undefined;

/** Loaded at first use, or when there is nothing else to do: its 6 MB of grammar take a fifth of a second, which most commands need not pay. */
export function loadParser(): typeof Parser {
  parser ??= createRequire(import.meta.url)("sql-parser-cst") as typeof Parser;
  return parser;
}

/** A SQLite expression as a tree; null if it is no SQL that the parser knows. */
export function parseExpression(text: string): SqlNode | null {
  const statement = parseStatement(`SELECT ${text}\n`);
  if (statement?.type !== "select_stmt" || statement.clauses.length !== 1) return null;
  const [clause] = statement.clauses;
  if (clause?.type !== "select_clause" || clause.columns?.items.length !== 1) return null;
  return clause.columns.items[0] ?? null;
}

/** One SQLite statement as a tree; null if it is no SQL that the parser knows. */
export function parseStatement(text: string): SqlNode | null {
  try {
    const { statements } = loadParser().parse(text, { dialect: "sqlite", includeRange: true });
    const [first, ...others] = statements.filter(({ type }) => type !== "empty");
    return first === undefined || others.length > 0 ? null : first;
  } catch {
    return null;
  }
}
