import { describe, expect, it } from "vitest";
import { renderFindings } from "../../src/cli/render-findings.ts";
import type { Finding } from "../../src/model/proposal.ts";

const quarantine = { tables: { 'a"b': { columns: { x: { type: "bigint", onBadValue: "quarantine" } } } } } as const;
const FINDING: Finding = {
  code: "MIXED_STORAGE",
  severity: "blocking",
  table: 'a"b',
  column: "x",
  count: 1234,
  examples: [
    [
      { type: "text", hex: "6b0a" },
      { type: "integer", value: "7" },
    ],
    [{ type: "null" }, { type: "blob", hex: "00" }],
  ],
  rules: [{ description: "quarantine", rules: quarantine }],
  message: "what",
  hint: "do this",
};

describe("findings as text", () => {
  it("name rows by keys that cannot be mistaken, and how many there are", () => {
    expect(renderFindings([FINDING])).toContain(`keys of 2 of 1,234: ("k\\n", 7), (NULL, x'00')\n`);
  });

  it("have rules below what blocks that can be pasted as they are", () => {
    const line = renderFindings([FINDING])
      .split("\n")
      .find((text) => text.trim().startsWith("{"));
    expect(JSON.parse(line ?? "")).toEqual(quarantine);
  });

  it("only say what rules could do where nothing blocks", () => {
    const text = renderFindings([{ ...FINDING, severity: "warning" }]);
    expect(text).toContain("rules could make it: quarantine");
    expect(text).not.toContain("{");
  });

  it("say that one was accepted, or answered by a rule", () => {
    expect(renderFindings([{ ...FINDING, severity: "warning", settledBy: "accept" }])).toContain('a"b.x  (accepted)\n');
    expect(renderFindings([{ ...FINDING, severity: "warning", settledBy: "rule" }])).toContain(
      'a"b.x  (answered by a rule)\n',
    );
  });

  it("show values only where they came along", () => {
    expect(renderFindings([{ ...FINDING, values: ['"secret"', "7"] }])).toContain(
      `("k\\n", 7) ("secret"), (NULL, x'00') (7)`,
    );
  });

  it("are in the order of what must be answered first", () => {
    const text = renderFindings([
      { ...FINDING, severity: "info", code: "NO_KEY" },
      { ...FINDING, severity: "warning", code: "FOREIGN_KEY_VIOLATED" },
      FINDING,
    ]);
    expect(text.match(/^\w+ +[A-Z_]+/gm)).toEqual([
      "blocking MIXED_STORAGE",
      "warning  FOREIGN_KEY_VIOLATED",
      "info     NO_KEY",
    ]);
  });
});
