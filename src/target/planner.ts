import type { TargetStatements } from "./target.ts";

/** Has PostgreSQL find rows by index, one after the other, where it is told keys of whose number it knows nothing: it would read the whole table for each page. */
export function preferIndexes(session: TargetStatements): Promise<void> {
  return session.run("set enable_hashjoin = off; set enable_mergejoin = off; set enable_seqscan = off; set jit = off");
}

/** Has it choose for itself until the transaction ends, where whole tables are read or joined: each row with each, without an index, would take hours. */
export function planFreely(tx: TargetStatements): Promise<void> {
  return tx.run("set local enable_hashjoin = on; set local enable_mergejoin = on; set local enable_seqscan = on");
}
