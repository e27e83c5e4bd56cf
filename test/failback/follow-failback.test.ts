import { describe, expect, it } from "vitest";
import { isNear } from "../../src/failback/follow-failback.ts";

/**
 * Batches until the fence may go up, and the last one's time, of an application whose writes take so much of their own
 * time to be brought.
 */
function settle({ first, share, least }: { readonly first: number; readonly share: number; readonly least: number }): {
  readonly batches: number;
  readonly last: number;
} {
  let [before, durationMs, batches] = [Number.POSITIVE_INFINITY, first, 1];
  for (; !isNear({ before, durationMs }) && batches < 20; batches++)
    [before, durationMs] = [durationMs, least + share * durationMs];
  return { batches, last: Math.round(durationMs) };
}

describe("bringing changes back before the target is fenced", () => {
  it("goes on while batches become shorter, so that little is left for the fence", () => {
    expect(settle({ first: 900, share: 0.5, least: 50 })).toEqual({ batches: 6, last: 125 });
    expect(settle({ first: 30_000, share: 0.5, least: 20 }).last).toBeLessThan(100);
  });

  it("ends with what hardly becomes shorter any more", () => {
    expect(settle({ first: 900, share: 0.9, least: 50 }).batches).toBe(2);
    expect(settle({ first: 60, share: 0.9, least: 50 }).batches).toBe(1);
  });

  it("does not take a batch for short that leaves a second's writes behind", () => {
    expect(isNear({ before: 1_000, durationMs: 1_100 })).toBe(false);
    expect(settle({ first: 1_200, share: 1, least: 0 }).batches).toBe(20);
  });
});
