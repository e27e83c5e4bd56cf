import { MAX_DOWNTIME_MS } from "../../api/options.ts";
import { renderDuration } from "../../status/render-count.ts";
import { confirmLeftOut, whatFullDoes } from "../confirm-left-out.ts";
import { cutoverOptions } from "../cutover-options.ts";
import { leftOutNoteInTime } from "../left-out-note.ts";
import { quarantineNoteInTime } from "../quarantine-note.ts";
import { backupDocument, backupOptions, renderBackup } from "../render-backup.ts";
import { renderCheck } from "../render-check.ts";
import { cutoverDocument, renderCutover } from "../render-cutover.ts";
import type { RunVerb } from "../run.ts";

export const run: RunVerb = async ({ options, output, connections }) => {
  const started = performance.now();
  const migration = await connections.migration();
  const isCutOver = options["cutover"] !== false;
  const settings = cutoverOptions(options, connections.config);
  const result = await migration.full({
    cutover: isCutOver,
    ...settings,
    confirm: confirmLeftOut({
      connections,
      command: "full",
      what: whatFullDoes(
        connections,
        await connections.shownTarget(),
        settings.maxDowntimeMs ?? MAX_DOWNTIME_MS,
        isCutOver,
      ),
      isAlwaysAsked: isCutOver,
    }),
    ...backupOptions(options),
  });
  const backup = renderBackup(result, connections.source());
  const quarantine = await quarantineNoteInTime(migration, connections.config.rules);
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
  if (result.cutover.ok) await connections.keepEmbedded();
  const durationMs = performance.now() - started;
  const notes = {
    embeddedUrl: connections.isEmbedded ? await connections.target() : null,
    leftOut: leftOut.count,
    quarantined: quarantine.total,
  };
  output.result(
    `${renderCutover(result.cutover, notes)}${quarantine.text}${result.cutover.ok ? leftOut.text : ""}${backup}\nAll of it took ${renderDuration(durationMs)}.`,
    {
      ...cutoverDocument(result.cutover),
      ...backupDocument(result),
      quarantined: quarantine.total,
      ...leftOut.document,
      duration_ms: Math.round(durationMs),
      ...(connections.isEmbedded ? { url: await connections.target() } : {}),
    },
  );
  return result.cutover.ok && quarantine.fine ? 0 : 1;
};
