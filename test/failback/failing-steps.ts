import type { FailbackState } from "../../src/failback/failback-states.ts";
import { type Disturbance, atSource as source, atTarget as target } from "../support/disturb.ts";

export interface FailingFailback {
  readonly what: string;
  readonly plan: readonly Disturbance[];
  /**
   * How the command leaves both ends: `undone`: PostgreSQL takes writes as before; `returned`: the source does.
   * `stopped`: neither, until the next command goes on; only behind the seal.
   */
  readonly leaves: "undone" | "returned" | "stopped";
}

// The fence's triggers sleep on the tables since the cutover: what becomes of a write is the text of their one
// function.
const TURN = "function changeover.refuse_write\\(\\)[^]*";
const FENCE = `${TURN}state=returning`;
const FENCED = target(FENCE, "pass");
const BRING = "SET batches = batches";
const SEAL = `${TURN}state=returned`;
const SEALING = [FENCED, target(SEAL, "pass")];
const OPEN = 'DELETE FROM "_changeover_fence"$';
const LOWER = `${TURN}begin return null; end`;
// The whole message: `set local synchronous_commit` is none.
const COMMIT = "commit\\x00";

/**
 * For each state of the return from which something follows, what can fail there. A new state without a case does not
 * compile.
 */
export const FAILING_FAILBACKS: Readonly<
  Record<Exclude<FailbackState, "returned" | "undone">, readonly FailingFailback[]>
> = {
  preparing: [
    { what: "the target is lost while it is fenced", plan: [target(FENCE, "cut")], leaves: "undone" },
    { what: "kill -9 while the target is fenced", plan: [target(FENCE, "kill")], leaves: "undone" },
    {
      what: "the connection is lost after the fence's commit arrived",
      plan: [FENCED, target(COMMIT, "cut-after")],
      leaves: "undone",
    },
    { what: "kill -9 after the fence's commit", plan: [FENCED, target(COMMIT, "kill-after")], leaves: "undone" },
  ],
  fenced: [
    {
      what: "the source fails while changes are brought",
      plan: [FENCED, source(BRING, "fail", 100)],
      leaves: "undone",
    },
    { what: "bringing them takes too long", plan: [FENCED, source(BRING, "slow")], leaves: "undone" },
    { what: "kill -9 while changes are brought", plan: [FENCED, source(BRING, "kill")], leaves: "undone" },
  ],
  "caught-up": [
    { what: "the target is lost at the seal", plan: [FENCED, target(SEAL, "cut")], leaves: "undone" },
    { what: "the seal takes too long", plan: [FENCED, target(SEAL, "slow")], leaves: "undone" },
    {
      what: "the connection is lost before the seal's commit arrives",
      plan: [...SEALING, target(COMMIT, "cut")],
      leaves: "undone",
    },
    {
      what: "the connection is lost after it arrived",
      plan: [...SEALING, target(COMMIT, "cut-after")],
      leaves: "returned",
    },
    { what: "kill -9 before the seal", plan: [FENCED, target(SEAL, "kill")], leaves: "undone" },
    { what: "kill -9 after its commit", plan: [...SEALING, target(COMMIT, "kill-after")], leaves: "stopped" },
  ],
  unknown: [
    { what: "the target cannot be asked", plan: [...SEALING, target(COMMIT, "refuse")], leaves: "undone" },
    {
      what: "kill -9 before it is asked",
      plan: [...SEALING, target(COMMIT, "cut"), target("pg_terminate_backend", "kill")],
      leaves: "undone",
    },
  ],
  sealed: [
    {
      what: "the source fails at first when it is opened",
      plan: [...SEALING, source(OPEN, "fail", 2)],
      leaves: "returned",
    },
    { what: "kill -9 before the source is opened", plan: [...SEALING, source(OPEN, "kill")], leaves: "stopped" },
  ],
  open: [
    {
      what: "the target is lost before it notes the return",
      plan: [...SEALING, source('DELETE FROM "_changeover_fence_changes"', "pass"), target(COMMIT, "cut")],
      leaves: "returned",
    },
    {
      what: "kill -9 before the target notes the return",
      plan: [...SEALING, source('DELETE FROM "_changeover_fence_changes"', "pass"), target(COMMIT, "kill")],
      leaves: "returned",
    },
    {
      what: "kill -9 once it is noted, while the source's sleeping fence is cleared away",
      plan: [...SEALING, source("DELETE FROM sqlite_schema", "kill")],
      leaves: "returned",
    },
  ],
  lowering: [
    {
      what: "the target is lost while its fence is taken down",
      plan: [FENCED, source(BRING, "slow"), target(LOWER, "cut")],
      leaves: "undone",
    },
    {
      what: "kill -9 before the target's fence is taken down",
      plan: [FENCED, source(BRING, "slow"), target(LOWER, "kill")],
      leaves: "undone",
    },
  ],
};
