import { describe, expect, it } from "vitest";
import { type LiveState, renderLive } from "../../src/cli/live-lines.ts";

const copying: LiveState = {
  whole: { name: "copy", done: 500, total: 1_000, unit: "rows", rate: 100 },
  parts: [{ name: "customer", done: 250, total: 500, unit: "rows", rate: 50 }],
  followed: null,
};

describe("the lines of the live view", () => {
  it("are never wider than the terminal, and keep the time left longest", () => {
    for (let columns = 20; columns <= 200; columns++)
      for (const line of renderLive(copying, { columns, hasColor: false }))
        expect(line.length).toBeLessThanOrEqual(Math.max(columns, 44));
    const [narrow = ""] = renderLive(copying, { columns: 60, hasColor: false });
    expect(narrow).toContain("5.0 s left");
    const [wide = ""] = renderLive(copying, { columns: 120, hasColor: false });
    expect(wide).toContain("500 of 1,000 rows  100 rows/s  5.0 s left");
  });

  it("color the bar by what it means, and only where there is color", () => {
    const [going = ""] = renderLive(copying, { columns: 80, hasColor: true });
    expect(going).toContain("\u001b[36m");
    const done = { ...copying, whole: { name: "copy", done: 5, total: 5, unit: "rows", rate: 0 } };
    expect(renderLive(done, { columns: 80, hasColor: true })[0]).toContain("\u001b[32m");
    expect(renderLive(copying, { columns: 80, hasColor: false }).join("")).not.toContain("\u001b");
  });

  it("give way to what a sync brings over once the work is done", () => {
    const lines = renderLive(
      {
        whole: { name: "verify", done: 5, total: 5, unit: "rows", rate: 0 },
        parts: [],
        followed: { rows: 3, agoMs: 250 },
      },
      { columns: 80, hasColor: false },
    );
    expect(lines[0]).toBe("in sync: 3 changed rows brought over, the last 250 ms ago");
    expect(lines.at(-1)).toMatch(/^Ctrl-C ends it in good order/);
  });
});
