import type { RowBackup } from "../backup/keep-rows.ts";
import { shellWord } from "../quote.ts";
import { renderBytes, renderCount } from "../status/render-count.ts";

/** A line about what `down` or `redo` wrote before it was gone; nothing if there was nothing to lose. */
export function renderRowBackup(backup: RowBackup | null, again: string): string {
  if (backup === null) return "";
  const what = backup.tables.map(({ table, rows, columns }) => (columns === null ? `${renderCount(rows, "row")} of ${table}` : `${columns.join(", ")} of ${table} (${renderCount(rows, "row")})`));
  return `\nBacked up first: ${what.join("; ")}: ${backup.directory} (${renderBytes(backup.bytes)}). To have it back: ${again}changeover restore ${shellWord(backup.directory)}`;
}

export function rowBackupDocument(backup: RowBackup | null): { readonly backup: RowBackup | null } {
  return { backup };
}
