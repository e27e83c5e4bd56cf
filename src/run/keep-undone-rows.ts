import type { UndoneFile } from "../schema/backup/forecast-undo.ts";
import { type RowBackup, type RowGuard, rowGuard } from "../schema/backup/row-guard.ts";
import { tableOfPlace } from "../schema/migrate/migration-place.ts";
import { renderBytes, renderCount } from "../status/render-count.ts";
import type { Context } from "./context.ts";

/** What becomes of rows that a migration's undoing takes away. */
export interface UndoOptions {
  /** Where they are backed up to, one directory each. Default: `changeover-backups`. */
  readonly backupDirectory?: string;
  /** Goes on where no backup can be made. */
  readonly force?: boolean;
  /**
   * What was agreed to, as `forecast` gave it: the same migrations, and no values but those. Anything else is refused
   * (DOWN_TAKES_MORE, MIGRATIONS_MOVED_ON). Default: whatever the migrations take away.
   */
  readonly agreed?: readonly UndoneFile[];
  /** Told of a backup, once it is sure that its rows are gone: one for each transaction, which is usually one. */
  readonly onBackup?: (backup: RowBackup) => void;
}

const BACKUPS = "changeover-backups";

/** Runs `work` with a guard that lets no row go without a backup. */
export async function keepingRows<T>(
  context: Context,
  options: UndoOptions,
  work: (keeper: RowGuard) => Promise<T>,
): Promise<T> {
  const made: RowBackup[] = [];
  const keeper = rowGuard({
    directory: options.backupDirectory ?? BACKUPS,
    migrationsTable: tableOfPlace(context.migrations),
    force: options.force === true,
    agreed: options.agreed ?? null,
    report: context.report,
    signal: context.signal,
    onBackup(backup) {
      made.push(backup);
      context.report({
        kind: "step",
        message: `${renderCount(backup.rows, "row")} (${renderBytes(backup.bytes)}) backed up to ${backup.directory}`,
      });
    },
  });
  try {
    const result = await work(keeper);
    for (const backup of made) options.onBackup?.(backup);
    return result;
  } finally {
    await keeper.discard();
  }
}
