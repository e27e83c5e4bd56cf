import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { canInline, inlineParameters } from "../../src/target/inline-parameters.ts";
import type { TargetSession } from "../../src/target/target.ts";
import { emptyTarget } from "../support/target.ts";

const TEXT =
  "select $1::text as a, $2::bigint as b, $3::boolean as c, $4::text[] as d, '$1 it''s' as e, \"$2\", $1::text as f " +
  '-- $3\n/* $4 */ from (select 1 as "$2") as s';
const text = fc.string({ unit: "grapheme" }).filter((value) => !value.includes("\0") && value.isWellFormed());
const parameters = fc.tuple(
  fc.option(text),
  fc.option(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)),
  fc.option(fc.boolean()),
  fc.option(fc.array(fc.option(text))),
);

let session: TargetSession;
beforeAll(async () => void ({ session } = await emptyTarget()));

it("gives what bound parameters give, under either reading of backslashes", async () => {
  await fc.assert(
    fc.asyncProperty(parameters, fc.constantFrom("on", "off"), async (values, conforming) => {
      await session.run(`set standard_conforming_strings = ${conforming}; set escape_string_warning = off`);
      const [inlined] = await session.batch([{ text: TEXT, parameters: values }]);
      expect(inlined).toEqual(await session.rows(TEXT, values));
    }),
    { numRuns: 200 },
  );
  await session.run("reset standard_conforming_strings");
});

it("leaves long values, and those with NUL, to be bound", () => {
  expect(canInline(["a", 1, null, true, ["b", null]])).toBe(true);
  expect(canInline(["a\0"])).toBe(false);
  expect(canInline([["a\0"]])).toBe(false);
  expect(canInline(["x".repeat(20_000)])).toBe(false);
  expect(inlineParameters({ text: "select 1" })).toBe("select 1");
});
