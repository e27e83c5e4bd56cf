import { durationOf } from "../../config.ts";
import { UsageError } from "../../errors.ts";
import { renderCount } from "../../status/render-count.ts";
import { followSchemaOption } from "../follow-schema-option.ts";
import { leftOutNote } from "../left-out-note.ts";
import { quarantineNote } from "../quarantine-note.ts";
import { backupDocument, backupOptions, renderBackup } from "../render-backup.ts";
import type { RunVerb } from "../run-command.ts";

export const run: RunVerb = async ({ options, output, connections }) => {
  const until = options["until"];
  if (until !== undefined && until !== "caught-up")
    throw new UsageError({
      code: "USAGE",
      message: "--until takes caught-up",
      hint: "leave it out to stay in sync until Ctrl-C",
    });
  const migration = await connections.migration();
  let rows = 0;
  let batches = 0;
  let shown = performance.now();
  const resync = (options["resync"] as readonly string[] | undefined) ?? [];
  const result = await migration.sync({
    resync,
    ...backupOptions(options),
    ...followSchemaOption(options),
    ...duration(options["verifyEvery"], "--verify-every", (verifyEveryMs) => ({ verifyEveryMs })),
    ...duration(options["failbackWindow"], "--failback-window", (failbackWindowMs) => ({ failbackWindowMs })),
    until: until === "caught-up" ? "caught-up" : "stopped",
    onBatch(batch) {
      rows += batch.rows;
      batches++;
      output.line({
        event: "batch",
        rows: batch.rows,
        watermark: batch.watermark,
        ...(batch.direction === "back" ? { direction: "back" } : {}),
      });
      if (output.follow(batch.rows) || performance.now() - shown < 10_000) return;
      shown = performance.now();
      output.say(
        `in sync${batch.direction === "back" ? ", from PostgreSQL to the source" : ""}: ` +
          `${renderCount(rows, "changed row")} brought over in ` +
          `${renderCount(batches, "batch").replace("batchs", "batches")} so far`,
      );
    },
  });
  const next =
    result.ended === "cut-over"
      ? "the target has taken over"
      : result.ended === "rolled-back"
        ? "the run was rolled back by another process"
        : "next: changeover check, then changeover cutover (or changeover sync again, to stay in sync)";
  if (result.direction === "back" && result.ended !== "cut-over") {
    const state = {
      "caught-up": "the source equals the target",
      stopped: "stopped",
      returned: "the application is back on the source",
      "rolled-back": "the run was rolled back by another process",
    }[result.ended];
    output.result(
      `failback: ${renderCount(rows, "row")} brought from PostgreSQL to the source; ${state}. ` +
        "Next: changeover sync again, changeover rollback to return, or changeover complete to end it",
      { ok: true, event: "end", ended: result.ended, phase: result.phase, direction: "back", rows },
    );
    return 0;
  }
  const quarantine =
    result.ended === "rolled-back"
      ? { fine: true, total: 0, text: "" }
      : await quarantineNote(migration, connections.config.rules);
  const leftOut = result.ended === "rolled-back" ? null : await leftOutNote(migration);
  output.result(
    `${result.ended === "caught-up" ? "caught up" : result.ended} at change ${result.watermark}; ` +
      `${next}${quarantine.text}${leftOut?.text ?? ""}${renderBackup(result, connections.source())}`,
    {
      ok: quarantine.fine,
      event: "end",
      ...backupDocument(result),
      quarantined: quarantine.total,
      ...(leftOut?.document ?? {}),
      ended: result.ended,
      phase: result.phase,
      watermark: result.watermark,
    },
  );
  return quarantine.fine ? 0 : 1;
};

function duration<T>(given: unknown, option: string, make: (ms: number) => T): T | Record<string, never> {
  return typeof given === "string" ? make(durationOf(given, option)) : {};
}
