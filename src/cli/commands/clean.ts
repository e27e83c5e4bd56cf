import { renderCount } from "../../status/render-count.ts";
import type { RunVerb } from "../run.ts";

export const run: RunVerb = async ({ output, ends }) => {
  const migration = await ends.sourceOnly();
  await ends.confirm(
    "removes capture (and the fence, if a cutover put one up) from the source: a sync cannot go on after that, and the application can write there again",
  );
  const removed = await migration.clean();
  output.result(
    removed.length === 0
      ? "the source holds nothing of changeover"
      : `${renderCount(removed.length, "object")} of changeover removed from the source`,
    { ok: true, removed },
  );
  return 0;
};
