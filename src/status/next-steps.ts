import type { Status } from "./status.ts";

/** A command that brings the run on, and why one would give it. */
export interface NextStep {
  readonly command: string;
  readonly why: string;
}

/** What a person can do now, the usual first. Empty where nothing is left to do. */
export function nextSteps(status: Omit<Status, "nextSteps">): NextStep[] {
  const rejected =
    status.rejected === 0
      ? []
      : [step("quarantine", "see the rows that the target could not take; correct them in the source, or retry them")];
  const { paused } = status.steering;
  if (paused !== null) return [step("control resume", `${paused.by} has paused the run`), ...rejected];
  switch (status.phase) {
    case "new":
      return [
        step("validate", "see what stands in the way, before anything is changed"),
        step("full", "do everything in order, up to the cutover"),
      ];
    case "copying":
      return status.running
        ? [...rejected]
        : [step("sync", "go on with the copy where it stopped; the application is not touched"), ...rejected];
    case "syncing":
      if (status.schema.state === "waiting-for-schema")
        return [
          step("up", "apply what follows the source's schema; tables that wait for it flow again by themselves"),
          ...(status.running ? [] : [step("sync", "follow the source again")]),
          ...rejected,
        ];
      return [
        ...(status.running ? [] : [step("sync", "follow the source again")]),
        ...rejected,
        ...beforeCutover(status),
      ];
    case "cutting-over":
      return status.running ? [] : [step("cutover", "an interrupted cutover is undone or finished, by what is there")];
    case "cut-over":
      return [
        ...(status.failback?.state === "enabled"
          ? [
              ...(status.running ? [] : [step("sync", "keep the source up to date, so that a failback is quick")]),
              step("rollback", "return to the source, with every write made in PostgreSQL"),
            ]
          : []),
        step("complete", "end the run once the application has proved itself; no failback from then on"),
      ];
    case "returned":
      return [
        step("sync", "go forward again"),
        step("rollback", "remove everything of the run from both sides"),
        step("complete", "end the run and stay on the source"),
      ];
    case "rolling-back":
      return [step("rollback", "it has begun and is not done: it goes on from there")];
  }
}

function beforeCutover({ verificationAge, verified }: Omit<Status, "nextSteps">): NextStep[] {
  return [
    ...(verified !== null && verificationAge?.isStale === true
      ? [step("check", "the last comparison is more than a day old: compare both sides again")]
      : []),
    ...(verified === null ? [step("check", "compare both sides, row by row, while the sync goes on")] : []),
    step("rehearse", "try the whole cutover except for the fence, and see how long it would take"),
    step("cutover", "switch to PostgreSQL: all or nothing"),
  ];
}

function step(command: string, why: string): NextStep {
  return { command: `changeover ${command}`, why };
}
