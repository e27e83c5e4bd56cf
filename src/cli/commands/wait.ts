import { durationOf } from "../../duration.ts";
import { InterruptedError } from "../../errors.ts";
import { pause } from "../../retry.ts";
import { renderDuration } from "../../status/render-count.ts";
import type { Status } from "../../status/status.ts";
import { oneOf } from "../one-of.ts";
import type { RunVerb } from "../run-command.ts";

/** What can be waited for, and when that is reached. */
const GOALS: Readonly<Record<"syncing" | "cut-over", (status: Status) => boolean>> = {
  syncing: ({ phase }) => phase === "syncing" || phase === "cutting-over" || phase === "cut-over",
  "cut-over": ({ phase }) => phase === "cut-over",
};

const POLL_EVERY_MS = 100;

export const run: RunVerb = async ({ options, output, connections, signal }) => {
  const reached = GOALS[oneOf(options["for"] ?? "cut-over", ["syncing", "cut-over"], "--for")];
  const timeout =
    options["timeout"] === undefined ? Number.POSITIVE_INFINITY : durationOf(String(options["timeout"]), "--timeout");
  await using watch = (await connections.migration("target-only")).watch();
  const started = performance.now();
  for (;;) {
    const status = await watch.status();
    const waited = performance.now() - started;
    if (reached(status)) {
      output.result(`${status.phase} after ${renderDuration(waited)}`, {
        ok: true,
        phase: status.phase,
        waitedMs: Math.round(waited),
      });
      return 0;
    }
    if (waited > timeout) {
      output.result(`still ${status.phase} after ${renderDuration(waited)}`, {
        ok: false,
        phase: status.phase,
        waitedMs: Math.round(waited),
      });
      return 1;
    }
    await pause(POLL_EVERY_MS, signal);
    if (signal.aborted) throw new InterruptedError();
  }
};
