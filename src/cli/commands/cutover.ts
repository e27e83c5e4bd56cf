import { quarantineNote } from "../quarantine-note.ts";
import type { RunVerb } from "../run.ts";
import { cutoverDocument, renderCutover } from "../render-cutover.ts";

export const run: RunVerb = async ({ output, ends }) => {
  const migration = await ends.migration();
  const { maxDowntime } = ends.config;
  const result = await migration.cutover(maxDowntime === null ? {} : { maxDowntime });
  if (result.ok) await ends.keepEmbedded();
  const quarantine = await quarantineNote(migration, ends.config.rules);
  output.result(`${renderCutover(result, ends.isEmbedded ? await ends.target() : null)}${quarantine.text}`, { ...cutoverDocument(result), quarantined: quarantine.total });
  return result.ok && quarantine.fine ? 0 : 1;
};
