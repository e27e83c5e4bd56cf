import fc from "fast-check";
import Database from "libsql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COMPAT_NAMES } from "../../src/queries/compat/compat-objects.ts";
import { renderCompat } from "../../src/queries/compat/render-compat.ts";
import type { TargetSession } from "../../src/target/target.ts";
import { emptyTarget } from "../support/target.ts";
import { COMPAT_CASES, type CompatCase } from "./compat-cases.ts";

const SEED = Number(process.env["FUZZ_SEED"] ?? 30);
const RUNS = Number(process.env["FUZZ_TRIALS"] ?? 120);

describe("what stands in for SQLite's functions gives the same as SQLite", () => {
  const sqlite = new Database(":memory:");
  sqlite.defaultSafeIntegers(true);
  let session: TargetSession;
  beforeAll(async () => {
    // An ordinary owner makes it.
    ({ session } = await emptyTarget(renderCompat(COMPAT_NAMES)));
  });
  afterAll(() => {
    sqlite.close();
  });

  for (const [name, makes] of Object.entries(COMPAT_CASES))
    it(name, async () => {
      for (const [index, make] of makes.entries()) {
        const cases = fc.sample(make, { seed: SEED + index, numRuns: RUNS });
        const differing = await compare(cases);
        expect(differing, `seed ${SEED + index}`).toEqual([]);
      }
    });

  async function compare(cases: readonly CompatCase[]): Promise<string[]> {
    const list = cases.map(({ postgres }) => `(${postgres})::text`).join(",\n");
    const [row] = await session.rows<{ answers: (string | null)[] }>(`select array[${list}] as answers`);
    return cases.flatMap(({ postgres, sqlite: asked }, index) => {
      const [one] = sqlite.prepare(`SELECT ${asked}`).raw(true).get() as [unknown];
      const other = row?.answers[index] ?? null;
      return isSame(one, other) ? [] : [`${postgres}: ${String(one)} in SQLite, ${String(other)} here`];
    });
  }
});

function isSame(one: unknown, other: string | null): boolean {
  if (one === null || other === null) return one === other;
  if (typeof one === "bigint" && (other === "true" || other === "false")) return (one === 1n) === (other === "true");
  if (typeof one === "number") return Object.is(Number(other), one) || Number(other) === one;
  // jsonb keeps no order of members.
  return String(one) === other || (isJson(other) && membersOf(String(one)) === membersOf(other));
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
}

function membersOf(json: string): string {
  return JSON.stringify(JSON.parse(json), (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}
