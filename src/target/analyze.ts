import type { TargetTableName } from "../model/mapping.ts";
import { pgTable } from "../quote.ts";
import { runInSessions, type Sessions } from "./run-in-sessions.ts";
import type { TargetSession } from "./target.ts";

/**
 * Runs ANALYZE on a table, for the planner. The commit is asynchronous: statistics lost in a crash are renewed by
 * autovacuum.
 */
export function analyze(session: TargetSession, table: TargetTableName): Promise<void> {
  return session.run(`begin; set local synchronous_commit = off; analyze ${pgTable(table)}; commit`);
}

export function analyzeAll(sessions: Sessions, tables: readonly TargetTableName[]): Promise<void> {
  return runInSessions(
    sessions,
    tables.map((table) => ({ items: [table] })),
    analyze,
  );
}
