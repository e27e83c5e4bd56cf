import { type RowBackup, type RowKeeper, keepRows } from "../backup/keep-rows.ts";
import { renderBytes, renderCount } from "../status/render-count.ts";
import type { Context } from "./context.ts";

/** What becomes of rows that a migration's undoing takes away. */
export interface UndoOptions {
  /** Where they are backed up to, one directory each. Default: `changeover-backups`. */
  readonly backupDirectory?: string;
  /** Goes on where no backup can be made. */
  readonly force?: boolean;
  /** Told of the backup, once it is sure that its rows are gone. */
  readonly onBackup?: (backup: RowBackup) => void;
}

export const BACKUPS = "changeover-backups";

/** Runs `work` with a guard that lets no row go without a backup. */
export async function keepingRows<T>(context: Context, options: UndoOptions, work: (keeper: RowKeeper) => Promise<T>): Promise<T> {
  let made: RowBackup | null = null;
  const keeper = keepRows({
    directory: options.backupDirectory ?? BACKUPS,
    force: options.force === true,
    report: context.report,
    signal: context.signal,
    onBackup(backup) {
      made = backup;
      context.report({ kind: "step", message: `${renderCount(backup.rows, "row")} (${renderBytes(backup.bytes)}) backed up to ${backup.directory}` });
    },
  });
  try {
    const result = await work(keeper);
    if (made !== null) options.onBackup?.(made);
    return result;
  } finally {
    await keeper.discard();
  }
}
