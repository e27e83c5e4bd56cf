import { randomUUID } from "node:crypto";
import type { Transaction } from "@libsql/client/sqlite3";
import { COMMIT_TABLE } from "../model/change-log.ts";
import { sqliteName } from "../quote.ts";

export interface MarkedCommit {
  /** Whether an error leaves open what became of the commit. */
  readonly isLost: (error: unknown) => boolean;
  /** Whether the transaction with a mark has committed; null where nobody can tell. */
  readonly committed: (mark: string) => Promise<boolean | null>;
}

/** The answer to a COMMIT was lost, and it cannot be found out whether it was done. */
export class CommitUnknown extends Error {}
/** The answer to a COMMIT was lost, and nothing was committed. */
export class CommitLost extends Error {}

/**
 * Commits exactly once. An answer may get lost on its way, so the transaction leaves a mark, by which it is found out
 * whether it was committed. Mark, COMMIT and the end of the stream are one request.
 */
export async function commitMarked(transaction: Transaction, { committed, isLost }: MarkedCommit): Promise<void> {
  const mark = randomUUID();
  // Before capture is installed, there is no table for it.
  const marking = transaction.execute({ sql: `UPDATE ${sqliteName(COMMIT_TABLE)} SET mark = ?`, args: [mark] });
  marking.catch(() => {});
  try {
    await transaction.commit();
  } catch (error) {
    if (!isLost(error)) throw error;
    const isDone = await committed(mark);
    if (isDone === true) return;
    throw isDone === false ? new CommitLost("", { cause: error }) : new CommitUnknown("", { cause: error });
  }
}
