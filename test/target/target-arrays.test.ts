import { expect, it } from "vitest";
import { elementsOf } from "../../src/target/target-arrays.ts";
import { emptyTarget } from "../support/target.ts";

it("reads the elements of PostgreSQL's arrays", () => {
  expect(elementsOf("{}")).toEqual([]);
  expect(elementsOf('{a,NULL,"NULL","","b,c","d \\"e\\" \\\\ {f}"}')).toEqual([
    "a",
    null,
    "NULL",
    "",
    "b,c",
    'd "e" \\ {f}',
  ]);
});

it("reads them in a session's rows", async () => {
  const { session, target } = await emptyTarget();
  const [row] = await session.rows(
    `select array['a', null, 'b "c", \\d'] as texts, array['x'::name] as names, array[1, null, ` +
      "-3] as numbers, array[true, false] as flags, array[]::text[] as none",
  );
  expect(row).toEqual({
    texts: ["a", null, 'b "c", \\d'],
    names: ["x"],
    numbers: [1, null, -3],
    flags: [true, false],
    none: [],
  });
  await target.close();
});
