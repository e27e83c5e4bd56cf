import { describe, expect, it } from "vitest";
import { Pace } from "../../src/journey/pace.ts";

/** How long 20 ms of work are rested for, ms. */
function restAt(pace: Pace, now: number): number {
  return Math.round(pace.rest({ rows: 100, took: 20 }, now));
}

const SLOW = { kind: "commit", took: 1_000 } as const;

/** A pace that knows what is usual. */
function usual(maxRate: number | null = null): Pace {
  const pace = new Pace({ maxRate });
  for (let commit = 0; commit < 100; commit++) pace.saw({ kind: "commit", took: 5 }, 0);
  return pace;
}

describe("the pace", () => {
  it("is full speed while nothing struggles", () => {
    const pace = new Pace({ maxRate: null });
    for (let now = 0; now < 10_000; now += 100) {
      expect(pace.saw({ kind: "read", took: 20 }, now)).toBe(false);
      expect(pace.saw({ kind: "commit", took: 5 }, now)).toBe(false);
      expect(restAt(pace, now)).toBe(0);
    }
  });

  it("is halved by each commit that takes long, down to an eighth", () => {
    const pace = usual();
    const rests = [0, 500, 1_000, 1_500, 2_000, 2_500, 3_000].map((now) => {
      pace.saw(SLOW, now);
      return restAt(pace, now);
    });
    expect(rests[0]).toBe(20);
    expect(rests[1]).toBeGreaterThan(40);
    expect(Math.max(...rests)).toBeLessThanOrEqual(140);
    expect(pace.shareAt(3_000)).toBe(1 / 8);
  });

  it("takes what comes in one burst for one sign", () => {
    const pace = usual();
    for (let now = 0; now < 200; now += 10) pace.saw(SLOW, now);
    expect(pace.shareAt(0)).toBe(0.5);
  });

  it("gives an eighth back in each second without a sign", () => {
    const pace = usual();
    pace.saw(SLOW, 0);
    expect(pace.shareAt(1_000)).toBe(0.625);
    expect(pace.shareAt(4_000)).toBe(1);
    expect(pace.shareAt(60_000)).toBe(1);
  });

  it("knows a snapshot or a commit for slow by what is usual", () => {
    for (const kind of ["read", "commit"] as const) {
      const pace = new Pace({ maxRate: null });
      for (let now = 0; now < 5_000; now += 50) pace.saw({ kind, took: 60 }, now);
      expect(pace.saw({ kind, took: 230 }, 6_000)).toBe(false);
      expect(pace.saw({ kind, took: 300 }, 7_000)).toBe(true);
      expect(pace.shareAt(7_000)).toBe(0.5);
    }
  });

  it("takes nothing short for slow, however quick it usually is", () => {
    const pace = new Pace({ maxRate: null });
    for (let now = 0; now < 5_000; now += 50) pace.saw({ kind: "read", took: 1 }, now);
    expect(pace.saw({ kind: "read", took: 99 }, 6_000)).toBe(false);
    expect(pace.saw({ kind: "read", took: 101 }, 7_000)).toBe(true);
  });

  it("takes slowness for usual once it lasts, and goes on", () => {
    const pace = new Pace({ maxRate: null });
    let now = 0;
    for (; now < 5_000; now += 50) pace.saw({ kind: "commit", took: 50 }, now);
    let signs = 0;
    for (; now < 600_000; now += 500) if (pace.saw({ kind: "commit", took: 900 }, now)) signs++;
    expect(signs).toBeGreaterThan(5);
    expect(pace.shareAt(now)).toBe(1);
  });

  it("rests two seconds at most, however long the work took", () => {
    const pace = usual();
    pace.saw(SLOW, 0);
    expect(pace.rest({ rows: 1, took: 60_000 }, 0)).toBe(2_000);
  });

  it("holds a rate", () => {
    const pace = new Pace({ maxRate: 1_000 });
    let now = 0;
    for (let page = 0; page < 100; page++) {
      now += 20;
      now += pace.rest({ rows: 250, took: 20 }, now);
    }
    expect(now).toBeGreaterThanOrEqual(25_000);
    expect(now).toBeLessThan(25_100);
  });

  it("saves no time up while there is nothing to do", () => {
    const pace = new Pace({ maxRate: 1_000 });
    expect(pace.rest({ rows: 250, took: 20 }, 3_600_000)).toBe(230);
    expect(pace.rest({ rows: 250, took: 20 }, 7_200_000)).toBe(230);
  });

  it("does not slow replay down but for the rate: put off, its work would only grow", () => {
    const unlimited = usual();
    unlimited.saw(SLOW, 0);
    expect(unlimited.restOfRate({ rows: 1_000, took: 100 }, 0)).toBe(0);
    const limited = usual(1_000);
    limited.saw(SLOW, 1_000);
    expect(limited.restOfRate({ rows: 1_000, took: 100 }, 1_000)).toBe(900);
  });

  it("takes the longer of the rate's rest and the share's", () => {
    const pace = usual(1_000);
    pace.saw(SLOW, 1_000);
    expect(pace.rest({ rows: 1, took: 100 }, 1_000)).toBe(100);
    expect(pace.rest({ rows: 1_000, took: 100 }, 2_000)).toBe(900);
  });
});
