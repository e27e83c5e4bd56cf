import { type DriftOptions, type DriftWatch, watchDrift } from "../capture/check-drift.ts";
import { isExcluded } from "../model/rules.ts";
import type { Context } from "./context.ts";

/** Watches whether the source is still the one that a run captured, but for tables that the rules exclude. */
export function watchRunDrift(
  { rules, source }: Context,
  captured: Pick<DriftOptions, "run" | "captured" | "mappings">,
): DriftWatch {
  return watchDrift({ ...captured, source, isExcluded: (table) => isExcluded(rules, table) });
}
