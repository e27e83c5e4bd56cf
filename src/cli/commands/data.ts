import { quarantineNote } from "../quarantine-note.ts";
import { backupDocument, backupOptions, renderBackup } from "../render-backup.ts";
import type { RunVerb } from "../run.ts";
import { renderCheck } from "../render-check.ts";

export const run: RunVerb = async ({ options, output, ends }) => {
  const migration = await ends.migration();
  const result = await migration.data(backupOptions(options));
  const quarantine = await quarantineNote(migration, ends.config.rules);
  const ok = result.ok && quarantine.fine;
  output.result(`${result.ok ? "copied, and " : ""}${renderCheck(result)}${quarantine.text}${renderBackup(result, ends.source())}`, { ...result, ...backupDocument(result), ok, quarantined: quarantine.total });
  if (result.ok && ends.isEmbedded) {
    await ends.keepEmbedded();
    output.say(`the data is in the embedded PostgreSQL, which stays up: ${await ends.target()}`);
  }
  return ok ? 0 : 1;
};
