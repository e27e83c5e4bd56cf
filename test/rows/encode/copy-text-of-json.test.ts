import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Conversion } from "../../../src/model/mapping.ts";
import { copyTextOfJson, VALUES_OF_ARRAY } from "../../../src/rows/encode/copy-text-of-json.ts";
import { codecOf } from "../../../src/rows/types/codecs.ts";

const INTEGER: Conversion = { kind: "integer", type: "bigint" };
const TEXT: Conversion = { kind: "text", maxLength: null, padded: false };

function copied(json: string, ...conversions: readonly Conversion[]): string | null {
  const encoders = conversions.map(
    (conversion) => codecOf(conversion).encoder.json?.toText ?? expect.fail("has no fast path"),
  );
  const text = copyTextOfJson(Buffer.from(json), encoders);
  return text === null ? null : Buffer.from(text).toString();
}

describe("JSON as COPY text", () => {
  it("has a line for each row, tabs between values, and \\N for null", () => {
    expect(copied('[[1,"a"],[-20,null]]', INTEGER, TEXT)).toBe("1\ta\n-20\t\\N\n");
    expect(copied("[]", INTEGER)).toBe("");
  });

  it("keeps what JSON escapes escaped as COPY does, and takes marks and control characters as they are", () => {
    expect(copied(String.raw`[["a\"b\\c\nd\te\rf\bg\f","\u001b[1m\u0001"]]`, TEXT, TEXT)).toBe(
      String.raw`a"b\\c\nd\te\rf\bg\f` + "\t\u001b[1m\u0001\n",
    );
    expect(copied('[["\\\\N"],["null"],[""]]', TEXT)).toBe("\\\\N\nnull\n\n");
  });

  it("refuses a NUL, which no text of PostgreSQL has", () => {
    expect(copied(String.raw`[["a\u0000b"]]`, TEXT)).toBeNull();
  });

  it.each<[string, Conversion, string[], string[]]>([
    ["whole numbers", INTEGER, ["0", "-1", "9223372036854775807"], ["1.0", "1e3", '"1"', '""', "0.5", "[1]"]],
    ["booleans", { kind: "boolean" }, ["0", "1"], ["2", "10", "-1", '"1"', "true", "0.0"]],
    ["texts", TEXT, ['"1"', '"é😀"'], ["1", "0.5", "{}", "[]"]],
    ["texts of a length", { kind: "text", maxLength: 3, padded: false }, ['"abc"', '"é😀ü"'], ['"abcd"', '"é😀üa"']],
    [
      "doubles",
      { kind: "double" },
      ['"1.5e+300"', '"-0"', '"-Inf"', "999999999999999"],
      ['""', "9999999999999999", "1.5", '"0x1"', '"1_000"'],
    ],
    ["decimals", { kind: "numeric", scale: null }, ['"1.25"', "12345678901234567890"], ['""', '"1,5"', "1.5"]],
    [
      "days",
      { kind: "date" },
      ['"2026-11-23"'],
      ['"2026-11-23 "', '"2026-02-30"', '"26-11-23"', '"2026-1-23"', "20261123", '"J2460000.5"'],
    ],
    ["times", { kind: "time" }, ['"23:59:59"'], ['"24:00:00"', '"12:60:00"', '"12:00:60"', '"1:00:00"']],
    [
      "timestamps without a zone",
      { kind: "timestamp", zone: false, epoch: null },
      ['"2026-11-23 23:59:59"', '"2026-11-23T00:00:00.123"', '"2026-11-23 00:00:00.123456"'],
      [
        '"2026-11-23 24:00:00"',
        '"2026-11-23 00:00:00Z"',
        '"2026-11-23 00:00:60"',
        '"now"',
        "1",
        '"2026-11-23 00:00:00.1234567"',
      ],
    ],
    [
      "timestamps with one",
      { kind: "timestamp", zone: true, epoch: null },
      ['"2026-11-23T00:00:00.123Z"', '"2026-11-23T00:00:00Z"', '"2026-11-23 00:00:00"'],
      ['"2026-11-23 00:00:00+99"', '"11/23/2026"'],
    ],
    [
      "UUIDs",
      { kind: "uuid" },
      ['"0b9b54ef-6f0e-4a1c-9d5e-3f1f3d2a7c11"', '"0B9B54EF6F0E4A1C9D5E3F1F3D2A7C11"'],
      ['"{0b9b54ef6f0e4a1c9d5e3f1f3d2a7c11-}"', '"0b9b54ef"', '"0b9b54ef-6f0e-4a1c-9d5e-3f1f3d2a7cxx"'],
    ],
  ])("takes %s of their format, and nothing else", (_, conversion, fastPath, others) => {
    for (const value of fastPath)
      expect(copied(`[[${value}]]`, conversion), value).toBe(`${value.replaceAll('"', "")}\n`);
    for (const value of others) expect(copied(`[[${value}]]`, conversion), value).toBeNull();
  });

  it("takes rows of more values than SQLite's functions have arguments", () => {
    const width = 2 * VALUES_OF_ARRAY + 1;
    const numbers = Array.from({ length: width }, (__, index) => index);
    const row = JSON.stringify(
      [0, 1, 2].map((group) => numbers.slice(group * VALUES_OF_ARRAY, (group + 1) * VALUES_OF_ARRAY)),
    );
    const shapes = numbers.map(() => INTEGER);
    expect(copied(`[${row},${row}]`, ...shapes)).toBe(`${numbers.join("\t")}\n`.repeat(2));
    expect(copied(`[${JSON.stringify(numbers)}]`, ...shapes)).toBeNull();
  });

  it("refuses rows of another width, and what is cut short", () => {
    for (const json of ["[[1]]", "[[1,2,3]]", "[[1,2]", "[[1,2", "[1,2]", "[0.5]", "[[1,2],0.5]"])
      expect(copied(json, INTEGER, INTEGER), json).toBeNull();
  });

  it("reads back as the same texts, whatever they are", () => {
    const unescaped = (field: string) =>
      field.replace(
        /\\(.)/gs,
        (__, letter: string) => ({ n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" })[letter] ?? letter,
      );
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.integer(), fc.option(fc.string({ unit: "binary" }).filter((text) => !text.includes("\0")))),
          { maxLength: 5 },
        ),
        (rows) => {
          const text = copied(JSON.stringify(rows), INTEGER, TEXT) ?? "";
          const read = text
            .split("\n")
            .slice(0, -1)
            .map((line) => {
              const [number, field = ""] = line.split("\t");
              return [Number(number), field === "\\N" ? null : unescaped(field)];
            });
          expect(read).toEqual(rows);
        },
      ),
    );
  });
});
