import { describe, expect, it } from "vitest";
import { compareTable } from "./compare.ts";
import { isEqual, type Raw } from "./equal.ts";

const integer = (value: bigint): Raw => ({ kind: "integer", value });
const real = (value: number): Raw => ({ kind: "real", value });
const text = (value: string): Raw => ({ kind: "text", bytes: Buffer.from(value) });
const blob = (hex: string): Raw => ({ kind: "blob", bytes: Buffer.from(hex, "hex") });

describe("the oracle", () => {
  it.each<[Raw, string, string | null]>([
    [integer(9007199254740993n), "bigint", "9007199254740993"],
    [integer(7n), "numeric(10,2)", "7.00"],
    [real(1), "bigint", "1"],
    [real(-0), "double precision", "-0"],
    [real(0.1 + 0.2), "double precision", "0.30000000000000004"],
    [text("a\0b"), "bytea", "\\x610062"],
    [text('{"b":1,"a":[1.0]}'), "jsonb", '{"a": [1.0], "b": 1}'],
    [text("2024-01-31T12:30:00+02:00"), "timestamp with time zone", "2024-01-31 10:30:00+00"],
    [text("{6F9619FF-8B86-D011-B42D-00C04FC964FF}"), "uuid", "6f9619ff-8b86-d011-b42d-00c04fc964ff"],
    [text("2001:DB8::1"), "inet", "2001:db8::1"],
    [{ kind: "null" }, "text", null],
  ])("takes %o in %s for %s", (raw, type, arrived) => {
    expect(isEqual(raw, type, arrived)).toBe(true);
  });

  it.each<[Raw, string, string | null]>([
    [integer(9007199254740993n), "double precision", "9007199254740992"],
    [integer(2n), "boolean", "true"],
    [real(20.125), "numeric(10,2)", "20.13"],
    [real(0.1), "real", "0.10000000149011612"],
    [real(-0), "double precision", "0"],
    [text("a\0b"), "text", "a"],
    [text("abc  "), "character varying(3)", "abc"],
    [text(""), "text", null],
    [text("twelve"), "bigint", null],
    [{ kind: "null" }, "text", ""],
    [blob("61"), "text", "a"],
    [text('{"n":9007199254740993}'), "jsonb", '{"n": 9007199254740992}'],
    [text("2024-01-31T12:30:00Z"), "timestamp without time zone", "2024-01-31 12:30:00"],
    [text("2024-01-31 12:30:00.123456789"), "timestamp without time zone", "2024-01-31 12:30:00.123457"],
    [text("2023-02-30"), "date", "2023-03-02"],
    [text("010.1.0.8"), "inet", "8.1.0.8"],
  ])("does not take %o in %s for %s", (raw, type, arrived) => {
    expect(isEqual(raw, type, arrived)).toBe(false);
  });

  it("misses a row that is missing, one too many, and one that came twice", () => {
    const compare = (source: readonly string[], target: readonly string[]) => {
      const contents = { table: "t", columns: ["v"], rows: source.map((value) => [text(value)]) };
      return compareTable({
        source: contents,
        raw: contents,
        target: { columns: [{ name: "v", type: "text" }], rows: target.map((value) => [value]) },
        ledger: [],
        renamed: () => undefined,
        wasThere: false,
      }).length;
    };
    expect(compare(["a", "b", "b"], ["b", "a", "b"])).toBe(0);
    expect(compare(["a", "b"], ["a"])).toBe(1);
    expect(compare(["a"], ["a", "a"])).toBe(1);
    expect(compare(["a", "b"], ["a", "a"])).toBe(2);
  });
});
