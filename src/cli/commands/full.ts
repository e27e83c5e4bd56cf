import { renderDuration } from "../../status/render-count.ts";
import { cutoverOptions } from "../cutover-options.ts";
import { quarantineNoteInTime } from "../quarantine-note.ts";
import { backupDocument, backupOptions, renderBackup } from "../render-backup.ts";
import { renderCheck } from "../render-check.ts";
import { cutoverDocument, renderCutover } from "../render-cutover.ts";
import type { RunVerb } from "../run.ts";

export const run: RunVerb = async ({ options, output, ends }) => {
  const started = performance.now();
  const migration = await ends.migration();
  const result = await migration.full({
    cutover: options["cutover"] !== false,
    ...cutoverOptions(options, ends.config),
    ...backupOptions(options),
  });
  const backup = renderBackup(result, ends.source());
  const quarantine = await quarantineNoteInTime(migration, ends.config.rules);
  if (result.kind === "synced") {
    const ok = result.check.ok && quarantine.fine;
    output.result(
      `${renderCheck(result.check)}${quarantine.text}${backup}\n${result.sync.ended}; next: changeover cutover`,
      {
        ...result.check,
        ...backupDocument(result),
        ok,
        quarantined: quarantine.total,
        phase: result.sync.phase,
        watermark: result.sync.watermark,
      },
    );
    return ok ? 0 : 1;
  }
  if (result.cutover.ok) await ends.keepEmbedded();
  const took = performance.now() - started;
  output.result(
    `${renderCutover(result.cutover, ends.isEmbedded ? await ends.target() : null)}${quarantine.text}${backup}\nAll of it took ${renderDuration(took)}.`,
    {
      ...cutoverDocument(result.cutover),
      ...backupDocument(result),
      quarantined: quarantine.total,
      took_ms: Math.round(took),
      ...(ends.isEmbedded ? { url: await ends.target() } : {}),
    },
  );
  return result.cutover.ok && quarantine.fine ? 0 : 1;
};
