import { expect, it } from "vitest";
import { historyOfCutover } from "../../src/api/history-details.ts";
import type { CutoverResult } from "../../src/cutover/cutover-run.ts";

it("a cutover that another command has done meanwhile is not noted as a second one", () => {
  const done: CutoverResult = {
    ok: true,
    downtimeMs: 57,
    cutOverAt: "2026-12-01T05:21:15.123Z",
    isRepeated: false,
    verified: { rows: 3, differences: 0 },
    phase: "cut-over",
    brokenForeignKeys: [],
    failback: true,
    notices: [],
  };
  expect(historyOfCutover(done).details).toEqual({ downtime_ms: 57, rows: 3, differences: 0, phase: "cut-over" });
  expect(historyOfCutover({ ...done, isRepeated: true })).toEqual({
    ok: true,
    details: { phase: "cut-over", repeated: true },
  });
});
