import type { TargetTableName } from "../model/mapping.ts";
import { pgTable } from "../quote.ts";
import { sql } from "../sql.ts";
import { runInSessions, type Sessions } from "./run-in-sessions.ts";
import type { TargetSession } from "./target.ts";

/**
 * Runs ANALYZE on a table, for the planner. The commit is asynchronous: statistics lost in a crash are renewed by
 * autovacuum.
 */
export function analyze(session: TargetSession, table: TargetTableName): Promise<void> {
  return session.transaction(
    async (tx) => {
      await tx.rows(sql("target/statistics-sample"), [pgTable(table)]);
      await tx.run(`analyze ${pgTable(table)}`);
    },
    { isDurable: false },
  );
}

export function analyzeAll(sessions: Sessions, tables: readonly TargetTableName[]): Promise<void> {
  return runInSessions(
    sessions,
    tables.map((table) => ({ items: [table] })),
    analyze,
  );
}
