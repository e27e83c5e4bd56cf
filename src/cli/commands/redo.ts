import { renderCount } from "../../status/render-count.ts";
import { countOf } from "../count-of.ts";
import type { RunVerb } from "../run.ts";

export const run: RunVerb = async ({ positional, output, ends }) => {
  const count = countOf(positional[0]) ?? 1;
  const migration = await ends.migration("target-only");
  const filled = await migration.filledTables();
  if (filled.length > 0) await ends.confirm(`removes and makes again what the last ${renderCount(count, "migration")} made, and rows are in ${filled.join(", ")}`);
  const redone = await migration.redo({ count });
  output.result(redone.length === 0 ? "nothing to redo" : `${renderCount(redone.length, "migration")} undone and applied again: ${redone.join(", ")}`, { ok: true, redone });
  return 0;
};
