import fc from "fast-check";
import Database from "libsql";
import { describe, expect, it } from "vitest";
import { hasRejectedEscapeBytes, isJson } from "../../src/rows/json-syntax.ts";
import { hasRejectedEscapes } from "../../src/rows/types/json.ts";

const sqlite = new Database(":memory:");
const ask = sqlite.prepare(`SELECT json_valid(t), ${hasRejectedEscapes("t")} FROM (SELECT ? AS t)`).raw();

function bySqlite(text: string): { readonly json: boolean; readonly refused: boolean } {
  const [valid, refused] = ask.get(text) as [number, number | null];
  return { json: valid === 1, refused: refused === 1 };
}

function byBytes(text: string): { readonly json: boolean; readonly refused: boolean } {
  const bytes = Buffer.from(`1${text}1`);
  return { json: isJson(bytes, 1, bytes.length - 1), refused: hasRejectedEscapeBytes(bytes, 1, bytes.length - 1) };
}

const escapes = fc
  .array(
    fc.constantFrom(
      "\\u0000",
      "\\ud83d",
      "\\uDE00",
      "\\udbff",
      "\\udc00",
      "\\\\",
      "\\n",
      "\\u00e9",
      "a",
      "é",
      "\\uD800",
    ),
    { maxLength: 6 },
  )
  .map((parts) => `"${parts.join("")}"`);
const number = fc
  .tuple(
    fc.constantFrom("", "-", "+", "--"),
    fc.constantFrom("0", "1", "12", "01", "00", ""),
    fc.constantFrom("", ".", ".5", ".05"),
    fc.constantFrom("", "e", "e1", "E+1", "e-", "e-01", "e+"),
  )
  .map((parts) => parts.join(""));
const mostlyRight = fc.oneof(
  fc.json(),
  escapes,
  number,
  escapes.map((text) => `{"a": [${text}, 1]}`),
  number.map((text) => `[1,${text}]`),
);
const spoilt = fc
  .tuple(
    mostlyRight,
    fc.nat(),
    fc.constantFrom(..."0129-+:.,e \t\n\r\f\v\u00a0\"'\\/{}[]untfx\u0001\u007fé"),
    fc.constantFrom(0, 1),
  )
  .map(([text, place, character, taken]) => {
    const at = place % (text.length + 1);
    return text.slice(0, at) + character + text.slice(at + taken);
  });
const texts = fc.oneof(
  mostlyRight,
  spoilt,
  fc.tuple(spoilt, spoilt).map(([one, other]) => `[${one},${other}]`),
  fc.constantFrom(
    "",
    " ",
    "true",
    "TRUE",
    "nul",
    "nulll",
    "NaN",
    "Infinity",
    "-Infinity",
    "//a\n1",
    "1 ",
    " 1",
    "[1,]",
    "{a:1}",
    "{'a':1}",
    "[,]",
    "{}",
    "[]",
    "[ ]",
    "{ }",
    '"\\x41"',
    '"\\0"',
    "0x1",
    "\ufeff1",
  ),
);

describe("the loop over bytes of JSON", () => {
  it("says of every text what SQLite says", () => {
    fc.assert(
      fc.property(
        texts.filter((text) => !text.includes("\0")),
        (text) => {
          const expected = bySqlite(text);
          const found = byBytes(text);
          expect(found.json).toBe(expected.json);
          // Means something for JSON alone.
          if (expected.json) expect(found.refused).toBe(expected.refused);
        },
      ),
      { numRuns: 40_000 },
    );
  });

  it.each([999, 1_000, 1_001, 1_002, 5_000])("takes arrays and objects of %i levels as SQLite does", (depth) => {
    for (const [open, close] of [
      ["[", "]"],
      ['{"a":', "}"],
    ] as const) {
      const text = `${open.repeat(depth)}${open === "[" ? "" : "1"}${close.repeat(depth)}`;
      expect(byBytes(text).json).toBe(bySqlite(text).json);
    }
  });
});
