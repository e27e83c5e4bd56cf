import { durationOf } from "../../config.ts";
import { InterruptedError, UsageError } from "../../errors.ts";
import { pause } from "../../retry.ts";
import { renderDuration } from "../../status/render-count.ts";
import type { Status } from "../../status/status.ts";
import type { RunVerb } from "../run.ts";

/** What can be waited for, and when it is there. */
const GOALS: Readonly<Record<string, (status: Status) => boolean>> = {
  syncing: ({ phase }) => phase === "syncing" || phase === "cutting-over" || phase === "cut-over",
  "cut-over": ({ phase }) => phase === "cut-over",
};

const LOOK_EVERY_MS = 100;

export const run: RunVerb = async ({ options, output, connections, signal }) => {
  const goal = String(options["for"] ?? "cut-over");
  const reached = GOALS[goal];
  if (reached === undefined)
    throw new UsageError({
      code: "USAGE",
      message: `--for takes ${Object.keys(GOALS).join(" or ")}, not ${goal}`,
      hint: "changeover wait --for cut-over",
    });
  const timeout =
    options["timeout"] === undefined ? Number.POSITIVE_INFINITY : durationOf(String(options["timeout"]), "--timeout");
  const migration = await connections.migration("target-only");
  const started = performance.now();
  for (;;) {
    const status = await migration.status();
    const waited = performance.now() - started;
    if (reached(status)) {
      output.result(`${status.phase} after ${renderDuration(waited)}`, {
        ok: true,
        phase: status.phase,
        waited_ms: Math.round(waited),
      });
      return 0;
    }
    if (waited > timeout) {
      output.result(`still ${status.phase} after ${renderDuration(waited)}`, {
        ok: false,
        phase: status.phase,
        waited_ms: Math.round(waited),
      });
      return 1;
    }
    await pause(LOOK_EVERY_MS, signal);
    if (signal.aborted) throw new InterruptedError();
  }
};
