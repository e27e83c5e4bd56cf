import { confirmLeftOut } from "../confirm-left-out.ts";
import { cutoverOptions } from "../cutover-options.ts";
import { leftOutNoteInTime } from "../left-out-note.ts";
import { quarantineNoteInTime } from "../quarantine-note.ts";
import { cutoverDocument, renderCutover } from "../render-cutover.ts";
import { rehearsalDocument, renderRehearsal } from "../render-rehearsal.ts";
import type { RunVerb } from "../run.ts";

export const run: RunVerb = async ({ options, output, ends }) => {
  const migration = await ends.migration();
  if (options["dryRun"] === true) {
    const rehearsal = await migration.rehearse({ ...cutoverOptions(options, ends.config), whole: false });
    output.result(renderRehearsal(rehearsal), rehearsalDocument(rehearsal));
    return rehearsal.ok ? 0 : 1;
  }
  const result = await migration.cutover({
    ...cutoverOptions(options, ends.config),
    confirm: confirmLeftOut({
      ends,
      command: "cutover",
      what: "cuts over: the source refuses writes for good, and PostgreSQL takes over",
      isAlwaysAsked: false,
    }),
  });
  if (result.ok) await ends.keepEmbedded();
  const quarantine = await quarantineNoteInTime(migration, ends.config.rules);
  const leftOut = await leftOutNoteInTime(migration);
  const notes = {
    embeddedUrl: ends.isEmbedded ? await ends.target() : null,
    leftOut: leftOut.count,
    quarantined: quarantine.total,
  };
  output.result(`${renderCutover(result, notes)}${quarantine.text}${result.ok ? leftOut.text : ""}`, {
    ...cutoverDocument(result),
    quarantined: quarantine.total,
    ...leftOut.document,
  });
  return result.ok && quarantine.fine ? 0 : 1;
};
