import { renderCount } from "../../status/render-count.ts";
import type { RunVerb } from "../run.ts";

export const run: RunVerb = async ({ output, ends }) => {
  const migration = await ends.migration();
  await ends.confirm("removes all rows of this run from the target, and its migrations; the source keeps everything");
  const { removed, migrationsUndone } = await migration.rollback();
  output.result(
    `rolled back: ${renderCount(removed.length, "object")} of changeover removed from the source, ${renderCount(migrationsUndone.length, "migration")} undone in the target. The application's own data was not touched.`,
    { ok: true, phase: "new", removed, migrationsUndone },
  );
  return 0;
};
