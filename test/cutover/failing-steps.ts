import type { CutoverState } from "../../src/cutover/cutover-states.ts";
import {
  atSameTarget,
  type Disturbance,
  lingering,
  SLOW_MS,
  atSource as source,
  atTarget as target,
} from "../support/disturb.ts";

export interface FailingStep {
  readonly what: string;
  readonly plan?: readonly Disturbance[];
  readonly hooks?: Readonly<Record<string, string>>;
  /**
   * How the command leaves both ends: `undone`: the application writes to the source as before; `open`: the target has
   * taken over.
   * `stopped`: neither until the next command, which alone can tell; only from a state in which the fence is sealed.
   */
  readonly leaves: "undone" | "open" | "stopped";
  /** Where the failure is noticed, if not in the state in which it happens. */
  readonly failsIn?: CutoverState;
  /** For so long the statement is made to hold SQLite's own lock, which a fence that falls by itself does not end. */
  readonly locksMs?: number;
}

const FENCE_UP = source('INSERT INTO "_changeover_fence" ', "pass");
// SQLite has parsed the triggers; then their rows are written, in a transaction of their own.
const FENCE_PARSED = source('EXPLAIN CREATE TRIGGER "_changeover_fence_1_insert"', "pass");
const SEAL = 'UPDATE "_changeover_fence" SET until = NULL';
const SEALED = source(SEAL, "pass");
// Raising the fence deletes as well, what a killed cutover left: the fence comes down by the statement after that.
const LOWER = 'DELETE FROM "_changeover_fence"$';
/** Only the opening reads these, and before the fence its trial, which is rolled back. */
const TRIAL = "select greatest\\(max";
// The whole message: `set local synchronous_commit` is none.
const COMMIT = "commit\\x00";
const LAST_LOGGED = 'SELECT max\\(seq\\) FROM "_changeover_log"';
// The last comparison before the fence ends on a connection of its own, maybe only now.
const drainsCommit = (how: Disturbance["how"]) => atSameTarget(COMMIT, how);
const CHANGED = 'SELECT DISTINCT tbl FROM "_changeover_log"';
// The rows that the writer has written since the last round before the fence, which takes its time to compare.
const DRAINING = [lingering(CHANGED), FENCE_UP, target("set statement_timeout", "pass")];
// The drain reads by the same words what it brings; once it has committed, only the verification does.
const DRAINED = [...DRAINING, drainsCommit("pass")];
const KILL_COMMAND = "kill -9 $PPID";

