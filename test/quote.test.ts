import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pgName, pgString, sqliteName, sqliteString } from "../src/quote.ts";
import { openSource } from "../src/source/source.ts";
import { sqliteFile } from "./support/source.ts";

describe("quoting", () => {
  it("doubles the quotes in a name or a string", () => {
    expect(sqliteName('a"b')).toBe('"a""b"');
    expect(sqliteString("it's")).toBe("'it''s'");
    expect(pgName('a"b')).toBe('"a""b"');
    expect(pgString("it's")).toBe("'it''s'");
    expect(pgString("a\\'b")).toBe("E'a\\\\''b'");
  });

  it("refuses NUL, which no literal can hold", () => {
    expect(() => sqliteString("a\0b")).toThrow(RangeError);
    expect(() => pgString("a\0b")).toThrow(RangeError);
  });

  it("survives a round trip through SQLite for any name and string", async () => {
    const { path } = await sqliteFile("create table t(x)");
    const source = openSource({ url: path });
    const text = fc
      .string({ unit: "binary", minLength: 1, maxLength: 20 })
      .filter((value) => !value.includes("\0") && value.isWellFormed());
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        const [row] = await source.read((tx) =>
          tx.rows(
            `SELECT CAST(${sqliteString(value)} AS BLOB), ${sqliteName(value)}.n ` +
              `FROM (SELECT 7 AS n) AS ${sqliteName(value)}`,
          ),
        );
        expect(Buffer.from(row?.[0] as ArrayBuffer).toString("utf8")).toBe(value);
        expect(row?.[1]).toBe(7n);
      }),
    );
    source.close();
  });
});
