import { cutoverOptions } from "../cutover-options.ts";
import { rehearsalDocument, renderRehearsal } from "../render-rehearsal.ts";
import type { RunVerb } from "../run.ts";

export const run: RunVerb = async ({ options, output, ends }) => {
  const migration = await ends.migration();
  const rehearsal = await migration.rehearse(cutoverOptions(options, ends.config));
  output.result(renderRehearsal(rehearsal), rehearsalDocument(rehearsal));
  return rehearsal.ok ? 0 : 1;
};
