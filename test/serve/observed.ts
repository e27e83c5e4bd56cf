import type { Observed } from "../../src/serve/observe.ts";
import { nextSteps } from "../../src/status/next-steps.ts";
import type { Status } from "../../src/status/status.ts";

/** A run in sync, three changes behind, with what is given in its place. */
export function statusOf(given: Partial<Status>): Status {
  const status = {
    phase: "syncing",
    source: "/nowhere/app.db",
    target: "postgres://me@localhost/app",
    sourceState: null,
    watermark: 7,
    lag: { changes: 3, seconds: 1.5 },
    tables: [{ table: "Customer Order", rows: 50, copied: 40, done: false, compared: null, comparedAt: null }],
    schema: { state: "following", waiting: [] },
    rejected: 0,
    running: true,
    steering: { paused: null, rate: null, requests: [] },
    verified: null,
    verification: null,
    verificationAge: null,
    leftOut: [],
    warnings: [],
    downtimeMs: null,
    predictedDowntime: null,
    load: null,
    failback: null,
    ...given,
  } satisfies Omit<Status, "nextSteps">;
  return { ...status, nextSteps: given.nextSteps ?? nextSteps(status) };
}

/** A migration of which only status and history are asked. */
export function migrationThatAnswers(status: () => Status): Observed {
  return { status: async () => status(), history: async () => [], samples: async () => [] };
}
