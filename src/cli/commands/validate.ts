import type { RunVerb } from "../run.ts";
import { renderFindings } from "../render-findings.ts";

export const run: RunVerb = async ({ options, output, ends }) => {
  const migration = await ends.sourceOnly();
  const { ok, findings } = await migration.validate({ showValues: options["showValues"] === true });
  const text = `${renderFindings(findings)}${findings.length === 0 ? "nothing stands in the way" : ok ? "\nnothing of that blocks: changeover full can start" : "\nwhat blocks must be answered first"}`;
  output.result(text.trim(), { ok, findings });
  return ok ? 0 : 1;
};
