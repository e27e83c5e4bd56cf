import { MAX_DOWNTIME_MS } from "../../migration.ts";
import { renderDuration } from "../../status/render-count.ts";
import { confirmLeftOut, whatFullDoes } from "../confirm-left-out.ts";
import { cutoverOptions } from "../cutover-options.ts";
import { leftOutNoteInTime } from "../left-out-note.ts";
import { quarantineNoteInTime } from "../quarantine-note.ts";
import { backupDocument, backupOptions, renderBackup } from "../render-backup.ts";
import { renderCheck } from "../render-check.ts";
import { cutoverDocument, renderCutover } from "../render-cutover.ts";
import type { RunVerb } from "../run.ts";

export const run: RunVerb = async ({ options, output, ends }) => {
  const started = performance.now();
  const migration = await ends.migration();
  const isCutOver = options["cutover"] !== false;
  const settings = cutoverOptions(options, ends.config);
  const result = await migration.full({
    cutover: isCutOver,
    ...settings,
    confirm: confirmLeftOut({
      ends,
      command: "full",
      what: whatFullDoes(ends, await ends.shownTarget(), settings.maxDowntime ?? MAX_DOWNTIME_MS, isCutOver),
      isAlwaysAsked: isCutOver,
    }),
    ...backupOptions(options),
  });
  const backup = renderBackup(result, ends.source());
  const quarantine = await quarantineNoteInTime(migration, ends.config.rules);
  const leftOut = await leftOutNoteInTime(migration);
  if (result.kind === "synced") {
    const ok = result.check.ok && quarantine.fine;
    output.result(
      `${renderCheck(result.check)}${quarantine.text}${leftOut.text}${backup}\n${result.sync.ended}; next: changeover cutover`,
      {
        ...result.check,
        ...backupDocument(result),
        ok,
        quarantined: quarantine.total,
        ...leftOut.document,
        phase: result.sync.phase,
        watermark: result.sync.watermark,
      },
    );
    return ok ? 0 : 1;
  }
  if (result.cutover.ok) await ends.keepEmbedded();
  const took = performance.now() - started;
  const notes = {
    embeddedUrl: ends.isEmbedded ? await ends.target() : null,
    leftOut: leftOut.count,
    quarantined: quarantine.total,
  };
  output.result(
    `${renderCutover(result.cutover, notes)}${quarantine.text}${result.cutover.ok ? leftOut.text : ""}${backup}\nAll of it took ${renderDuration(took)}.`,
    {
      ...cutoverDocument(result.cutover),
      ...backupDocument(result),
      quarantined: quarantine.total,
      ...leftOut.document,
      took_ms: Math.round(took),
      ...(ends.isEmbedded ? { url: await ends.target() } : {}),
    },
  );
  return result.cutover.ok && quarantine.fine ? 0 : 1;
};
