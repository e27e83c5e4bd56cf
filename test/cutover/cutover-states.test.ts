import { describe, expect, it } from "vitest";
import {
  CUTOVER_EVENTS,
  CUTOVER_STATES,
  type CutoverEvent,
  type CutoverState,
  isFenced,
  nextInCutover,
} from "../../src/cutover/cutover-states.ts";

function following(state: CutoverState): CutoverState[] {
  return CUTOVER_EVENTS.flatMap((event) => {
    try {
      return [nextInCutover(state, event)];
    } catch {
      return [];
    }
  });
}

describe("the cutover's states", () => {
  it("go straight from the fence to the open target", () => {
    const events: CutoverEvent[] = [
      "fence-raised",
      "log-drained",
      "changes-verified",
      "fence-sealed",
      "target-committed",
    ];
    expect(events.reduce(nextInCutover, "preparing" as CutoverState)).toBe("open");
  });

  it("end only open or undone", () => {
    expect(CUTOVER_STATES.filter((state) => following(state).length === 0)).toEqual(["open", "undone"]);
  });

  it("take the fence down after a failure at any moment before the target's commit", () => {
    for (const state of CUTOVER_STATES.filter((candidate) => candidate !== "open" && candidate !== "undone")) {
      const failed = nextInCutover(state, "failed");
      expect(failed).toBe(isFenced(state) ? "lowering" : "undone");
    }
  });

  it("never leave the open target, whatever fails afterwards", () => {
    for (const event of CUTOVER_EVENTS) expect(() => nextInCutover("open", event)).toThrow(RangeError);
  });

  it("find out what happened before they lower a fence after a lost commit", () => {
    expect(following("unknown").sort()).toEqual(["lowering", "open"]);
    expect(isFenced("unknown")).toBe(true);
  });

  it("can all be reached", () => {
    const seen = new Set<CutoverState>(["preparing"]);
    for (const state of seen) for (const reached of following(state)) seen.add(reached);
    expect([...seen].sort()).toEqual([...CUTOVER_STATES].sort());
  });
});
