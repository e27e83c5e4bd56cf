import { describe, expect, it } from "vitest";
import { IDLE_AFTER_MS, ThrottlePolicy } from "../../src/throttle/throttle-policy.ts";

/** How long 20 ms of work are rested for, ms. */
function restAt(policy: ThrottlePolicy, now: number): number {
  return Math.round(policy.rest({ rows: 100, durationMs: 20 }, now));
}

const SLOW = { kind: "commit", durationMs: 1_000 } as const;

/** A pace that knows what is usual. */
function typical(maxRate: number | null = null): ThrottlePolicy {
  const policy = new ThrottlePolicy({ maxRate });
  for (let commit = 0; commit < 100; commit++) policy.observe({ kind: "commit", durationMs: 5 }, 0);
  return written(policy);
}

/** While an application writes without end. */
function written(policy: ThrottlePolicy): ThrottlePolicy {
  policy.applicationWrote(Number.MAX_SAFE_INTEGER);
  return policy;
}

describe("the pace", () => {
  it("is full speed while nothing struggles", () => {
    const policy = new ThrottlePolicy({ maxRate: null });
    for (let now = 0; now < 10_000; now += 100) {
      expect(policy.observe({ kind: "read", durationMs: 20 }, now)).toBe(false);
      expect(policy.observe({ kind: "commit", durationMs: 5 }, now)).toBe(false);
      expect(restAt(policy, now)).toBe(0);
    }
  });

  it("is halved by each commit that takes long, down to an eighth", () => {
    const policy = typical();
    const rests = [0, 500, 1_000, 1_500, 2_000, 2_500, 3_000].map((now) => {
      policy.observe(SLOW, now);
      return restAt(policy, now);
    });
    expect(rests[0]).toBe(20);
    expect(rests[1]).toBeGreaterThan(40);
    expect(Math.max(...rests)).toBeLessThanOrEqual(140);
    expect(policy.shareAt(3_000)).toBe(1 / 8);
  });

  it("is full speed where no application writes, whatever is slow", () => {
    const policy = new ThrottlePolicy({ maxRate: null });
    for (let now = 0; now < 5_000; now += 50) policy.observe({ kind: "commit", durationMs: 5 }, now);
    expect(policy.observe(SLOW, 6_000)).toBe(false);
    expect(restAt(policy, 6_000)).toBe(0);
    policy.applicationWrote(6_500);
    expect(policy.observe(SLOW, 7_000)).toBe(true);
    expect(restAt(policy, 7_000)).toBe(20);
    // It has stopped: what is left of the share counts no more.
    expect(restAt(policy, 7_000 + IDLE_AFTER_MS)).toBe(0);
  });

  it("takes what comes in one burst for one sign", () => {
    const policy = typical();
    for (let now = 0; now < 200; now += 10) policy.observe(SLOW, now);
    expect(policy.shareAt(0)).toBe(0.5);
  });

  it("gives an eighth back in each second without a sign", () => {
    const policy = typical();
    policy.observe(SLOW, 0);
    expect(policy.shareAt(1_000)).toBe(0.625);
    expect(policy.shareAt(4_000)).toBe(1);
    expect(policy.shareAt(60_000)).toBe(1);
  });

  it("knows a snapshot or a commit for slow by what is usual", () => {
    for (const kind of ["write", "read", "commit"] as const) {
      const policy = written(new ThrottlePolicy({ maxRate: null }));
      for (let now = 0; now < 5_000; now += 50) policy.observe({ kind, durationMs: 60 }, now);
      expect(policy.observe({ kind, durationMs: 230 }, 6_000)).toBe(false);
      expect(policy.observe({ kind, durationMs: 300 }, 7_000)).toBe(true);
      expect(policy.shareAt(7_000)).toBe(0.5);
    }
  });

  it("takes nothing short for slow, however quick it usually is", () => {
    const policy = written(new ThrottlePolicy({ maxRate: null }));
    for (let now = 0; now < 5_000; now += 50) policy.observe({ kind: "read", durationMs: 1 }, now);
    expect(policy.observe({ kind: "read", durationMs: 99 }, 6_000)).toBe(false);
    expect(policy.observe({ kind: "read", durationMs: 101 }, 7_000)).toBe(true);
  });

  it("takes slowness for usual once it lasts, and goes on", () => {
    const policy = written(new ThrottlePolicy({ maxRate: null }));
    let now = 0;
    for (; now < 5_000; now += 50) policy.observe({ kind: "commit", durationMs: 50 }, now);
    let signs = 0;
    for (; now < 600_000; now += 500) if (policy.observe({ kind: "commit", durationMs: 900 }, now)) signs++;
    expect(signs).toBeGreaterThan(5);
    expect(policy.shareAt(now)).toBe(1);
  });

  it("rests two seconds at most, however long the work took", () => {
    const policy = typical();
    policy.observe(SLOW, 0);
    expect(policy.rest({ rows: 1, durationMs: 60_000 }, 0)).toBe(2_000);
  });

  it("holds a rate", () => {
    const policy = new ThrottlePolicy({ maxRate: 1_000 });
    let now = 0;
    for (let page = 0; page < 100; page++) {
      now += 20;
      now += policy.rest({ rows: 250, durationMs: 20 }, now);
    }
    expect(now).toBeGreaterThanOrEqual(25_000);
    expect(now).toBeLessThan(25_100);
  });

  it("saves no time up while there is nothing to do", () => {
    const policy = new ThrottlePolicy({ maxRate: 1_000 });
    expect(policy.rest({ rows: 250, durationMs: 20 }, 3_600_000)).toBe(230);
    expect(policy.rest({ rows: 250, durationMs: 20 }, 7_200_000)).toBe(230);
  });

  it("does not slow replay down but for the rate: put off, its work would only grow", () => {
    const unlimited = typical();
    unlimited.observe(SLOW, 0);
    expect(unlimited.delayOfRate({ rows: 1_000, durationMs: 100 }, 0)).toBe(0);
    const limited = typical(1_000);
    limited.observe(SLOW, 1_000);
    expect(limited.delayOfRate({ rows: 1_000, durationMs: 100 }, 1_000)).toBe(900);
  });

  it("takes the longer of the rate's rest and the share's", () => {
    const policy = typical(1_000);
    policy.observe(SLOW, 1_000);
    expect(policy.rest({ rows: 1, durationMs: 100 }, 1_000)).toBe(100);
    expect(policy.rest({ rows: 1_000, durationMs: 100 }, 2_000)).toBe(900);
  });
});
