import { examine } from "../../doctor/examine.ts";
import { renderExamination } from "../../doctor/render-examination.ts";
import type { RunVerb } from "../run-command.ts";

export const run: RunVerb = async ({ output, connections }) => {
  const { source, sourceAuthToken } = connections.config;
  const target = (await connections.hasTarget()) ? { url: await connections.runUrl() } : null;
  const examination = await examine({ source, sourceAuthToken, target });
  output.result(renderExamination(examination), examination);
  return [examination.source, examination.target].some(({ state }) => state === "failed") ? 1 : 0;
};
