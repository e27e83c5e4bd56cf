import { expect, it } from "vitest";
import { PhaseClock } from "../../bench/phase-clock.ts";

it("a migration's phases are told by its messages, with the time in front that they have away from a terminal", () => {
  const clock = new PhaseClock();
  const seen = [
    "2026-12-01T17:54:06Z profiling 4 tables of app.db",
    "2026-12-01T17:54:06Z copying 4 tables",
    "2026-12-01T17:54:07Z 1,350,000 rows of 4 tables copied",
    "2026-12-01T17:54:08Z comparing both sides",
    "2026-12-01T17:54:09Z 1,350,000 rows compared, no difference",
  ].map((line) => {
    clock.saw(line);
    return clock.phase;
  });
  expect(seen).toEqual(["look", "copy", "indexes", "verify", "rest"]);
});
