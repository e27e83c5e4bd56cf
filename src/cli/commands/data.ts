import { renderCount } from "../../status/render-count.ts";
import { leftOutNote } from "../left-out-note.ts";
import { quarantineNote } from "../quarantine-note.ts";
import { backupDocument, backupOptions, renderBackup } from "../render-backup.ts";
import { renderCheck } from "../render-check.ts";
import type { RunVerb } from "../run.ts";

export const run: RunVerb = async ({ options, output, connections }) => {
  const migration = await connections.migration();
  const verified = options["verify"] !== false;
  const result = verified
    ? await migration.data(backupOptions(options))
    : await migration.data({ ...backupOptions(options), verify: false });
  const quarantine = await quarantineNote(migration, connections.config.rules);
  const leftOut = await leftOutNote(migration);
  const ok = result.ok && quarantine.fine;
  const text =
    "differences" in result
      ? `${result.ok ? "copied, and " : ""}${renderCheck(result)}`
      : `${renderCount(result.rows, "row")} copied and not compared; next: changeover check`;
  output.result(`${text}${quarantine.text}${leftOut.text}${renderBackup(result, connections.source())}`, {
    ...result,
    ...backupDocument(result),
    ok,
    verified,
    quarantined: quarantine.total,
    ...leftOut.document,
  });
  if (result.ok && connections.isEmbedded) {
    await connections.keepEmbedded();
    output.say(`the data is in the embedded PostgreSQL, which stays up: ${await connections.target()}`);
  }
  return ok ? 0 : 1;
};
