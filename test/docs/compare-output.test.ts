import { describe, expect, it } from "vitest";
import { differenceOf } from "./compare-output.ts";

const compared = (expected: readonly string[], actual: readonly string[]) =>
  differenceOf({ page: "page.md", line: 1, command: "changeover check", expected, actual }) === null;

describe("what a command printed", () => {
  it("is what its page says but for times, numbers and addresses", () => {
    expect(compared(["12 rows in 1.2 s, postgres://a@b/c"], ["3,456 rows in 900 ms, postgres://x@y:1/z"])).toBe(true);
    expect(compared(["12 rows copied"], ["12 rows verified"])).toBe(false);
    expect(compared(["12 rows"], [])).toBe(false);
    expect(compared([], ["12 rows"])).toBe(false);
    expect(compared(["one"], ["one", "two"])).toBe(false);
  });

  it("may have more where the page has an ellipsis, but not for what follows it", () => {
    expect(compared(["…", "done"], ["a", "b", "done"])).toBe(true);
    expect(compared(["…", "done"], ["a", "b"])).toBe(false);
    expect(compared(["lag … changes"], ["lag 3 or 4 changes"])).toBe(true);
  });

  it("tells differences from none", () => {
    expect(compared(["12 rows, 0 differences"], ["12 rows, 0 differences"])).toBe(true);
    expect(compared(["12 rows, 0 differences"], ["12 rows, 2 differences"])).toBe(false);
  });

  it("fails only where the page says so, whatever the ellipsis hides", () => {
    expect(compared(["…"], ["error: no", "exit code 1"])).toBe(false);
    expect(compared(["…", "exit code 1"], ["error: no", "exit code 1"])).toBe(true);
    expect(compared(["…", "exit code 1"], ["error: no", "exit code 2"])).toBe(false);
    expect(compared(["…", "exit code 1"], ["fine"])).toBe(false);
  });
});
