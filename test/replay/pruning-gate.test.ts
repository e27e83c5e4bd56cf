import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { PruningGate } from "../../src/replay/pruning-gate.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("the log is pruned by ten thousands, by the minute where there are a thousand, and not for less", () => {
  const gate = new PruningGate();
  expect([gate.isKnown, gate.isWorth(50_000n)]).toEqual([false, false]);
  gate.begins(6n);
  expect(gate.isWorth(20_004n)).toBe(false);
  expect(gate.isWorth(20_005n)).toBe(true);
  vi.advanceTimersByTime(59_000);
  expect(gate.isWorth(20_004n)).toBe(false);
  vi.advanceTimersByTime(1_000);
  expect(gate.isWorth(1_004n)).toBe(false);
  expect(gate.isWorth(1_005n)).toBe(true);
  gate.pruned(1_005n);
  expect(gate.isWorth(3_000n)).toBe(false);
});
