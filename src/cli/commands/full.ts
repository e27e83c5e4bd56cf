import { renderDuration } from "../../status/render-count.ts";
import type { RunVerb } from "../run.ts";
import { renderCheck } from "../render-check.ts";
import { cutoverDocument, renderCutover } from "../render-cutover.ts";

export const run: RunVerb = async ({ options, output, ends }) => {
  const started = performance.now();
  const migration = await ends.migration();
  const { maxDowntime } = ends.config;
  const result = await migration.full({ cutover: options["cutover"] !== false, ...(maxDowntime === null ? {} : { maxDowntime }) });
  if (result.kind === "synced") {
    output.result(`${renderCheck(result.check)}\n${result.sync.ended}; next: changeover cutover`, { ...result.check, phase: result.sync.phase, watermark: result.sync.watermark });
    return result.check.ok ? 0 : 1;
  }
  if (result.cutover.ok) await ends.keepEmbedded();
  const took = performance.now() - started;
  output.result(`${renderCutover(result.cutover, ends.isEmbedded ? await ends.target() : null)}\nAll of it took ${renderDuration(took)}.`, { ...cutoverDocument(result.cutover), took_ms: Math.round(took), ...(ends.isEmbedded ? { url: await ends.target() } : {}) });
  return result.cutover.ok ? 0 : 1;
};
