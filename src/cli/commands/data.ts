import type { RunVerb } from "../run.ts";
import { renderCheck } from "../render-check.ts";

export const run: RunVerb = async ({ output, ends }) => {
  const migration = await ends.migration();
  const result = await migration.data();
  output.result(`${result.ok ? "copied, and " : ""}${renderCheck(result)}`, result);
  if (result.ok && ends.isEmbedded) {
    await ends.keepEmbedded();
    output.say(`the data is in the embedded PostgreSQL, which stays up: ${await ends.target()}`);
  }
  return result.ok ? 0 : 1;
};
