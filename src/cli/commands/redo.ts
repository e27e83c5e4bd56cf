import type { RowBackup } from "../../schema/backup/row-guard.ts";
import { renderCount } from "../../status/render-count.ts";
import { migrateOptions, undoOptions } from "../migrate-options.ts";
import { renderPlanned } from "../render-planned.ts";
import { renderRowBackups } from "../render-row-backup.ts";
import type { RunVerb } from "../run-command.ts";

export const run: RunVerb = async ({ options, positional, output, connections }) => {
  const asked = migrateOptions(options, positional);
  const migration = await connections.migration("target-only");
  const planned = await migration.migrations.plan("redo", asked);
  if (options["dryRun"] === true) {
    output.result(planned.length === 0 ? "nothing to redo" : renderPlanned(planned), {
      ok: true,
      dryRun: true,
      planned,
    });
    return 0;
  }
  const filled = planned.length === 0 ? [] : await migration.migrations.filledTables();
  const names = planned.filter(({ direction }) => direction === "up").map(({ name }) => name);
  if (filled.length > 0)
    await connections.confirm(
      `removes and makes again what ${names.join(", ")} made, and rows are in ` +
        `${filled.join(", ")}${options["force"] === true ? "" : " (those that go are backed up first)"}`,
    );
  const backups: RowBackup[] = [];
  const redone = await migration.migrations.redo({
    ...asked,
    ...undoOptions(options),
    onBackup(backup) {
      backups.push(backup);
    },
  });
  output.result(
    redone.length === 0
      ? "nothing to redo"
      : `${renderCount(redone.length, "migration")} undone and applied again: ` +
          `${redone.join(", ")}${renderRowBackups(backups, "")}`,
    { ok: true, redone, backups },
  );
  return 0;
};
