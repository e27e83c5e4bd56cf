import { describe, expect, it } from "vitest";
import { type MigrationEvent, reportTo } from "../../src/events.ts";
import { reportIn } from "../../src/log.ts";

describe("an event", () => {
  it("has a type, the innermost phase, and its time; a warning has the code of the error that it reports", () => {
    const events: MigrationEvent[] = [];
    const report = reportTo((event) => events.push(event), "inspect");
    report({ kind: "step", message: "first" });
    reportIn(reportIn(report, "cutover"), "verify")({ kind: "step", message: "second" });
    reportIn(report, "cutover")({ kind: "warning", code: "CUTOVER_UNDONE", message: "third" });
    report({ kind: "warning", message: "fourth" });
    reportIn(report, "cutover")({ kind: "progress", phase: "copy", done: 1, total: 2, unit: "rows" });
    expect(events.map(({ at: _, ...event }) => event)).toEqual([
      { type: "step", phase: "inspect", message: "first" },
      { type: "step", phase: "verify", message: "second" },
      { type: "warning", phase: "cutover", message: "third", code: "CUTOVER_UNDONE" },
      { type: "warning", phase: "inspect", message: "fourth", code: null },
      { type: "progress", phase: "copy", done: 1, total: 2, unit: "rows", detail: null, part: null },
    ]);
    for (const { at } of events) expect(new Date(at).toISOString()).toBe(at);
  });
});
