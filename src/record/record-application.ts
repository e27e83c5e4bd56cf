import { resolve } from "node:path";
import { loadLibrary, loadNodeSqlite } from "./find-libraries.ts";
import { recordCallbacks, recordSynchronous, recordTagged } from "./record-library.ts";
import { StatementLog } from "./statement-log.ts";

const WRITE_EVERY_MS = 5_000;

/**
 * Records every library of SQLite that the application has. `CHANGEOVER_RECORD_FILE` names the file, and
 * `CHANGEOVER_RECORD=with-values` keeps what is bound.
 */
export function recordApplication(environment: Readonly<Record<string, string | undefined>>, directory: string): void {
  const log = new StatementLog({
    file: resolve(directory, environment["CHANGEOVER_RECORD_FILE"] ?? `changeover-statements.${process.pid}.jsonl`),
    withValues: environment["CHANGEOVER_RECORD"] === "with-values",
  });
  for (const library of [
    memberOf(loadNodeSqlite(), "DatabaseSync"),
    loadLibrary("better-sqlite3"),
    loadLibrary("libsql"),
    loadLibrary("libsql", ["@libsql/client"]),
  ])
    recordClass(library, log);
  const sqlite3 = loadLibrary("sqlite3");
  const [database, statement] = [
    prototypeOf(memberOf(sqlite3, "Database")),
    prototypeOf(memberOf(sqlite3, "Statement")),
  ];
  if (database !== null && statement !== null) recordCallbacks(database, statement, log);
  // Often, so that a process that is killed leaves all but the last seconds.
  setInterval(() => log.write(), WRITE_EVERY_MS).unref();
  process.on("exit", () => log.write());
}

const recorded = new WeakSet<object>();

function recordClass(library: unknown, log: StatementLog): void {
  const prototype = prototypeOf(library);
  if (prototype === null || recorded.has(prototype)) return;
  recorded.add(prototype);
  recordSynchronous(prototype, log);
  recordTagged(prototype, log);
}

function memberOf(library: unknown, name: string): unknown {
  return typeof library === "object" && library !== null ? (library as Record<string, unknown>)[name] : null;
}

function prototypeOf(library: unknown): Record<string, unknown> | null {
  return typeof library === "function" ? (library.prototype as Record<string, unknown>) : null;
}
