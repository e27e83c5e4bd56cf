import { shellWord } from "../quote.ts";
import type { RowBackup } from "../schema/backup/row-guard.ts";
import { renderBytes, renderCount } from "../status/render-count.ts";

/** A line for each backup that `down` or `redo` wrote before it was gone; nothing if there was nothing to lose. */
export function renderRowBackups(backups: readonly RowBackup[], again: string): string {
  return backups.map((backup) => `\n${renderRowBackup(backup, again)}`).join("");
}

function renderRowBackup(backup: RowBackup, again: string): string {
  const what = backup.tables.map(({ table, rows, columns }) =>
    columns === null
      ? `${renderCount(rows, "row")} of ${table}`
      : `${columns.join(", ")} of ${table} (${renderCount(rows, "row")})`,
  );
  return (
    `Backed up first: ${what.join("; ")}: ${backup.directory} (${renderBytes(backup.bytes)}). ` +
    `To have it back: ${again}changeover restore ${shellWord(backup.directory)}`
  );
}
