import { describe, expect, it } from "vitest";
import {
  FAILBACK_EVENTS,
  FAILBACK_STATES,
  type FailbackEvent,
  type FailbackState,
  isSourceOpen,
  isTargetFenced,
  nextInFailback,
} from "../../src/failback/failback-states.ts";

function following(state: FailbackState): FailbackState[] {
  return FAILBACK_EVENTS.flatMap((event) => {
    try {
      return [nextInFailback(state, event)];
    } catch {
      return [];
    }
  });
}

function reachable(from: FailbackState): Set<FailbackState> {
  const seen = new Set([from]);
  for (const state of seen) for (const reached of following(state)) seen.add(reached);
  return seen;
}

describe("the states of the return", () => {
  it("go straight from the fence to the open source", () => {
    const events: FailbackEvent[] = [
      "fence-raised",
      "changes-applied",
      "fence-sealed",
      "source-opened",
      "run-recorded",
    ];
    expect(events.reduce(nextInFailback, "preparing" as FailbackState)).toBe("returned");
  });

  it("end only returned or undone, and can all be reached", () => {
    expect(FAILBACK_STATES.filter((state) => following(state).length === 0)).toEqual(["returned", "undone"]);
    expect([...reachable("preparing")].sort()).toEqual([...FAILBACK_STATES].sort());
  });

  it("have a way on from a failure in each but the last", () => {
    for (const state of FAILBACK_STATES)
      if (following(state).length > 0) expect(nextInFailback(state, "failed")).toBeDefined();
  });

  it("never have both databases open", () => {
    for (const state of FAILBACK_STATES) expect(isSourceOpen(state) && !isTargetFenced(state)).toBe(false);
  });

  it("never open the target again once its fence is sealed", () => {
    expect([...reachable("sealed")]).toEqual(["sealed", "open", "returned"]);
  });

  it("take the target's fence down after a failure before that, once it is known whether it was sealed", () => {
    for (const state of ["fenced", "caught-up", "unknown", "lowering"] as const)
      expect(nextInFailback(state, "failed")).toBe("lowering");
    expect(following("unknown").sort()).toEqual(["lowering", "sealed"]);
  });
});
