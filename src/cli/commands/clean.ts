import { renderCount } from "../../status/render-count.ts";
import type { RunVerb } from "../run-command.ts";

export const run: RunVerb = async ({ options, output, connections }) => {
  const asksTarget = await connections.hasTarget();
  const migration = asksTarget ? await connections.migration() : await connections.sourceOnly();
  const isCopy = options["copy"] === true;
  await connections.confirm(
    isCopy
      ? "removes capture and the fence from this copy"
      : "removes capture (and the fence, if a cutover put one up) from the source: " +
          "a sync cannot go on after that, and the application can write there again",
  );
  const removed = await migration.clean({ copy: isCopy, asksTarget });
  const file = connections.source();
  output.result(
    removed.length === 0
      ? `${file} holds nothing of changeover`
      : `${renderCount(removed.length, "object")} of changeover removed from ${file}`,
    { ok: true, removed },
  );
  return 0;
};
