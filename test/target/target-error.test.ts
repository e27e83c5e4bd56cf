import { expect, it } from "vitest";
import { withoutValues } from "../../src/target/target-error.ts";

const refusal = (message: string, detail: string, code = "23505") =>
  Object.assign(new Error(message), { detail, code });

it.each([
  ["Key (mail)=(a@x) already exists.", "m. Key (mail)=(…) already exists"],
  ["Key (a, b)=((1), x) is duplicated.", "m. Key (a, b)=(…) is duplicated"],
  ["Key (r)=([1,2)) conflicts with existing key (r)=([1,3)).", "m. Key (r)=(…)"],
  ["Failing row contains (1, a@x, null).", "m. Failing row contains (…)"],
  ["Partition key of the failing row contains (a) = (5).", "m. Partition key of the failing row contains (…)"],
  [
    'Key columns "a" and "b" are of incompatible types: text and bigint.',
    'm. Key columns "a" and "b" are of incompatible types: text and bigint',
  ],
])("PostgreSQL's DETAIL is told, and the values in it are not: %s", (detail, told) => {
  expect(withoutValues(refusal("m", detail))).toBe(told);
});

it("what is wrong with a value quotes the value: its DETAIL stays out", () => {
  expect(withoutValues(refusal('invalid input syntax for type json: "x"', 'Token "secret" is invalid.', "22P02"))).toBe(
    "invalid input syntax for type json",
  );
});
