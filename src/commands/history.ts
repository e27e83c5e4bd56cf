import { type HistoryEntry, hasHistory, listEntries } from "../run/history/store.ts";
import { isMigrating } from "../schema/migrate/migration-lock.ts";
import type { TargetReader } from "../target/target.ts";

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
