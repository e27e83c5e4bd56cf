import { resolve } from "node:path";
import type { WithBackup } from "../api/results.ts";
import { shellWord } from "../quote.ts";
import type { BackupOptions } from "../run/back-up-source.ts";
import { renderBytes, renderDuration } from "../status/render-count.ts";

/** `--backup` as the library takes it. */
export function backupOptions(options: Readonly<Record<string, unknown>>): BackupOptions {
  return typeof options["backup"] === "string" ? { backup: options["backup"] } : {};
}

/** A line about the backup that was made before all else, and how to go back to it; nothing if there is none. */
export function renderBackup({ backup }: WithBackup, source: string): string {
  if (backup === null) return "";
  const path = resolve(source.replace(/^file:/, ""));
  const sidecars = ["-wal", "-shm", "-journal"].map((ending) => shellWord(`${path}${ending}`)).join(" ");
  return (
    `\nThe source as it was before is in ${backup.file} (${renderBytes(backup.bytes)}, ` +
    `${renderDuration(backup.durationMs)}). To go back to it, with the application stopped: ` +
    `rm -f ${sidecars} && cp ${shellWord(backup.file)} ${shellWord(path)}`
  );
}

/** The same for scripts: nothing where none was asked for. */
export function backupDocument({ backup }: WithBackup): Partial<WithBackup> {
  return backup === null ? {} : { backup };
}
