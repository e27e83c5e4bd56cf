import { renderCount } from "../../status/render-count.ts";
import { countOf } from "../count-of.ts";
import type { RunVerb } from "../run.ts";

export const run: RunVerb = async ({ positional, output, ends }) => {
  const count = countOf(positional[0]);
  const migration = await ends.migration("target-only");
  const applied = await migration.up(count === null ? {} : { count });
  const text = applied.length === 0 ? "nothing to apply: the target is up to date" : `${renderCount(applied.length, "migration")} applied: ${applied.join(", ")}`;
  output.result(text, { ok: true, applied });
  return 0;
};
