import { expect, it } from "vitest";
import { runInSessions, type SessionWork } from "../../src/target/run-in-sessions.ts";
import type { TargetSession } from "../../src/target/target.ts";

/** Sessions that only have a name, and how many of them were opened and closed. */
function someSessions(max: number) {
  const counts = { opened: 0, closed: 0 };
  const session = (name: string) =>
    ({ name, close: () => Promise.resolve(void counts.closed++) }) as unknown as TargetSession & {
      readonly name: string;
    };
  return {
    counts,
    sessions: {
      first: session("first"),
      target: { session: () => Promise.resolve(session(`other ${++counts.opened}`)) },
      max,
    },
  };
}

/** Does each item in as many turns of the event loop as its number says, and notes when it began and ended. */
async function done(work: readonly SessionWork<string>[], max: number, fails?: string) {
  const { counts, sessions } = someSessions(max);
  const log: string[] = [];
  let error: unknown = null;
  await runInSessions(sessions, work, async (_, item) => {
    log.push(`+${item}`);
    for (let turn = 0; turn < Number(item.slice(1)); turn++) await new Promise((resolve) => setImmediate(resolve));
    if (item === fails) throw new Error(item);
    log.push(`-${item}`);
  }).catch((caught: unknown) => (error = caught));
  return { log, counts, error };
}

it("starts the heaviest work first, and keeps the order within one", async () => {
  const { log, counts } = await done(
    [
      { items: ["a1"], weight: 1 },
      { items: ["b1", "c1"], weight: 9 },
      { items: ["d1"], weight: 3 },
    ],
    1,
  );
  expect(log).toEqual(["+b1", "-b1", "+c1", "-c1", "+d1", "-d1", "+a1", "-a1"]);
  expect(counts).toEqual({ opened: 0, closed: 0 });
});

it("starts follow-up work when its predecessor is done, in idle sessions", async () => {
  const { log, counts } = await done(
    [{ items: ["k3"], then: ["x5", "y5", "z5"].map((item) => ({ items: [item] })) }],
    3,
  );
  expect(log.slice(0, 5)).toEqual(["+k3", "-k3", "+x5", "+y5", "+z5"]);
  expect(log).toHaveLength(8);
  expect(counts).toEqual({ opened: 2, closed: 2 });
});

it("starts heavier work before follow-up work", async () => {
  const { log } = await done(
    [
      { items: ["k1"], weight: 10, then: [{ items: ["x1"], weight: 2 }] },
      { items: ["l1"], weight: 5 },
    ],
    1,
  );
  expect(log).toEqual(["+k1", "-k1", "+l1", "-l1", "+x1", "-x1"]);
});

it("opens no more sessions than there is work for", async () => {
  const { counts } = await done([{ items: ["a1", "b1"] }, { items: ["c1"] }], 8);
  expect(counts).toEqual({ opened: 1, closed: 1 });
});

it("stops at the first error: running items end, no others start, and all sessions are closed", async () => {
  const { log, counts, error } = await done(
    [
      { items: ["a2"], weight: 3, then: [{ items: ["n1"] }] },
      { items: ["b4", "c1"], weight: 2 },
      { items: ["d1"], weight: 1 },
    ],
    2,
    "a2",
  );
  expect(error).toEqual(new Error("a2"));
  expect(log).toEqual(["+a2", "+b4", "-b4"]);
  expect(counts).toEqual({ opened: 1, closed: 1 });
});

it("wakes idle sessions when no more work will come", async () => {
  const { error, counts } = await done([{ items: ["a2"], then: [{ items: ["b1"] }, { items: ["c1"] }] }], 2, "a2");
  expect(error).toEqual(new Error("a2"));
  expect(counts).toEqual({ opened: 1, closed: 1 });
});
