import { expect, it } from "vitest";
import { arrayElements } from "../../src/array-literal.ts";
import { emptyTarget } from "../support/target.ts";

it("reads the elements of PostgreSQL's arrays", () => {
  expect(arrayElements("{}")).toEqual([]);
  expect(arrayElements('{a,NULL,"NULL","","b,c","d \\"e\\" \\\\ {f}"}')).toEqual([
    "a",
    null,
    "NULL",
    "",
    "b,c",
    'd "e" \\ {f}',
  ]);
});

it("takes what is no array of one dimension for none", () => {
  for (const text of ["", "a", "{", "{a", '{"a}', "{{a},{b}}", "{a}b", "{,}", '{a"b"}'])
    expect(arrayElements(text)).toBeNull();
  expect(arrayElements(' { a b , null , "c" } ')).toEqual(["a b", null, "c"]);
});

it("reads an element of twenty million characters, and one of two million escapes", () => {
  const [plain, quotes] = ["x".repeat(20_000_000), '"'.repeat(2_000_000)];
  expect(arrayElements(`{"${plain}",NULL}`)?.map((element) => element?.length)).toEqual([20_000_000, undefined]);
  expect(arrayElements(`{"${quotes.replaceAll('"', '\\"')}"}`)?.[0] === quotes).toBe(true);
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
