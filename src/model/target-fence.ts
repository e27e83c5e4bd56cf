/** Our trigger on each table of the target from the run's beginning on, and again while it returns. */
export const TARGET_FENCE = "_changeover_fence";
/** Besides, on the few tables that can be written to by way of a parent that is no part of the run. */
export const TARGET_ROW_FENCE = "_changeover_fence_row";

/**
 * What our own sessions set, so that the fence lets them pass. It keeps accidents out, not a person who means it. No
 * message names it.
 */
export const OWN_SESSION_SETTING = "changeover.session";

/** Each run has its own, so that no run writes behind the fence of another one in the same database. */
export function ownSessionValue(stateSchema: string): string {
  return stateSchema === "changeover" ? "own" : stateSchema;
}

/** What the fence of the target does with a write. Locations are shown to those who are refused. */
export type TargetFenceState =
  /** Only the run's own sessions write. `source`: where the data still is. */
  | { readonly kind: "not-open"; readonly source: string }
  /** Everyone does: the triggers sleep. */
  | { readonly kind: "open" }
  /** Nobody does until then, a timestamp of the server's. `target`: where the data goes. */
  | { readonly kind: "returning"; readonly target: string; readonly until: string }
  | { readonly kind: "returned"; readonly target: string };
