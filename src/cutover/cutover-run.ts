import type { ChangeoverError } from "../errors.ts";
import type { Notice } from "../model/left-out.ts";
import type { Run, VerificationTotals } from "../model/run.ts";
import type { Context } from "../run/context.ts";
import type { Replaying } from "../run/sync.ts";
import type { CatchUp } from "./catch-up.ts";
import type { Timeline } from "./cutover-progress.ts";
import type { CutoverHooks, Hooks } from "./hooks.ts";
import type { PostponeCondition } from "./postpone-condition.ts";

export interface CutoverSettings {
  /** Whether to enable the failback. */
  readonly failback: boolean;
  /** The longest that the application's writes may be refused before the cutover gives up, ms. */
  readonly maxDowntimeMs: number;
  /** What must hold before the fence goes up; all of it. */
  readonly when: readonly PostponeCondition[];
  /** All rows are compared again if the last comparison of them ended longer ago, ms. */
  readonly verifiedWithinMs: number;
  readonly hooks: Hooks;
}

/** What the steps of one cutover work with. */
export interface CutoverRun {
  readonly context: Context;
  readonly settings: CutoverSettings;
  readonly replay: Replaying;
  readonly catchUp: CatchUp;
  readonly hooks: CutoverHooks;
  /** Compared before the fence, without a difference. */
  readonly verified: VerificationTotals;
  /** Whether changes of the target will be logged: asked for, and possible. */
  readonly hasFailback: boolean;
}

export interface CutoverResult {
  readonly ok: boolean;
  readonly downtimeMs: number;
  readonly verified: VerificationTotals;
  readonly phase: Run["phase"];
  /** What the time behind the fence went to. */
  readonly timeline?: Timeline;
  /** When the target was opened; null if it was not, or if the target did not say. */
  readonly cutOverAt: string | null;
  /** Whether it had been cut over, and all was done, before this command. */
  readonly isRepeated: boolean;
  /** Why it did not happen. */
  readonly reason?: ChangeoverError | Error;
  /** Foreign keys that the source's own rows violate: they are there, NOT VALID. */
  readonly brokenForeignKeys: readonly string[];
  /** Whether changes of the target are logged, so that one can return without losing any. */
  readonly failback: boolean;
  /** What of the schema did not come over as it was, and the run's warnings. */
  readonly notices: readonly Notice[];
}
