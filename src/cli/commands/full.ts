import { DifferencesError } from "../../api/differences-error.ts";
import { type CutoverOptions, MAX_DOWNTIME_MS } from "../../api/options.ts";
import type { CompletedCutover, CompletedFull } from "../../api/results.ts";
import { CutoverUndoneError } from "../../api/undone-error.ts";
import type { CheckResult } from "../../run/verification/check-result.ts";
import { renderDuration } from "../../status/render-count.ts";
import { confirmLeftOut, whatFullDoes } from "../confirm-left-out.ts";
import { cutoverOptions } from "../cutover-options.ts";
import { errorDocument } from "../error-document.ts";
import { followSchemaOption } from "../follow-schema-option.ts";
import { leftOutNoteInTime } from "../left-out-note.ts";
import { quarantineNoteInTime } from "../quarantine-note.ts";
import { backupDocument, backupOptions, renderBackup } from "../render-backup.ts";
import { renderCheck } from "../render-check.ts";
import { cutoverDocument, renderCutover } from "../render-cutover.ts";
import type { CommandContext, RunVerb } from "../run-command.ts";
import { schemaMaker } from "../schema-maker.ts";

export const run: RunVerb = async (context) => {
  const started = performance.now();
  const { connections, options } = context;
  const migration = await connections.migration();
  const isCutOver = options["cutover"] !== false;
  const settings = cutoverOptions(options, connections.config);
  const result = await migration
    .full({
      cutover: isCutOver,
      ...followSchemaOption(context.options),
      ...settings,
      ...schemaMaker(connections.config),
      confirm: confirmLeftOut({
        connections,
        command: "full",
        what: await whatItDoes(context, settings, isCutOver),
        isAlwaysAsked: isCutOver,
      }),
      ...backupOptions(options),
    })
    .catch(unfinished);
  if (result instanceof CutoverUndoneError) return showCutover(context, result, result, started);
  if (result instanceof DifferencesError) return showSync(context, result, { check: result.check, sync: null });
  return result.kind === "cutover"
    ? showCutover(context, result, result.cutover, started)
    : showSync(context, result, result);
};

type Ended = CompletedFull | CutoverUndoneError | DifferencesError;

/** What these errors know is shown as a result is. */
function unfinished(error: unknown): Ended {
  if (error instanceof CutoverUndoneError || error instanceof DifferencesError) return error;
  throw error;
}

async function whatItDoes({ connections }: CommandContext, settings: CutoverOptions, isCutOver: boolean) {
  const maxDowntimeMs = settings.maxDowntimeMs ?? MAX_DOWNTIME_MS;
  return whatFullDoes(connections, await connections.shownTarget(), maxDowntimeMs, isCutOver);
}

interface Synced {
  readonly check: CheckResult | null;
  readonly sync: Extract<CompletedFull, { kind: "synced" }>["sync"] | null;
}

async function showSync({ connections, output }: CommandContext, ended: Ended, { check, sync }: Synced) {
  const migration = await connections.migration();
  const quarantine = await quarantineNoteInTime(migration, connections.config.rules);
  const leftOut = await leftOutNoteInTime(migration);
  const ok = check?.ok === true && quarantine.fine;
  const compared = check === null ? "stopped before all rows were compared" : renderCheck(check);
  const next = sync === null ? "stopped" : sync.ended;
  output.result(
    `${compared}${quarantine.text}${leftOut.text}${renderBackup(ended, connections.source())}\n${next}; ` +
      "next: changeover cutover",
    {
      ...check,
      ...backupDocument(ended),
      ok,
      quarantined: quarantine.total,
      ...leftOut.document,
      ...(sync === null ? {} : { phase: sync.phase, watermark: sync.watermark }),
      ...(ended instanceof DifferencesError ? { error: errorDocument(ended) } : {}),
    },
  );
  return ok ? 0 : 1;
}

async function showCutover(
  { connections, output }: CommandContext,
  ended: Ended,
  cutover: CompletedCutover | CutoverUndoneError,
  started: number,
): Promise<number> {
  const migration = await connections.migration();
  const quarantine = await quarantineNoteInTime(migration, connections.config.rules);
  const leftOut = await leftOutNoteInTime(migration);
  const isCutOver = !(cutover instanceof CutoverUndoneError);
  if (isCutOver) await connections.keepEmbedded();
  const durationMs = performance.now() - started;
  const url = connections.isEmbedded ? await connections.target() : null;
  const notes = {
    embeddedUrl: url,
    leftOut: leftOut.count,
    quarantined: quarantine.total,
    app: connections.config.app,
  };
  const backup = renderBackup(ended, connections.source());
  output.result(
    `${renderCutover(cutover, notes)}${quarantine.text}${isCutOver ? leftOut.text : ""}${backup}\nAll of it ` +
      `took ${renderDuration(durationMs)}.`,
    {
      ...cutoverDocument(cutover),
      ...backupDocument(ended),
      quarantined: quarantine.total,
      ...leftOut.document,
      durationMs: Math.round(durationMs),
      ...(url === null ? {} : { url }),
    },
  );
  return isCutOver && quarantine.fine ? 0 : 1;
}
