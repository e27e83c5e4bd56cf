import type { Migration } from "../migration.ts";
import type { RowBackup } from "../schema/backup/row-guard.ts";
import { renderCount } from "../status/render-count.ts";
import { confirmUndo } from "./confirm-undo.ts";
import { migrateOptions, undoOptions } from "./migrate-options.ts";
import { renderPlanned } from "./render-planned.ts";
import { renderRowBackups } from "./render-row-backup.ts";
import type { CommandContext } from "./run-command.ts";

/** What `down` and `redo` say otherwise. */
const WORDS = {
  down: { key: "undone", did: "undone", again: "changeover up && " },
  redo: { key: "redone", did: "undone and applied again", again: "" },
} as const;

/** `down` and `redo`: shows what goes, asks, undoes, and names the backups. */
export async function runUndo(
  { connections, options, output, positional }: CommandContext,
  { migrations }: Pick<Migration, "migrations">,
  command: keyof typeof WORDS,
): Promise<0> {
  const asked = migrateOptions(options, positional, connections.config);
  const { again, did, key } = WORDS[command];
  const nothing = `nothing to ${command === "down" ? "undo" : "redo"}`;
  if (options["dryRun"] === true) {
    const planned = await migrations.plan(command, asked);
    output.result(planned.length === 0 ? nothing : renderPlanned(planned), { ok: true, dryRun: true, planned });
    return 0;
  }
  const files = await migrations.forecast(command, asked);
  const agreed = await confirmUndo(connections, { files, command, options, say: output.say });
  const backups: RowBackup[] = [];
  const names = await migrations[command]({
    ...asked,
    ...undoOptions(options),
    ...(agreed === null ? {} : { agreed }),
    onBackup(backup) {
      backups.push(backup);
    },
  });
  output.result(
    names.length === 0
      ? nothing
      : `${renderCount(names.length, "migration")} ${did}: ${names.join(", ")}${renderRowBackups(backups, again)}`,
    { ok: true, [key]: names, backups, files },
  );
  return 0;
}
