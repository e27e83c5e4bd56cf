import { renderCount } from "../../status/render-count.ts";
import { migrateOptions } from "../migrate-options.ts";
import { renderPlanned } from "../render-planned.ts";
import type { RunVerb } from "../run.ts";

export const run: RunVerb = async ({ options, positional, output, ends }) => {
  const asked = migrateOptions(options, positional);
  const migration = await ends.migration("target-only");
  const planned = await migration.planMigrations("down", asked);
  if (options["dryRun"] === true) {
    output.result(planned.length === 0 ? "nothing to undo" : renderPlanned(planned), { ok: true, dryRun: true, planned });
    return 0;
  }
  const filled = planned.length === 0 ? [] : await migration.filledTables();
  if (filled.length > 0) await ends.confirm(`removes what ${planned.map(({ name }) => name).join(", ")} made, and rows are in ${filled.join(", ")}`);
  const undone = await migration.down(asked);
  output.result(undone.length === 0 ? "nothing to undo" : `${renderCount(undone.length, "migration")} undone: ${undone.join(", ")}`, { ok: true, undone });
  return 0;
};
