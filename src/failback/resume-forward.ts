import type { Run } from "../model/run.ts";
import type { Context } from "../run/context.ts";
import { deferRestored } from "../target/deferred/defer.ts";
import { closeTarget } from "../target/store/closed-target.ts";
import { forgetFailback } from "../target/store/failback-store.ts";
import { setPhase } from "../target/store/run-store.ts";
import type { TargetSession } from "../target/target.ts";
import { dropFailbackTriggers, forgetLogs } from "./capture/enable-failback.ts";

/** Tables of one transaction, which holds locks on each until its end. */
const TABLES_AT_ONCE = 100;

/**
 * After a return the target still holds what the source had then, and the log of the source what came since: so the
 * sync goes on from there, without a copy. The target's fence lets our own sessions pass from then on, and nobody else
 * still.
 */
export async function resumeForward(context: Context, session: TargetSession, run: Run): Promise<void> {
  // Each step can be done again: a kill leaves the rest to the next command. Nobody but us writes there meanwhile.
  for (let from = 0; from < run.mappings.length; from += TABLES_AT_ONCE) {
    const some = run.mappings.slice(from, from + TABLES_AT_ONCE);
    await session.transaction((tx) => tx.run(some.map(dropFailbackTriggers).join(";\n")));
  }
  await forgetLogs(session, run.mappings);
  await deferRestored(
    session,
    run.id,
    run.mappings.map(({ target }) => target),
  );
  await session.transaction(async (tx) => {
    await closeTarget(tx, { run: run.id, tables: run.mappings.map(({ target }) => target), source: run.source });
    await forgetFailback(tx, run.id);
    await setPhase(tx, run.id, "syncing");
  });
  context.report({ kind: "step", message: "the run goes forward again, from where the source was opened" });
}
