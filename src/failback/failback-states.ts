import { followStates, type StateTable } from "../model/state-table.ts";

/**
 * The return to the source as a table of states and events. Before the target's fence is sealed, every failure ends
 * `undone`: the fence is down and PostgreSQL goes on. From then on there is no way but forward: what fails is done
 * again, by this command or by the next one, which begins at `sealed`.
 */
export type FailbackState =
  | "preparing"
  | "fenced"
  | "caught-up"
  | "sealed"
  | "open"
  | "returned"
  | "lowering"
  | "undone"
  | "unknown";

export type FailbackEvent =
  | "fence-raised"
  | "changes-applied"
  | "fence-sealed"
  | "source-opened"
  | "run-recorded"
  | "failed"
  | "fence-lowered"
  | "outcome-unknown";

const TABLE: StateTable<FailbackState, FailbackEvent> = {
  preparing: { "fence-raised": "fenced", failed: "undone" },
  fenced: { "changes-applied": "caught-up", failed: "lowering" },
  // The seal is a commit in the target: its answer may be lost, and then only the target can tell.
  "caught-up": { "fence-sealed": "sealed", failed: "lowering", "outcome-unknown": "unknown" },
  unknown: { "fence-sealed": "sealed", failed: "lowering" },
  sealed: { "source-opened": "open", failed: "sealed" },
  open: { "run-recorded": "returned", failed: "open" },
  lowering: { "fence-lowered": "undone", failed: "lowering" },
  returned: {},
  undone: {},
};

export function nextInFailback(state: FailbackState, event: FailbackEvent): FailbackState {
  return followStates("the return", TABLE, state, event);
}

/** Whether PostgreSQL refuses writes in this state. */
export function isTargetFenced(state: FailbackState): boolean {
  return state !== "preparing" && state !== "undone";
}

/** Whether the source takes the application's writes in this state. */
export function isSourceOpen(state: FailbackState): boolean {
  return state === "open" || state === "returned";
}

export const FAILBACK_STATES = Object.keys(TABLE) as readonly FailbackState[];
export const FAILBACK_EVENTS: readonly FailbackEvent[] = [
  "fence-raised",
  "changes-applied",
  "fence-sealed",
  "source-opened",
  "run-recorded",
  "failed",
  "fence-lowered",
  "outcome-unknown",
];
