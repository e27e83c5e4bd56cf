import { describe, expect, it } from "vitest";
import { type CutoverEvent, type CutoverState, EVENTS, isFenced, next, STATES } from "../../src/cutover/states.ts";

function following(state: CutoverState): CutoverState[] {
  return EVENTS.flatMap((event) => {
    try {
      return [next(state, event)];
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
    expect(events.reduce(next, "preparing" as CutoverState)).toBe("open");
  });

  it("end only open or undone", () => {
    expect(STATES.filter((state) => following(state).length === 0)).toEqual(["open", "undone"]);
  });

  it("take the fence down after a failure at any moment before the target's commit", () => {
    for (const state of STATES.filter((candidate) => candidate !== "open" && candidate !== "undone")) {
      const failed = next(state, "failed");
      expect(failed).toBe(isFenced(state) ? "lowering" : "undone");
    }
  });

  it("never leave the open target, whatever fails afterwards", () => {
    for (const event of EVENTS) expect(() => next("open", event)).toThrow(RangeError);
  });

  it("find out what happened before they lower a fence after a lost commit", () => {
    expect(following("unknown").sort()).toEqual(["lowering", "open"]);
    expect(isFenced("unknown")).toBe(true);
  });

  it("can all be reached", () => {
    const seen = new Set<CutoverState>(["preparing"]);
    for (const state of seen) for (const reached of following(state)) seen.add(reached);
    expect([...seen].sort()).toEqual([...STATES].sort());
  });
});
