import { describe, expect, it } from "vitest";
import type { SourceValue } from "../../src/model/source-value.ts";
import { compareRows, type TargetValue } from "../../src/queries/compare-rows.ts";

const options = { order: null, now: null } as const;
const differs = (value: SourceValue, text: string | null, type: string) =>
  compareRows({ source: [[value]], target: [[{ text, type }]] }, options) !== null;

describe("comparing rows of both databases", () => {
  it("takes values for equal as the migration relates them", () => {
    const equal: readonly (readonly [SourceValue, string | null, string])[] = [
      [1n, "true", "boolean"],
      [5n, "5", "bigint"],
      [0.1, "0.1", "double precision"],
      ["2024-01-01 10:00:00", "2024-01-01 10:00:00", "timestamp without time zone"],
      ["2024-01-01T10:00:00Z", "2024-01-01 10:00:00+00", "timestamp with time zone"],
      [1_700_000_000n, "2023-11-14 22:13:20+00", "timestamp with time zone"],
      ['{"b":1,"a":2}', '{"a": 2, "b": 1}', "jsonb"],
      [new Uint8Array([0, 255]).buffer, "\\x00ff", "bytea"],
      [null, null, "text"],
    ];
    for (const [value, text, type] of equal) expect(differs(value, text, type), `${String(value)} ${type}`).toBe(false);
  });

  it("takes nothing else for equal", () => {
    const unequal: readonly (readonly [SourceValue, string | null, string])[] = [
      [5n, "5", "text"],
      ["5", "5", "bigint"],
      [0n, "true", "boolean"],
      [null, "", "text"],
      ["a", "a ", "text"],
      [0.1, "0.10000000000000002", "double precision"],
      ["2024-01-01 10:00:00", "2024-01-01T10:00:00", "text"],
      ['{"n":9007199254740993}', '{"n":9007199254740992}', "jsonb"],
      [1_700_000_000n, "2023-11-14 22:13:21+00", "timestamp with time zone"],
    ];
    for (const [value, text, type] of unequal)
      expect(differs(value, text, type), `${String(value)} ${type}`).toBe(true);
  });

  it("counts order only as far as it is settled, and each row once", () => {
    const cell = (text: string): TargetValue => ({ text, type: "bigint" });
    const source = [
      [1n, 1n],
      [1n, 2n],
      [2n, 3n],
    ];
    const swapped = [
      [cell("1"), cell("2")],
      [cell("1"), cell("1")],
      [cell("2"), cell("3")],
    ];
    const turned = [
      [cell("2"), cell("3")],
      [cell("1"), cell("1")],
      [cell("1"), cell("2")],
    ];
    const compared = (target: TargetValue[][], order: "total" | number[] | null) =>
      compareRows({ source, target }, { order, now: null });
    expect(compared(swapped, null)).toBeNull();
    expect(compared(swapped, [0])).toBeNull();
    expect(compared(swapped, "total")).toMatchObject({ row: 1, column: 2 });
    expect(compared(turned, null)).toBeNull();
    expect(compared(turned, [0])).not.toBeNull();
    const twice = [
      [cell("1"), cell("1")],
      [cell("1"), cell("1")],
      [cell("2"), cell("3")],
    ];
    expect(compared(twice, null)).not.toBeNull();
  });

  it("takes two times near the present for equal only where both sides ask for it", () => {
    const at = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace("T", " ");
    const now = Date.now();
    const pair = { source: [[at(now)]], target: [[{ text: at(now + 2_000), type: "text" }]] };
    expect(compareRows(pair, { order: null, now })).toBeNull();
    expect(compareRows(pair, options)).not.toBeNull();
  });
});
