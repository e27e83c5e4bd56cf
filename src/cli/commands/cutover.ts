import { cutoverOptions } from "../cutover-options.ts";
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
  const result = await migration.cutover(cutoverOptions(options, ends.config));
  if (result.ok) await ends.keepEmbedded();
  const quarantine = await quarantineNoteInTime(migration, ends.config.rules);
  output.result(`${renderCutover(result, ends.isEmbedded ? await ends.target() : null)}${quarantine.text}`, {
    ...cutoverDocument(result),
    quarantined: quarantine.total,
  });
  return result.ok && quarantine.fine ? 0 : 1;
};
