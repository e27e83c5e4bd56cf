import type { RunVerb } from "../run.ts";
import { cutoverDocument, renderCutover } from "../render-cutover.ts";

export const run: RunVerb = async ({ output, ends }) => {
  const migration = await ends.migration();
  const { maxDowntime } = ends.config;
  const result = await migration.cutover(maxDowntime === null ? {} : { maxDowntime });
  if (result.ok) await ends.keepEmbedded();
  output.result(renderCutover(result, ends.isEmbedded ? await ends.target() : null), cutoverDocument(result));
  return result.ok ? 0 : 1;
};