/** For each state of the cutover, what can fail there. A new state without a case does not compile. */
export const FAILING_STEPS: Readonly<Record<CutoverState, readonly FailingStep[]>> = {
  preparing: [
    {
      what: "the fence cannot be prepared",
      plan: [source('CREATE TRIGGER "_changeover_fence', "fail", 3)],
      leaves: "undone",
    },
    {
      what: "the fence cannot be raised",
      plan: [source('INSERT INTO "_changeover_fence" ', "fail")],
      leaves: "undone",
    },
    {
      what: "kill -9 while the fence is prepared",
      plan: [source('CREATE TRIGGER "_changeover_fence_2', "kill")],
      leaves: "undone",
    },
    {
      what: "kill -9 before the fence's triggers are written",
      plan: [FENCE_PARSED, source("INSERT INTO sqlite_schema", "kill")],
      leaves: "undone",
    },
    {
      what: "kill -9 before the fence's triggers are committed",
      plan: [FENCE_PARSED, source("PRAGMA schema_version = ", "kill")],
      leaves: "undone",
    },
    { what: "the target is lost while its opening is tried", plan: [target(TRIAL, "cut")], leaves: "undone" },
    { what: "kill -9 while the target's opening is tried", plan: [target(TRIAL, "kill")], leaves: "undone" },
    {
      what: "kill -9 before the trial of the opening is rolled back",
      plan: [target(TRIAL, "pass"), target("rollback", "kill")],
      leaves: "undone",
    },
    { what: "the hook before-fence fails", hooks: { "before-fence": "exit 1" }, leaves: "undone" },
    { what: "kill -9 before the fence", hooks: { "before-fence": KILL_COMMAND }, leaves: "undone" },
    {
      what: "kill -9 within the fence's transaction",
      plan: [source('INSERT INTO "_changeover_fence" ', "kill")],
      leaves: "undone",
    },
  ],
  fenced: [
    {
      what: "the target is lost in the drain",
      plan: [...DRAINING, drainsCommit("cut")],
      leaves: "undone",
    },
    { what: "the hook after-fence fails", hooks: { "after-fence": "exit 1" }, leaves: "undone" },
    {
      what: "the hook after-fence hangs",
      hooks: { "after-fence": "sleep 60 & echo $! > hook.pid; wait" },
      leaves: "undone",
    },
    {
      what: "the source fails in the drain",
      plan: [FENCE_UP, source(LAST_LOGGED, "pass"), source('FROM "_changeover_log"', "fail", 100)],
      leaves: "undone",
    },
    { what: "the drain takes too long", plan: [...DRAINING, drainsCommit("slow")], leaves: "undone" },
    { what: "kill -9 just after the fence", hooks: { "after-fence": KILL_COMMAND }, leaves: "undone" },
    { what: "kill -9 in the drain", plan: [...DRAINING, drainsCommit("kill")], leaves: "undone" },
  ],
  drained: [
    {
      what: "the source fails while it is verified",
      plan: [...DRAINED, source(CHANGED, "fail", 100)],
      leaves: "undone",
    },
    {
      what: "the verification takes too long",
      plan: [...DRAINED, source(CHANGED, "slow")],
      leaves: "undone",
    },
    {
      what: "kill -9 while it is verified",
      plan: [...DRAINED, source(CHANGED, "kill")],
      leaves: "undone",
    },
  ],
  verified: [
    { what: "the hook before-open fails", hooks: { "before-open": "exit 1" }, leaves: "undone" },
    {
      what: "the hook before-open hangs",
      hooks: { "before-open": "sleep 60 & echo $! > hook.pid; wait" },
      leaves: "undone",
    },
    { what: "the target is lost while it is opened", plan: [FENCE_UP, target("cut-over", "cut")], leaves: "undone" },
    { what: "the source fails at sealing", plan: [source(SEAL, "fail", 100)], leaves: "undone" },
    { what: "the source fails once at sealing", plan: [source(SEAL, "fail")], leaves: "undone" },
    {
      what: "sealing takes too long",
      plan: [source(SEAL, "slow")],
      leaves: "undone",
      failsIn: "sealed",
      locksMs: SLOW_MS,
    },
    { what: "kill -9 before the target is opened", hooks: { "before-open": KILL_COMMAND }, leaves: "undone" },
    { what: "kill -9 before sealing", plan: [source(SEAL, "kill")], leaves: "undone" },
  ],
  sealed: [
    {
      what: "the connection is lost before the commit arrives",
      plan: [SEALED, target(COMMIT, "cut")],
      leaves: "undone",
    },
    {
      what: "the connection is lost after the commit arrived",
      plan: [SEALED, target(COMMIT, "cut-after")],
      leaves: "open",
    },
    { what: "kill -9 before the commit", plan: [SEALED, target(COMMIT, "kill")], leaves: "stopped" },
    { what: "kill -9 after the commit", plan: [SEALED, target(COMMIT, "kill-after")], leaves: "open" },
  ],
  unknown: [
    { what: "the target cannot be asked", plan: [SEALED, target(COMMIT, "refuse")], leaves: "stopped" },
    {
      what: "kill -9 before the target is asked",
      plan: [SEALED, target(COMMIT, "cut"), target("pg_terminate_backend", "kill")],
      leaves: "stopped",
    },
  ],
  lowering: [
    {
      what: "the fence cannot be taken down at first",
      hooks: { "before-open": "exit 1" },
      plan: [FENCE_UP, source(LOWER, "fail", 2)],
      leaves: "undone",
    },
    {
      what: "the sealed fence cannot be taken down at first",
      plan: [SEALED, target(COMMIT, "cut"), source(LOWER, "fail", 2)],
      leaves: "undone",
    },
    {
      what: "kill -9 before the fence comes down",
      hooks: { "before-open": "exit 1" },
      plan: [FENCE_UP, source(LOWER, "kill")],
      leaves: "undone",
    },
    {
      what: "kill -9 before the sealed fence comes down",
      plan: [SEALED, target(COMMIT, "cut"), source(LOWER, "kill")],
      leaves: "stopped",
    },
  ],
  open: [
    {
      what: "the refused writers cannot be told",
      plan: [source('UPDATE "_changeover_fence" SET until = -', "fail")],
      leaves: "open",
    },
    { what: "the hook after-open fails", hooks: { "after-open": "exit 1" }, leaves: "open" },
    { what: "the target is lost just after", plan: [SEALED, target("validate constraint", "cut")], leaves: "open" },
    { what: "kill -9 just after", hooks: { "after-open": KILL_COMMAND }, leaves: "open" },
  ],
  undone: [
    { what: "the hook on-abort fails", hooks: { "before-open": "exit 1", "on-abort": "exit 1" }, leaves: "undone" },
    {
      what: "kill -9 while the fence's triggers are removed",
      hooks: { "before-open": "exit 1" },
      plan: [source("DELETE FROM sqlite_schema", "kill")],
      leaves: "undone",
    },
    {
      what: "kill -9 once the fence is down",
      hooks: { "before-open": "exit 1", "on-abort": KILL_COMMAND },
      leaves: "undone",
    },
  ],
};
