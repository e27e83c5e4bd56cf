import { expect, it } from "vitest";
import type { Work } from "../../src/throttle/throttle-policy.ts";
import { MessageThrottle } from "../../src/workers/message-throttle.ts";

function parent(answer: boolean) {
  const told: Work[] = [];
  return { told, ask: (work: Work) => Promise.resolve(told.push(work) > 0 && answer) };
}

it("tells of work once it comes to something, all of it", async () => {
  const throttle = new MessageThrottle();
  const { told, ask } = parent(false);
  for (let page = 0; page < 9; page++) await throttle.rest({ rows: 10, durationMs: 25 }, { always: false, ask });
  expect(told).toEqual([
    { rows: 40, durationMs: 100 },
    { rows: 40, durationMs: 100 },
  ]);
});

it("asks after every page while there is a rest to be taken, and where a rate is to be kept", async () => {
  const throttle = new MessageThrottle();
  const slow = parent(true);
  for (let page = 0; page < 6; page++)
    await throttle.rest({ rows: 1, durationMs: 25 }, { always: false, ask: slow.ask });
  expect(slow.told).toEqual([
    { rows: 4, durationMs: 100 },
    { rows: 1, durationMs: 25 },
    { rows: 1, durationMs: 25 },
  ]);
  const rated = parent(false);
  for (let page = 0; page < 3; page++)
    await new MessageThrottle().rest({ rows: 1, durationMs: 1 }, { always: true, ask: rated.ask });
  expect(rated.told).toHaveLength(3);
});

it("tells of every sign of a struggle, and of some others", () => {
  const throttle = new MessageThrottle();
  expect(throttle.isWorthSending({ kind: "busy", waitedMs: 100 })).toBe(true);
  expect(
    Array.from({ length: 17 }, () => throttle.isWorthSending({ kind: "read", durationMs: 20 })).filter(Boolean),
  ).toHaveLength(3);
  expect(throttle.isWorthSending({ kind: "read", durationMs: 101 })).toBe(true);
  expect(throttle.isWorthSending({ kind: "commit", durationMs: 150 })).toBe(false);
});

it("loses nothing that is counted", () => {
  const throttle = new MessageThrottle();
  expect(throttle.count(["note", 10], 0)).toEqual(["note", 10]);
  expect(throttle.count(["note", 10], 50)).toBeNull();
  expect(throttle.count(["note", -5], 99)).toBeNull();
  expect(throttle.count(["note", 1], 100)).toEqual(["note", 6]);
  expect(throttle.counted(101)).toBeNull();
  throttle.count(["note", 3], 102);
  expect(throttle.counted(103)).toEqual(["note", 3]);
});
