import { renderCount } from "../../status/render-count.ts";
import { migrateOptions } from "../migrate-options.ts";
import { renderPlanned } from "../render-planned.ts";
import type { RunVerb } from "../run-command.ts";

export const run: RunVerb = async ({ options, positional, output, connections }) => {
  const asked = migrateOptions(options, positional, connections.config);
  const migration = await connections.migration("target-only");
  if (options["dryRun"] === true) {
    const planned = await migration.migrations.plan("up", asked);
    output.result(planned.length === 0 ? "nothing to apply: the target is up to date" : renderPlanned(planned), {
      ok: true,
      dryRun: true,
      planned,
    });
    return 0;
  }
  const applied = await migration.migrations.up(asked);
  const text =
    applied.length === 0
      ? "nothing to apply: the target is up to date"
      : `${renderCount(applied.length, "migration")} applied: ${applied.join(", ")}`;
  output.result(text, { ok: true, applied });
  return 0;
};
