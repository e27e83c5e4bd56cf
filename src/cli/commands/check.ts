import type { RunVerb } from "../run.ts";
import { renderCheck } from "../render-check.ts";

export const run: RunVerb = async ({ output, ends }) => {
  const migration = await ends.migration();
  const result = await migration.check();
  output.result(renderCheck(result), result);
  return result.ok ? 0 : 1;
};
