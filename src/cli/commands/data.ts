import { DifferencesError } from "../../api/differences-error.ts";
import type { CompletedData } from "../../api/results.ts";
import { renderCount } from "../../status/render-count.ts";
import { errorDocument } from "../error-document.ts";
import { leftOutNote } from "../left-out-note.ts";
import { quarantineNote } from "../quarantine-note.ts";
import { backupDocument, backupOptions, renderBackup } from "../render-backup.ts";
import { renderCheck } from "../render-check.ts";
import type { RunVerb } from "../run-command.ts";

export const run: RunVerb = async ({ options, output, connections }) => {
  const migration = await connections.migration();
  const verified = options["verify"] !== false;
  const result = await migration.data({ ...backupOptions(options), verify: verified }).catch(differing);
  const quarantine = await quarantineNote(migration, connections.config.rules);
  const leftOut = await leftOutNote(migration);
  const isCopied = !(result instanceof DifferencesError);
  const ok = isCopied && quarantine.fine;
  output.result(`${describe(result)}${quarantine.text}${leftOut.text}${renderBackup(result, connections.source())}`, {
    ...(isCopied ? { rows: result.rows } : { error: errorDocument(result) }),
    ...result.check,
    ...backupDocument(result),
    ok,
    verified,
    quarantined: quarantine.total,
    ...leftOut.document,
  });
  if (isCopied && connections.isEmbedded) {
    await connections.keepEmbedded();
    output.say(`the data is in the embedded PostgreSQL, which stays up: ${await connections.target()}`);
  }
  return ok ? 0 : 1;
};

/** The comparison that an error carries is shown as a result is. */
function differing(error: unknown): DifferencesError {
  if (error instanceof DifferencesError) return error;
  throw error;
}

function describe(result: CompletedData | DifferencesError): string {
  if (result instanceof DifferencesError) return renderCheck(result.check);
  return result.check === null
    ? `${renderCount(result.rows, "row")} copied and not compared; next: changeover check`
    : `copied, and ${renderCheck(result.check)}`;
}
