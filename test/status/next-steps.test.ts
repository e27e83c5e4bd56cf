import { expect, it } from "vitest";
import type { Phase } from "../../src/model/run.ts";
import { nextSteps } from "../../src/status/next-steps.ts";
import type { Status } from "../../src/status/status.ts";
import { statusOf } from "../serve/observed.ts";

const failback: Status["failback"] = { state: "enabled", changes: 0, seconds: 0, rows: 0, rounded: 0, endsAt: null };
const verified = { rows: 1, differences: 0 };

it.each<[string, Partial<Status>, string[]]>([
  ["nothing has begun", { phase: "new" }, ["validate", "full"]],
  ["a copy goes on", { phase: "copying" }, []],
  ["a copy was interrupted", { phase: "copying", running: false }, ["sync"]],
  ["a sync goes on, and nothing was compared", {}, ["check", "rehearse", "cutover"]],
  ["a sync goes on, and all was compared", { verified }, ["rehearse", "cutover"]],
  ["a sync has ended", { verified, running: false }, ["sync", "rehearse", "cutover"]],
  ["rows were rejected", { verified, rejected: 2 }, ["quarantine", "rehearse", "cutover"]],
  ["a cutover goes on", { phase: "cutting-over" }, []],
  ["a cutover was killed", { phase: "cutting-over", running: false }, ["cutover"]],
  ["the target serves", { phase: "cut-over" }, ["complete"]],
  ["the target serves, and a failback is kept up", { phase: "cut-over", failback }, ["rollback", "complete"]],
  [
    "the target serves, and nobody keeps the failback up",
    { phase: "cut-over", failback, running: false },
    ["sync", "rollback", "complete"],
  ],
  ["the application is back", { phase: "returned" }, ["sync", "rollback", "complete"]],
  ["a rollback was interrupted", { phase: "rolling-back" }, ["rollback"]],
])("where %s", (_, given, commands) => {
  expect(nextSteps(statusOf(given)).map(({ command }) => command)).toEqual(
    commands.map((name) => `changeover ${name}`),
  );
});

it("knows every phase", () => {
  const phases: readonly Phase[] = [
    "new",
    "copying",
    "syncing",
    "cutting-over",
    "cut-over",
    "returned",
    "rolling-back",
  ];
  for (const phase of phases) expect(nextSteps(statusOf({ phase }))).toBeInstanceOf(Array);
});
