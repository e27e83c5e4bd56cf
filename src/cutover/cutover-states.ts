import { followStates, type StateTable } from "../model/state-table.ts";

/**
 * The cutover as a table of states and events. It ends `open` (the target has everything and
 * takes over) or `undone` (the fence is down, the application goes on as before). From every state a failure leads to
 * one of them. None leads back behind the target's commit.
 */
export type CutoverState =
  | "preparing"
  | "fenced"
  | "drained"
  | "verified"
  | "sealed"
  | "open"
  | "lowering"
  | "undone"
  | "unknown";

export type CutoverEvent =
  | "fence-raised"
  | "log-drained"
  | "changes-verified"
  | "fence-sealed"
  | "target-committed"
  | "failed"
  | "fence-lowered"
  | "outcome-unknown";

const TABLE: StateTable<CutoverState, CutoverEvent> = {
  preparing: { "fence-raised": "fenced", failed: "undone" },
  fenced: { "log-drained": "drained", failed: "lowering" },
  drained: { "changes-verified": "verified", failed: "lowering" },
  verified: { "fence-sealed": "sealed", failed: "lowering" },
  // The commit may have happened although its answer was lost: only the target can tell.
  sealed: { "target-committed": "open", failed: "lowering", "outcome-unknown": "unknown" },
  unknown: { "target-committed": "open", failed: "lowering" },
  lowering: { "fence-lowered": "undone", failed: "lowering" },
  open: {},
  undone: {},
};

export function nextInCutover(state: CutoverState, event: CutoverEvent): CutoverState {
  return followStates("the cutover", TABLE, state, event);
}

/** Whether the application's writes are refused in this state. */
export function isFenced(state: CutoverState): boolean {
  return (
    state === "fenced" ||
    state === "drained" ||
    state === "verified" ||
    state === "sealed" ||
    state === "open" ||
    state === "lowering" ||
    state === "unknown"
  );
}

export const CUTOVER_STATES = Object.keys(TABLE) as readonly CutoverState[];
export const CUTOVER_EVENTS: readonly CutoverEvent[] = [
  "fence-raised",
  "log-drained",
  "changes-verified",
  "fence-sealed",
  "target-committed",
  "failed",
  "fence-lowered",
  "outcome-unknown",
];
