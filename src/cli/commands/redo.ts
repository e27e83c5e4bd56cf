import type { RowBackup } from "../../schema/backup/row-guard.ts";
import { renderCount } from "../../status/render-count.ts";
import { confirmUndo } from "../confirm-undo.ts";
import { migrateOptions, undoOptions } from "../migrate-options.ts";
import { renderPlanned } from "../render-planned.ts";
import { renderRowBackups } from "../render-row-backup.ts";
import type { RunVerb } from "../run-command.ts";

export const run: RunVerb = async ({ options, positional, output, connections }) => {
  const asked = migrateOptions(options, positional);
  const migration = await connections.migration("target-only");
  if (options["dryRun"] === true) {
    const planned = await migration.migrations.plan("redo", asked);
    output.result(planned.length === 0 ? "nothing to redo" : renderPlanned(planned), {
      ok: true,
      dryRun: true,
      planned,
    });
    return 0;
  }
  const files = await migration.migrations.forecast("redo", asked);
  const agreed = await confirmUndo(connections, { files, command: "redo", options, say: output.say });
  const backups: RowBackup[] = [];
  const redone = await migration.migrations.redo({
    ...asked,
    ...undoOptions(options),
    ...(agreed === null ? {} : { agreed }),
    onBackup(backup) {
      backups.push(backup);
    },
  });
  output.result(
    redone.length === 0
      ? "nothing to redo"
      : `${renderCount(redone.length, "migration")} undone and applied again: ` +
          `${redone.join(", ")}${renderRowBackups(backups, "")}`,
    { ok: true, redone, backups, files },
  );
  return 0;
};
