import { MAX_DOWNTIME_MS } from "../../api/options.ts";
import { CutoverUndoneError } from "../../api/undone-error.ts";
import { confirmLeftOut, whatCutoverDoes } from "../confirm-left-out.ts";
import { cutoverOptions } from "../cutover-options.ts";
import { leftOutNoteInTime } from "../left-out-note.ts";
import { quarantineNoteInTime } from "../quarantine-note.ts";
import { cutoverDocument, cutoverUndone, renderCutover } from "../render-cutover.ts";
import { rehearsalDocument, renderRehearsal, withCheck } from "../render-rehearsal.ts";
import { checkQueries, refuseFailingQueries, requiredQueries } from "../require-queries.ts";
import type { RunVerb } from "../run-command.ts";

export const run: RunVerb = async ({ options, output, connections }) => {
  const migration = await connections.migration();
  const required = requiredQueries(options, connections.config);
  if (options["dryRun"] === true) {
    const rehearsed = await migration.rehearse({ ...cutoverOptions(options, connections.config), dryRun: true });
    const rehearsal = withCheck(rehearsed, await checkQueries(migration, required));
    output.result(renderRehearsal(rehearsal), rehearsalDocument(rehearsal));
    return rehearsal.ok ? 0 : 1;
  }
  await refuseFailingQueries(migration, required);
  const settings = cutoverOptions(options, connections.config);
  const { maxDowntimeMs = MAX_DOWNTIME_MS } = settings;
  const result = await migration
    .cutover({
      ...settings,
      confirm: confirmLeftOut({
        connections,
        command: "cutover",
        what: whatCutoverDoes(maxDowntimeMs),
        isAlwaysAsked: true,
      }),
    })
    .catch(cutoverUndone);
  const isCutOver = !(result instanceof CutoverUndoneError);
  if (isCutOver) await connections.keepEmbedded();
  const quarantine = await quarantineNoteInTime(migration, connections.config.rules);
  const leftOut = await leftOutNoteInTime(migration);
  const notes = {
    embeddedUrl: connections.isEmbedded ? await connections.target() : null,
    leftOut: leftOut.count,
    quarantined: quarantine.total,
    app: connections.config.app,
  };
  output.result(`${renderCutover(result, notes)}${quarantine.text}${isCutOver ? leftOut.text : ""}`, {
    ...cutoverDocument(result),
    quarantined: quarantine.total,
    ...leftOut.document,
  });
  return isCutOver && quarantine.fine ? 0 : 1;
};
