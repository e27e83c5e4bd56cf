import { describe, expect, it } from "vitest";
import { textValue } from "../../src/rows/inverse.ts";
import { rawText } from "../../src/rows/raw-value.ts";
import { timestampInverse } from "../../src/rows/types/timestamp-inverse.ts";

const { formatOf, write } = timestampInverse({ kind: "timestamp", zone: true, epoch: null });

const written = (text: string, targetText: string) => {
  const raw = textValue(text)?.value;
  const value = raw === undefined ? null : write(targetText, formatOf(raw));
  return value === null ? null : rawText(value.value);
};

describe("a timestamp with a space before its zone, as Sequelize writes it", () => {
  it.each([
    ["2024-01-31 12:30:05.123 +00:00", "2024-01-31 12:30:05.123+00"],
    ["2024-01-31 12:30:05 -05:30", "2024-01-31 18:00:05+00"],
    ["2024-01-31T12:30 Z", "2024-01-31 12:30:00+00"],
  ])("%s comes back as it was", (text, targetText) => {
    expect(written(text, targetText)).toBe(text);
  });

  it("gives its format to a new value", () => {
    expect(written("2024-01-31 12:30:05.123 +00:00", "2025-02-28 01:02:03.004+00")).toBe(
      "2025-02-28 01:02:03.004 +00:00",
    );
  });
});
