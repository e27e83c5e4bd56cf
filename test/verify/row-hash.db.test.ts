import fc from "fast-check";
import { expect, it } from "vitest";
import { RowHasher } from "../../src/verify/row-hash.ts";
import { emptyTarget } from "../support/target.ts";

const TEXTS = fc.sample(
  fc
    .oneof(fc.string({ unit: "binary", maxLength: 60 }), fc.string({ minLength: 0, maxLength: 40 }))
    .map((text) => text.replaceAll("\0", "")),
  { numRuns: 3_000, seed: 1 },
);

function hashed(texts: readonly string[], bySeed: boolean) {
  const hasher = new RowHasher(texts.length, { bySeed });
  for (const text of texts) {
    const bytes = new Uint8Array(Buffer.from(text));
    hasher.add(new DataView(bytes.buffer), bytes.length);
  }
  return hasher.hashes;
}

it.each([false, true])("hashes a row as PostgreSQL does (each seeded by its place: %s)", async (bySeed) => {
  const { session } = await emptyTarget();
  // Of all lengths, each remainder of twelve among them.
  const texts = [...TEXTS, ...Array.from({ length: 200 }, (_, length) => "äbc".repeat(length).slice(0, length))];
  const [expected] = await session.rows<{ sum: string; keys: string[] }>(
    "select sum(hash)::text as sum, array_agg((hash & 9007199254740991)::text order by place) as keys " +
      `from (select place, hashtextextended(text collate "C", case when ${bySeed} then place else 0 ` +
      "end) as hash from unnest($1::text[]) with ordinality as t(text, place)) as h",
    [texts],
  );
  const hashes = hashed(texts, bySeed);
  expect(hashes.rows).toBe(texts.length);
  expect(hashes.sum.toString()).toBe(expected?.sum);
  expect([...hashes.keys].map(String)).toEqual(expected?.keys);
});

it("has nothing to hash where there is no row, and one hash for an empty one", () => {
  expect(hashed([], false)).toMatchObject({ rows: 0, sum: 0n });
  expect(hashed([""], false).rows).toBe(1);
});
