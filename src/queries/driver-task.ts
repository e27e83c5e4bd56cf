import type { Statement } from "../sqlite-sql/ast.ts";
import { walkStatement } from "./walk-statement.ts";

const TASKS: Readonly<Partial<Record<Statement["kind"], string>>> = {
  begin: "a transaction begins by the driver's own way; PostgreSQL knows BEGIN, but neither IMMEDIATE nor EXCLUSIVE",
  commit: "a transaction ends by the driver's own way",
  rollback: "a transaction ends by the driver's own way",
  savepoint: "PostgreSQL has savepoints, too: leave them to the driver",
  release: "PostgreSQL has savepoints, too: leave them to the driver",
  pragma: "PRAGMA sets SQLite itself: PostgreSQL needs none, or another setting",
  attach: "PostgreSQL has schemas in place of attached files",
  detach: "PostgreSQL has schemas in place of attached files",
  vacuum: "autovacuum does it",
  analyze: "autovacuum does it",
  reindex: "PostgreSQL needs it rarely: REINDEX is there, too",
  explain: "PostgreSQL's EXPLAIN has another form",
};

const FUNCTIONS: Readonly<Record<string, string>> = {
  last_insert_rowid: "INSERT … RETURNING gives the id that was made",
  changes: "the driver tells how many rows a statement wrote",
  total_changes: "the driver tells how many rows a statement wrote",
  sqlite_version: "it asks about SQLite itself",
  load_extension: "it asks for an extension of SQLite",
};

/** What a statement leaves to the driver; null if it is one for the database. */
export function driverTask(statement: Statement): string | null {
  const task = TASKS[statement.kind];
  if (task !== undefined) return task;
  let reason: string | null = null;
  walkStatement(statement, (node) => {
    if (node.kind !== "call") return;
    const name = node.name.text.toLowerCase();
    if (Object.hasOwn(FUNCTIONS, name)) reason ??= FUNCTIONS[name] ?? null;
  });
  return reason;
}
