import { describe, expect, it } from "vitest";
import { ProcessorShare, readSchedulerTimes } from "../src/processor-share.ts";

describe("the processor share", () => {
  it("is the part of the wanted time in which there was a processor, of the last quarter of a second", () => {
    let now = 0;
    let times = { ran: 0, waited: 0 };
    const share = new ProcessorShare({ read: () => times, now: () => now });
    expect(share.current).toBe(1);
    [now, times] = [100, { ran: 1e7, waited: 9e7 }];
    expect(share.current).toBe(1);
    [now, times] = [300, { ran: 3e7, waited: 27e7 }];
    expect(share.current).toBe(0.1);
    [now, times] = [600, { ran: 33e7, waited: 27e7 }];
    expect(share.current).toBe(1);
    // It slept.
    now = 900;
    expect(share.current).toBe(1);
  });

  it("is 1 where the system does not tell", () => {
    let now = 0;
    const share = new ProcessorShare({ read: () => null, now: () => now });
    now = 1_000;
    expect(share.current).toBe(1);
  });

  it.runIf(process.platform === "linux")("counts what this process ran", () => {
    const before = readSchedulerTimes();
    for (const until = performance.now() + 50; performance.now() < until; );
    const after = readSchedulerTimes();
    const passed = (after?.ran ?? 0) + (after?.waited ?? 0) - (before?.ran ?? 0) - (before?.waited ?? 0);
    expect(passed).toBeGreaterThan(20e6);
  });
});
