import { RefusedError, UsageError } from "../../errors.ts";
import type { ControlAction } from "../../model/control.ts";
import type { Phase } from "../../model/run.ts";

export function notAllowed(action: ControlAction, phase: Phase, reason: string): RefusedError {
  return new RefusedError({
    code: "CONTROL_NOT_ALLOWED",
    message: `${action} is not possible now: ${reason}`,
    hint: "`changeover status` says where the run stands, and what comes next",
    context: { action, phase },
  });
}

/** Somebody else was there first. `before`: null where it was answered meanwhile. */
export function conflict(
  action: ControlAction,
  before: {
    readonly action: ControlAction;
    readonly askedBy: string;
    readonly askedAt: string;
    readonly state: "asked" | "taken" | "done";
  } | null,
): RefusedError {
  const what =
    before === null
      ? "another request was there first"
      : `${before.askedBy} ${before.state === "done" ? "has done that already" : `asked for ${before.action}`}, at ` +
        `${before.askedAt.slice(11, 19)} UTC${WORDS[before.state]}`;
  return new RefusedError({
    code: "CONTROL_CONFLICT",
    message: `${action} was not asked: ${what}`,
    hint: "`changeover history` shows who asked for what; speak to them, then ask again if it is still wanted",
    context: {
      action,
      ...(before === null ? {} : { before: before.action, by: before.askedBy, at: before.askedAt }),
    },
  });
}

const WORDS = { asked: ", and it is not answered yet", taken: ", and it is under way", done: "" } as const;

export function unanswered(action: ControlAction, reason: string): RefusedError {
  return new RefusedError({
    code: "CONTROL_UNANSWERED",
    message: `${action} was not done: ${reason}`,
    hint: "`changeover status` says whether a process works on the run; `changeover sync` starts one",
    context: { action },
  });
}

export function refusedByRun(
  action: ControlAction,
  { answer, code }: { readonly answer: string; readonly code: string | null },
): RefusedError {
  return new RefusedError({
    code: "CONTROL_REFUSED",
    message: `${action} was not done: ${answer}`,
    hint: "the output of the process that works on the run says more, and `changeover history` keeps it",
    context: { action, reason: code },
  });
}

export function notConfirmed(what: string): UsageError {
  return new UsageError({
    code: "CONFIRMATION_REQUIRED",
    message: `${what} of the schema or its warnings are not confirmed, and the target would take over without them`,
    hint: "`changeover status` lists them; confirm with --yes",
  });
}
