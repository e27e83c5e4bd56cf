import { renderCount } from "../../status/render-count.ts";
import { migrateOptions } from "../migrate-options.ts";
import type { RunVerb } from "../run-command.ts";

export const run: RunVerb = async ({ options, positional, output, connections }) => {
  const migration = await connections.migration("target-only");
  const recorded = await migration.migrations.up({
    ...migrateOptions(options, positional, connections.config),
    fake: true,
  });
  output.result(
    recorded.length === 0
      ? "nothing to record: they are applied already"
      : `${renderCount(recorded.length, "migration")} recorded as applied, without running: ${recorded.join(", ")}`,
    { ok: true, recorded },
  );
  return 0;
};
