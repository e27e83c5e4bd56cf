import { expect, it } from "vitest";
import { textCodec } from "../../src/rows/types/text.ts";

const text = (value: string) => ({ type: "text", bytes: Buffer.from(value) }) as const;

it("takes a text for equal to char(n) whatever trailing blanks either has", () => {
  const { comparison } = textCodec({ kind: "text", maxLength: 5, padded: true });
  expect(comparison.matches(text("ab  "), "ab")).toBe(true);
  expect(comparison.matches(text("ab"), "ab   ")).toBe(true);
  expect(comparison.matches(text(" ab"), "ab")).toBe(false);
});

it("keeps trailing blanks apart in varchar(n)", () => {
  const { comparison } = textCodec({ kind: "text", maxLength: 5, padded: false });
  expect(comparison.matches(text("ab "), "ab")).toBe(false);
});
