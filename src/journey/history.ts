import type { TargetReader } from "../db/target.ts";
import { type HistoryEntry, hasHistory, listEntries } from "../history/store.ts";
import { isMigrating } from "../migrate/lock.ts";

export interface HistoryOptions {
  /** How many of the last entries. Default: 20. */
  readonly limit?: number;
}

export const HISTORY_LIMIT = 20;

/** Creates nothing: where nothing was done yet, there is no history. */
export async function history(target: TargetReader, options: HistoryOptions): Promise<HistoryEntry[]> {
  if (!(await hasHistory(target))) return [];
  return listEntries(target, { limit: options.limit ?? HISTORY_LIMIT, migrating: await isMigrating(target) });
}
