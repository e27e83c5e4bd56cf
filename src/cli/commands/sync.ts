import type { CommittedBatch, CompletedSync } from "../../api/results.ts";
import { durationOf } from "../../duration.ts";
import { UsageError } from "../../errors.ts";
import { renderCount } from "../../status/render-count.ts";
import { followSchemaOption } from "../follow-schema-option.ts";
import { leftOutNote } from "../left-out-note.ts";
import type { Output } from "../output.ts";
import { quarantineNote } from "../quarantine-note.ts";
import { backupDocument, backupOptions, renderBackup } from "../render-backup.ts";
import type { RunVerb } from "../run-command.ts";

export const run: RunVerb = async ({ options, output, connections }) => {
  const until = untilOf(options["until"]);
  const migration = await connections.migration();
  const shown = new ShownBatches(output);
  const resync = (options["resync"] as readonly string[] | undefined) ?? [];
  const result = await migration.sync({
    resync,
    ...backupOptions(options),
    ...followSchemaOption(options),
    ...duration(options["verifyEvery"], "--verify-every", (verifyEveryMs) => ({ verifyEveryMs })),
    ...duration(options["failbackWindow"], "--failback-window", (failbackWindowMs) => ({ failbackWindowMs })),
    until,
    onBatch: (batch) => shown.add(batch),
  });
  if (result.direction === "back" && result.ended !== "cut-over") {
    output.result(
      `failback: ${renderCount(shown.rows, "row")} brought from PostgreSQL to the source; ` +
        `${ENDS_OF_FAILBACK[result.ended]}. ` +
        "Next: changeover sync again, changeover rollback to return, or changeover complete to end it",
      { ok: true, event: "end", ended: result.ended, phase: result.phase, direction: "back", rows: shown.rows },
    );
    return 0;
  }
  const isRolledBack = result.ended === "rolled-back";
  const quarantine = isRolledBack
    ? { fine: true, total: 0, text: "" }
    : await quarantineNote(migration, connections.config.rules);
  const leftOut = isRolledBack ? null : await leftOutNote(migration);
  output.result(
    `${result.ended === "caught-up" ? "caught up" : result.ended} at change ${result.watermark}; ` +
      `${nextOf(result.ended)}${quarantine.text}${leftOut?.text ?? ""}${renderBackup(result, connections.source())}`,
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

function untilOf(given: unknown): "caught-up" | "stopped" {
  if (given === undefined) return "stopped";
  if (given === "caught-up") return given;
  throw new UsageError({
    code: "USAGE",
    message: "--until takes caught-up",
    hint: "leave it out to stay in sync until Ctrl-C",
  });
}

/** One line a batch with --json; else the live view, or a line every ten seconds. */
class ShownBatches {
  rows = 0;
  #batches = 0;
  #shownAt = performance.now();
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
  }

  add({ direction, rows, watermark }: CommittedBatch): void {
    this.rows += rows;
    this.#batches++;
    const isBack = direction === "back";
    this.#output.line({ event: "batch", rows, watermark, ...(isBack ? { direction } : {}) });
    if (this.#output.follow(rows) || performance.now() - this.#shownAt < SHOW_EVERY_MS) return;
    this.#shownAt = performance.now();
    const batches = renderCount(this.#batches, "batch").replace("batchs", "batches");
    this.#output.say(
      `in sync${isBack ? ", from PostgreSQL to the source" : ""}: ` +
        `${renderCount(this.rows, "changed row")} brought over in ${batches} so far`,
    );
  }
}

const SHOW_EVERY_MS = 10_000;

const ENDS_OF_FAILBACK = {
  "caught-up": "the source equals the target",
  stopped: "stopped",
  returned: "the application is back on the source",
  "rolled-back": "the run was rolled back by another process",
};

function nextOf(ended: CompletedSync["ended"]): string {
  if (ended === "cut-over") return "the target has taken over";
  if (ended === "rolled-back") return "the run was rolled back by another process";
  return "next: changeover check, then changeover cutover (or changeover sync again, to stay in sync)";
}

function duration<T>(given: unknown, option: string, make: (ms: number) => T): T | Record<string, never> {
  return typeof given === "string" ? make(durationOf(given, option)) : {};
}
