import type { RowBackup } from "../../schema/backup/row-guard.ts";
import { renderCount } from "../../status/render-count.ts";
import { confirmUndo } from "../confirm-undo.ts";
import { howFar } from "../how-far.ts";
import { migrateOptions, undoOptions } from "../migrate-options.ts";
import { renderPlanned } from "../render-planned.ts";
import { renderRowBackups } from "../render-row-backup.ts";
import type { RunVerb } from "../run-command.ts";

export const run: RunVerb = async ({ options, positional, output, connections }) => {
  const asked = migrateOptions(options, positional);
  const migration = await connections.migration("target-only");
  if (options["print"] === true) {
    const { migrations, sql } = await migration.migrations.rollbackFile(
      howFar(positional[0], options["timestamp"] === true),
    );
    output.result(sql.trimEnd(), { ok: true, migrations, sql });
    return 0;
  }
  if (options["dryRun"] === true) {
    const planned = await migration.migrations.plan("down", asked);
    output.result(planned.length === 0 ? "nothing to undo" : renderPlanned(planned), {
      ok: true,
      dryRun: true,
      planned,
    });
    return 0;
  }
  const files = await migration.migrations.forecast("down", asked);
  const agreed = await confirmUndo(connections, { files, command: "down", options, say: output.say });
  const backups: RowBackup[] = [];
  const undone = await migration.migrations.down({
    ...asked,
    ...undoOptions(options),
    ...(agreed === null ? {} : { agreed }),
    onBackup(backup) {
      backups.push(backup);
    },
  });
  output.result(
    undone.length === 0
      ? "nothing to undo"
      : `${renderCount(undone.length, "migration")} undone: ` +
          `${undone.join(", ")}${renderRowBackups(backups, "changeover up && ")}`,
    { ok: true, undone, backups, files },
  );
  return 0;
};
