import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { ReadAhead } from "../../src/replay/read-ahead.ts";
import type { ChangeReader, Changes } from "../../src/replay/read-changes.ts";

const WIDE = {
  mapping: {
    id: 1,
    source: "t",
    target: { schema: "public", name: "t" },
    identity: { kind: "columns", columns: ["id"] },
    columns: [],
  },
  key: [],
} as const;

function passOf(
  number: number,
  { last = 20, large = false }: { readonly last?: number; readonly large?: boolean } = {},
): Changes {
  return {
    pass: number,
    through: BigInt(number),
    last: BigInt(last),
    tables: [],
    large: large ? WIDE : null,
    durationMs: 1,
  };
}

/** Reads passes of one entry each; `seen` are those that were read. */
function reader(of: (number: number) => Changes): { readonly reader: ChangeReader; readonly seen: number[] } {
  const seen: number[] = [];
  return {
    seen,
    reader: {
      async read(after) {
        const number = Number(after) + 1;
        seen.push(number);
        await delay(1);
        return of(number);
      },
    },
  };
}

async function takeAll(ahead: ReadAhead): Promise<number[][]> {
  const taken: number[][] = [];
  for (let passes = await ahead.take(); passes.length > 0; passes = await ahead.take()) {
    taken.push(passes.map(({ pass }) => pass));
    await delay(5);
  }
  return taken;
}

describe("reading ahead", () => {
  it("brings all passes in their order, several at once, and ends behind the last", async () => {
    const { reader: source } = reader((number) => passOf(number));
    const taken = await takeAll(new ReadAhead({ reader: source, first: passOf(0) }));
    expect(taken.flat()).toEqual(Array.from({ length: 21 }, (_, number) => number));
    expect(taken.length).toBeLessThan(21);
  });

  it("brings the one pass that there is", async () => {
    const { reader: source, seen } = reader(() => expect.fail("reads on"));
    expect(await takeAll(new ReadAhead({ reader: source, first: passOf(20) }))).toEqual([[20]]);
    expect(seen).toEqual([]);
  });

  it("holds no more than a few", async () => {
    const { reader: source, seen } = reader((number) => passOf(number, { last: 1_000 }));
    const ahead = new ReadAhead({ reader: source, first: passOf(0, { last: 1_000 }) });
    await delay(100);
    expect(seen.length).toBeLessThan(10);
    await ahead.close();
  });

  it("reads nothing behind a row that comes in pieces until that has been brought over", async () => {
    const { reader: source, seen } = reader((number) =>
      passOf(number, { last: 6, large: number === 3 || number === 6 }),
    );
    const ahead = new ReadAhead({ reader: source, first: passOf(0) });
    const taken: number[] = [];
    while (!taken.includes(3)) taken.push(...(await ahead.take()).map(({ pass }) => pass));
    await delay(20);
    expect(seen).toEqual([1, 2, 3]);
    while (!taken.includes(6)) taken.push(...(await ahead.take()).map(({ pass }) => pass));
    await delay(20);
    // The last pass is one that knows what became of the row.
    expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
    await ahead.close();
  });

  it("tells of what failed, behind the passes that were read", async () => {
    const { reader: source } = reader((number) => (number < 3 ? passOf(number) : expect.fail("lost")));
    const ahead = new ReadAhead({ reader: source, first: passOf(0) });
    await expect(takeAll(ahead)).rejects.toThrow("lost");
    await ahead.close();
  });

  it("is interrupted between two passes", async () => {
    const stop = new AbortController();
    const { reader: source } = reader((number) => {
      if (number === 2) stop.abort();
      return passOf(number);
    });
    await expect(
      takeAll(new ReadAhead({ reader: source, first: passOf(0), signal: stop.signal })),
    ).rejects.toMatchObject({ code: "INTERRUPTED" });
  });

  it("reads nothing during work that waits for answers, also if that fails, and goes on behind it", async () => {
    const { reader: source, seen } = reader((number) => passOf(number, { last: 1_000 }));
    const ahead = new ReadAhead({ reader: source, first: passOf(0, { last: 1_000 }) });
    await ahead.take();
    const failing = ahead.without(async () => {
      // A pass may have been under way.
      await delay(5);
      const before = seen.length;
      await ahead.take();
      await delay(20);
      expect(seen.length).toBe(before);
      throw new Error("refused");
    });
    await expect(failing).rejects.toThrow("refused");
    const before = seen.length;
    await delay(20);
    expect(seen.length).toBeGreaterThan(before);
    await ahead.close();
  });

  it("begins nothing between taking passes and bringing them over where that waits for answers", async () => {
    const { reader: source, seen } = reader((number) => passOf(number, { last: 1_000 }));
    const ahead = new ReadAhead({ reader: source, first: passOf(0, { last: 1_000 }) });
    // As many as may wait.
    await delay(50);
    const taken = await ahead.take({ holds: true });
    await ahead.without(async () => {
      await delay(20);
      expect(seen.length).toBe(taken.length - 1);
    });
    await delay(20);
    expect(seen.length).toBeGreaterThan(taken.length - 1);
    await ahead.close();
  });

  it("has ended when it is closed", async () => {
    const { reader: source, seen } = reader((number) => passOf(number, { last: 1_000 }));
    const ahead = new ReadAhead({ reader: source, first: passOf(0, { last: 1_000 }) });
    await ahead.take();
    await ahead.close();
    const before = seen.length;
    await delay(30);
    expect(seen.length).toBe(before);
  });
});
