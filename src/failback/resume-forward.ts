import type { Run } from "../model/run.ts";
import type { Context } from "../run/context.ts";
import { deferRestored } from "../target/deferred/defer.ts";
import { closeTarget } from "../target/store/closed-target.ts";
import { forgetFailback } from "../target/store/failback-store.ts";
import { setPhase } from "../target/store/run-store.ts";
import type { TargetSession } from "../target/target.ts";
import { dropFailbackTriggers, forgetLogs } from "./capture/enable-failback.ts";

/**
 * After a return the target still holds what the source had then, and the log of the source what came since: so the
 * sync goes on from there, without a copy. The target's fence lets our own sessions pass from then on, and nobody else
 * still.
 */
export async function resumeForward(context: Context, session: TargetSession, run: Run): Promise<void> {
  await session.transaction(async (tx) => {
    for (const mapping of run.mappings) await tx.run(dropFailbackTriggers(mapping));
    await forgetLogs(tx, run.mappings);
    await deferRestored(
      tx,
      run.id,
      run.mappings.map(({ target }) => target),
    );
    await closeTarget(tx, { run: run.id, tables: run.mappings.map(({ target }) => target), source: run.source });
    await forgetFailback(tx, run.id);
    await setPhase(tx, run.id, "syncing");
  });
  context.report({ kind: "step", message: "the run goes forward again, from where the source was opened" });
}
