import { pause } from "../../retry.ts";
import { renderStatus } from "../../status/render-text.ts";
import type { RunVerb } from "../run-command.ts";

const WATCH_EVERY_MS = 1_000;

export const run: RunVerb = async ({ options, output, connections, signal }) => {
  const migration = await connections.migration("target-only");
  if (options["watch"] !== true) {
    const status = await migration.status();
    output.result(renderStatus(status), status);
    return 0;
  }
  let shown = "";
  // One connection for all looks, as long as the source is not to be looked at.
  await using watch = connections.config.source === null ? migration.watch() : null;
  while (!signal.aborted) {
    const status = await (watch ?? migration).status();
    const text = renderStatus(status);
    if (text !== shown) {
      if (output.json) output.line(status);
      else output.screen(text);
    }
    shown = text;
    await pause(WATCH_EVERY_MS, signal);
  }
  return 0;
};
