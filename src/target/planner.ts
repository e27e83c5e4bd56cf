import type { TargetStatements } from "./target.ts";

/**
 * Makes PostgreSQL look up each row by an index. The planner knows nothing of the number of keys in a parameter, and
 * would read the full table for each page.
 */
export function preferIndexes(session: TargetStatements): Promise<void> {
  return session.run("set enable_hashjoin = off; set enable_mergejoin = off; set enable_seqscan = off; set jit = off");
}

/**
 * Restores the planner's freedom until the transaction ends, for statements that read or join full tables: nested loops
 * without an index would take hours.
 */
export function allowFullScans(tx: TargetStatements): Promise<void> {
  return tx.run("set local enable_hashjoin = on; set local enable_mergejoin = on; set local enable_seqscan = on");
}
