import { describe, expect, it } from "vitest";
import {
  isSourceOpen,
  isTargetFenced,
  nextInReturn,
  RETURN_EVENTS,
  RETURN_STATES,
  type ReturnEvent,
  type ReturnState,
} from "../../src/return/states.ts";

function following(state: ReturnState): ReturnState[] {
  return RETURN_EVENTS.flatMap((event) => {
    try {
      return [nextInReturn(state, event)];
    } catch {
      return [];
    }
  });
}

function reachable(from: ReturnState): Set<ReturnState> {
  const seen = new Set([from]);
  for (const state of seen) for (const reached of following(state)) seen.add(reached);
  return seen;
}

describe("the states of the return", () => {
  it("go straight from the fence to the open source", () => {
    const events: ReturnEvent[] = ["fence-raised", "changes-brought", "fence-sealed", "source-opened", "run-noted"];
    expect(events.reduce(nextInReturn, "preparing" as ReturnState)).toBe("returned");
  });

  it("end only returned or undone, and can all be reached", () => {
    expect(RETURN_STATES.filter((state) => following(state).length === 0)).toEqual(["returned", "undone"]);
    expect([...reachable("preparing")].sort()).toEqual([...RETURN_STATES].sort());
  });

  it("have a way on from a failure in each but the last", () => {
    for (const state of RETURN_STATES)
      if (following(state).length > 0) expect(nextInReturn(state, "failed")).toBeDefined();
  });

  it("never have both databases open", () => {
    for (const state of RETURN_STATES) expect(isSourceOpen(state) && !isTargetFenced(state)).toBe(false);
  });

  it("never open the target again once its fence is sealed", () => {
    expect([...reachable("sealed")]).toEqual(["sealed", "open", "returned"]);
  });

  it("take the target's fence down after a failure before that, once it is known whether it was sealed", () => {
    for (const state of ["fenced", "even", "unknown", "lowering"] as const)
      expect(nextInReturn(state, "failed")).toBe("lowering");
    expect(following("unknown").sort()).toEqual(["lowering", "sealed"]);
  });
});
