import { describe, expect, it, vi } from "vitest";
import type { ReportEvent } from "../../src/log.ts";
import { Throttle } from "../../src/throttle/throttle.ts";

interface Watched {
  readonly throttle: Throttle;
  readonly messages: string[];
}

/** A throttle that knows 5 ms as usual, on a machine that gives this process that share of a processor. */
function watched(share: number): Watched {
  const messages: string[] = [];
  const report = (event: ReportEvent) => void (event.kind !== "progress" && messages.push(event.message));
  const throttle = new Throttle({
    maxRate: null,
    report,
    signal: new AbortController().signal,
    share: () => share,
  });
  for (let write = 0; write < 50; write++) throttle.observe({ kind: "write", durationMs: 5 });
  return { throttle, messages };
}

describe("the throttle", () => {
  it("says why it goes slower, how slow, and what to do", () => {
    const { throttle, messages } = watched(1);
    throttle.applicationWrote();
    throttle.observe({ kind: "write", durationMs: 400 });
    throttle.observe({ kind: "write", durationMs: 400 });
    expect(messages).toEqual([
      "the application's writes take long (400 ms), so work goes on at 50 % of full speed for a while; if that " +
        "is too " +
        "slow: see what else uses the source's disk, or run this when the application writes less",
    ]);
  });

  it("does not take its own wait for a processor for the application's", async () => {
    const { throttle, messages } = watched(0.2);
    throttle.applicationWrote();
    throttle.observe({ kind: "write", durationMs: 400 });
    expect(messages).toEqual([]);
    expect(await throttle.rest({ rows: 1, durationMs: 100 })).toBe(false);
  });

  it("does not rest while no application writes", async () => {
    const { throttle, messages } = watched(1);
    throttle.observe({ kind: "write", durationMs: 4_000 });
    expect(messages).toEqual([]);
    expect(await throttle.rest({ rows: 1, durationMs: 100 })).toBe(false);
  });

  it("says that the machine is busy where it gets less than a tenth of a processor for seconds", async () => {
    const { throttle, messages } = watched(0.07);
    vi.useFakeTimers({ toFake: ["performance"], now: 0 });
    await throttle.rest({ rows: 1, durationMs: 100 });
    expect(messages).toEqual([]);
    vi.advanceTimersByTime(3_050);
    await throttle.rest({ rows: 1, durationMs: 100 });
    vi.useRealTimers();
    expect(messages).toEqual([
      "other programs keep the processors busy: this process gets one for 7 % of the time in which it needs one; end " +
        "them, or give it a higher priority (renice)",
    ]);
  });
});
