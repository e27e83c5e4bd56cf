import { type DriftWatch, watchDrift } from "../capture/check-drift.ts";
import { flowing, namesOfHeld } from "../model/held-table.ts";
import type { TableMapping } from "../model/mapping.ts";
import { isExcluded } from "../model/rules.ts";
import type { Run, SourceSchemaState } from "../model/run.ts";
import type { Context } from "./context.ts";

export interface DriftOfRun {
  /** Default: as the run knows it. */
  readonly captured?: SourceSchemaState;
  /** Default: all tables that flow. */
  readonly mappings?: readonly TableMapping[];
  /** Tables that are of no interest now, by their names in the source. */
  readonly leaveOut?: readonly string[];
}

/** Watches the tables of a run that flow: of those that wait for the target it is known that they changed. */
export function driftOfRun(
  context: Context,
  run: Run,
  { captured = run.sourceSchema ?? undefined, leaveOut = [], mappings }: DriftOfRun = {},
): DriftWatch {
  if (captured === undefined) throw new RangeError("the run has no capture");
  const held = namesOfHeld(run.held);
  return watchDrift({
    source: context.source,
    run: run.id,
    captured,
    mappings: flowing(mappings ?? run.mappings, run.held),
    isExcluded: (table) => held.has(table) || leaveOut.includes(table) || isExcluded(context.rules, table),
  });
}
