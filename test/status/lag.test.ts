import { describe, expect, it } from "vitest";
import { UNSTEERED } from "../../src/model/control.ts";
import type { Run } from "../../src/model/run.ts";
import { renderStatus } from "../../src/status/render-text.ts";
import { type SourceState, type Status, statusOf } from "../../src/status/status.ts";

const RUN: Run = {
  id: "r",
  source: "app.db",
  sourceIdentity: null,
  phase: "syncing",
  captured: true,
  mappings: [],
  sourceSchema: null,
  sourceCatalogue: null,
  held: [],
  watermark: 40n,
  sourceSeq: 30n,
  firstCaughtUp: "2026-01-01",
  secondsSinceCaughtUp: 12.34,
  verifiedThrough: null,
  verified: null,
  lockRequestedBy: null,
  fenceSeq: null,
  downtimeMs: null,
  cutOverAt: null,
  cutoverFinishedAt: null,
  prediction: null,
};

function statusIn(phase: Run["phase"], lastLogged: bigint | null): Status {
  const seen: SourceState = { kind: "seen", location: "app.db", isRunSource: true, fence: "none", lastLogged };
  return statusOf({
    target: "postgres://h/d",
    running: false,
    run: {
      run: { ...RUN, phase },
      tables: [],
      sourceState: lastLogged === null ? null : seen,
      rejected: 0,
      pass: null,
      failback: null,
      returning: 0,
      notices: [],
      steering: UNSTEERED,
      requests: [],
      verification: null,
      load: null,
    },
  });
}

const lineOf = (status: Status) => /^ {2}lag {8}(.*)$/m.exec(renderStatus(status))?.[1];

describe("the lag", () => {
  it("is what the source's log has beyond the watermark", () => {
    expect(statusIn("syncing", 43n).lag).toEqual({ changes: 3, seconds: 12.34 });
    expect(lineOf(statusIn("syncing", 43n))).toBe("3 changes, 12.3 s");
    expect(lineOf(statusIn("syncing", null))).toBe("none");
  });

  it("after a return is told only of a source that was looked at, since nobody follows it", () => {
    expect(statusIn("returned", 43n).lag).toEqual({ changes: 3, seconds: 12.34 });
    expect(statusIn("returned", null).lag).toEqual({ changes: null, seconds: 12.34 });
    expect(lineOf(statusIn("returned", null))).toBe(
      "not known without --source, 12.3 s; changeover sync goes forward again from here",
    );
    expect(lineOf(statusIn("returned", 40n))).toBe("none; changeover sync goes forward again from here");
  });
});
