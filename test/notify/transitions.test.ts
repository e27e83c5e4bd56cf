import { expect, it } from "vitest";
import type { HistoryItem } from "../../src/api/results.ts";
import { type NotifiedEvent, transitions } from "../../src/notify/transitions.ts";
import type { Observation } from "../../src/serve/observe.ts";
import type { Status } from "../../src/status/status.ts";
import { statusOf } from "../serve/observed.ts";

function observed(status: Partial<Status>, history: readonly HistoryItem[] = []): Observation {
  return {
    at: "2026-01-01T00:00:00.000Z",
    status: statusOf(status),
    history,
    rates: { copied: 0, replayed: 0, compared: 0, tables: {} },
    walBytes: null,
    fleet: null,
    error: null,
    progressAt: "2026-01-01T00:00:00.000Z",
  };
}

function entry(given: Partial<HistoryItem>): HistoryItem {
  return {
    id: 1,
    command: "sync",
    run: null,
    source: null,
    startedAt: "2026-01-01",
    endedAt: null,
    durationMs: null,
    state: "running",
    code: null,
    details: {},
    user: "me",
    host: "here",
    pid: 1,
    version: "1",
    role: "me",
    ...given,
  };
}

const pass = { pass: 1, rows: 1_000, differences: 0, startedAt: "2026-01-01", endedAt: "2026-01-02" };
const none = { ...pass, differences: null, endedAt: null };

it.each<[string, Observation, Observation, NotifiedEvent[]]>([
  ["nothing", observed({}), observed({}), []],
  ["a copy that is done", observed({ phase: "copying" }), observed({}), ["caught-up"]],
  ["a comparison without difference", observed({ verification: none }), observed({ verification: pass }), ["verified"]],
  [
    "a comparison with differences",
    observed({ verification: null }),
    observed({ verification: { ...pass, differences: 2 } }),
    ["difference"],
  ],
  ["the same comparison, seen again", observed({ verification: pass }), observed({ verification: pass }), []],
  ["a lag that grows over the limit", observed({}), observed({ lag: { changes: 11, seconds: 1 } }), ["lag"]],
  [
    "a lag that stays over it",
    observed({ lag: { changes: 11, seconds: 1 } }),
    observed({ lag: { changes: 90, seconds: 1 } }),
    [],
  ],
  ["all compared, in sync", observed({}), observed({ verified: { rows: 1, differences: 0 } }), ["waiting-for-cutover"]],
  ["a cutover that begins", observed({}), observed({ phase: "cutting-over" }), ["fenced"]],
  [
    "a cutover that was too quick to be seen",
    observed({}),
    observed({ phase: "cut-over", downtimeMs: 80 }),
    ["opened"],
  ],
  ["a failback", observed({ phase: "cut-over" }), observed({ phase: "returned" }), ["failback"]],
  [
    "a cutover that was undone",
    observed({ phase: "cutting-over" }, [entry({ command: "cutover" })]),
    observed({}, [entry({ command: "cutover", state: "not-done", endedAt: "2026-01-02", code: "DRAIN_TIMEOUT" })]),
    ["undone"],
  ],
  [
    "a sync that failed",
    observed({}, [entry({})]),
    observed({}, [entry({ state: "failed", endedAt: "2026-01-02", code: "TARGET_LOST" })]),
    ["stopped"],
  ],
  ["a sync that was killed", observed({}, [entry({})]), observed({}, [entry({ state: "did-not-end" })]), ["stopped"]],
  [
    "a command that ended before anybody looked",
    observed({}, [entry({ state: "failed", endedAt: "2026-01-02", code: "TARGET_LOST" })]),
    observed({}, [entry({ state: "failed", endedAt: "2026-01-02", code: "TARGET_LOST" })]),
    [],
  ],
  [
    "a run that was completed",
    observed({ phase: "cut-over" }, [
      entry({ id: 2, command: "complete" }),
      entry({ state: "done", endedAt: "2026-01-02" }),
    ]),
    observed({ phase: "cut-over" }, [
      entry({ id: 2, command: "complete", state: "done", endedAt: "2026-01-02" }),
      entry({ state: "done", endedAt: "2026-01-02" }),
    ]),
    ["completed"],
  ],
])("of %s it tells", (_, before, after, events) => {
  expect(transitions(before, after, { lagChanges: 10 }).map(({ event }) => event)).toEqual(events);
});
