import { renderCount } from "../../status/render-count.ts";
import { countOf } from "../count-of.ts";
import type { RunVerb } from "../run.ts";

export const run: RunVerb = async ({ options, positional, output, ends }) => {
  const count = countOf(positional[0]) ?? 1;
  const migration = await ends.migration("target-only");
  if (options["print"] === true) {
    const { migrations, sql } = await migration.rollbackFile({ count });
    output.result(sql.trimEnd(), { ok: true, migrations, sql });
    return 0;
  }
  if ((await migration.migrations()).every(({ state }) => state === "pending")) {
    // The tables that are there are another tool's, or a person's.
    output.result("nothing to undo: no migration of these files is applied", { ok: true, undone: [] });
    return 0;
  }
  const filled = await migration.filledTables();
  if (filled.length > 0) await ends.confirm(`removes what the last ${renderCount(count, "migration")} made, and rows are in ${filled.join(", ")}`);
  const undone = await migration.down({ count });
  output.result(undone.length === 0 ? "nothing to undo" : `${renderCount(undone.length, "migration")} undone: ${undone.join(", ")}`, { ok: true, undone });
  return 0;
};
