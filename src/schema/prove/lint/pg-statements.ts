import type { Node } from "libpg-query";
import { messageOf } from "../../../errors.ts";
import type { MigrationSql } from "../../migrate/render-migration.ts";

export interface PgStatement {
  readonly node: Node;
  /** As written, without leading comments. */
  readonly sql: string;
  /** Where it begins in the SQL of its step. */
  readonly at: number;
  /** Line in the migration file; null if a script built it. */
  readonly line: number | null;
}

export type ParsedStatements =
  | { readonly statements: readonly PgStatement[] }
  | { readonly unreadable: string; readonly line: number | null };

/** Parses the statements of a migration with PostgreSQL's own parser. */
export async function parsePgStatements({ steps }: MigrationSql): Promise<ParsedStatements> {
  // Loaded on use: 40 ms of WebAssembly, which no other command needs.
  const { loadModule, parseSync } = await import("libpg-query");
  await loadModule();
  const statements: PgStatement[] = [];
  for (const { line, sql } of steps) {
    const bytes = Buffer.from(sql, "utf8");
    try {
      for (const { stmt, stmt_len: length, stmt_location: start = 0 } of parseSync(sql).stmts ?? []) {
        if (stmt === undefined) continue;
        const text = bytes
          .subarray(start, length === undefined || length === 0 ? bytes.length : start + length)
          .toString("utf8");
        const blank = /^(?:\s+|--[^\n]*|\/\*[\s\S]*?\*\/)*/.exec(text)?.[0] ?? "";
        const before = `${bytes.subarray(0, start).toString("utf8")}${blank}`;
        statements.push({
          node: stmt,
          sql: text.slice(blank.length).trim(),
          at: before.length,
          line: lineOf(line, before),
        });
      }
    } catch (error) {
      const position = (error as { sqlDetails?: { cursorPosition?: number } }).sqlDetails?.cursorPosition ?? 0;
      return { unreadable: messageOf(error), line: lineOf(line, [...sql].slice(0, position).join("")) };
    }
  }
  return { statements };
}

function lineOf(first: number | null, before: string): number | null {
  return first === null ? null : first + before.split("\n").length - 1;
}
