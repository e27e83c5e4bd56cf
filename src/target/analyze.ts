import type { TargetTableName } from "../model/mapping.ts";
import { pgTable } from "../quote.ts";
import { inSessions, type Sessions } from "./in-sessions.ts";
import type { TargetSession } from "./target.ts";

/** Has the server count what is in a table, for its planner. What a crash loses of that, autovacuum makes good. */
export function analyze(session: TargetSession, table: TargetTableName): Promise<void> {
  return session.run(`begin; set local synchronous_commit = off; analyze ${pgTable(table)}; commit`);
}

export function analyzeAll(sessions: Sessions, tables: readonly TargetTableName[]): Promise<void> {
  return inSessions(
    sessions,
    tables.map((table) => ({ items: [table] })),
    analyze,
  );
}
