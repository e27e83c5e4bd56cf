import type { Phase } from "./run.ts";

/** What can be asked of the process that works on a run. */
export const CONTROL_ACTIONS = ["pause", "resume", "max-rate", "verify", "cutover", "abort"] as const;

/** One of them. */
export type ControlAction = (typeof CONTROL_ACTIONS)[number];

/** A request to the process that works on the run. */
export type ControlCommand =
  | { readonly action: "pause" | "resume" | "verify" | "abort" }
  /** Rows a second; null lifts the limit. */
  | { readonly action: "max-rate"; readonly maxRate: number | null }
  /** `confirmed`: what does not come over as in the source was read, and may stay behind. */
  | { readonly action: "cutover"; readonly confirmed: boolean };

/** What holds for every process that works on the run. */
export interface Steering {
  /** Null while nobody has paused it. `at` is ISO 8601. */
  readonly paused: { readonly by: string; readonly at: string } | null;
  /** A rate that was asked for, or no limit; null while the one of the command line holds. */
  readonly rate: { readonly maxRate: number | null; readonly by: string; readonly at: string } | null;
}

export const UNSTEERED: Steering = { paused: null, rate: null };

const NOT_BEGUN = "no run has begun";
const SWITCHING = "the cutover is at its last steps, which end by themselves within --max-downtime";
const RETURNED = "the application is back on the source, and nothing is under way";
const ROLLING_BACK = "a rollback is under way, and is not to be stopped half-way";

type Verdict = "allowed" | string;

/** Whether rate and end can be set in each phase. */
const RATE_AND_END: Readonly<Record<Phase, Verdict>> = {
  new: NOT_BEGUN,
  copying: "allowed",
  syncing: "allowed",
  "cutting-over": SWITCHING,
  "cut-over": "allowed",
  returned: RETURNED,
  "rolling-back": ROLLING_BACK,
};

/** Which phase allows which action; a text is the reason why not. */
export const CONTROL_RULES: Readonly<Record<ControlAction, Readonly<Record<Phase, Verdict>>>> = {
  pause: RATE_AND_END,
  resume: RATE_AND_END,
  "max-rate": RATE_AND_END,
  abort: RATE_AND_END,
  verify: {
    ...RATE_AND_END,
    copying: "the copy has not ended yet: there is nothing to compare",
    "cut-over": "PostgreSQL has taken over; `changeover check` compares from here on",
  },
  cutover: {
    ...RATE_AND_END,
    copying: "the copy has not ended yet",
    "cut-over": "PostgreSQL has taken over already",
  },
};

/** Why a phase does not allow an action; null if it does. */
export function controlRefusal(action: ControlAction, phase: Phase): string | null {
  const verdict = CONTROL_RULES[action][phase];
  return verdict === "allowed" ? null : verdict;
}

/** What will happen, for the person who asks, before it does. */
export const CONTROL_MEANING: Readonly<Record<ControlAction, string>> = {
  pause: "Copy, replay and verification stand still until they are resumed. The application goes on; the lag grows.",
  resume: "Copy, replay and verification go on.",
  "max-rate": "No more than so many rows a second are copied and replayed.",
  verify: "All rows are compared once more, while the sync goes on.",
  cutover:
    "What is left is compared, the source refuses writes for good, and PostgreSQL takes over. If anything fails, all " +
    "of it is undone.",
  abort: "The process ends in good order. Nothing is lost: the next start goes on from there.",
};

/** A comparison of all rows that ended longer ago is stale: a cutover does it again, unless told otherwise, ms. */
export const STALE_AFTER_MS = 24 * 3_600_000;
