import { countChanges } from "../failback/capture/target-changes.ts";
import { UNSTEERED } from "../model/control.ts";
import { presentNotices } from "../run/confirmation.ts";
import { type Context, withSession } from "../run/context.ts";
import { HISTORY_LOCKS } from "../run/history/store.ts";
import { readSourceState } from "../run/read-source-state.ts";
import { type Status, statusOf } from "../status/status.ts";
import { hasControl, openRequests } from "../target/store/control-store.ts";
import { loadFailback } from "../target/store/failback-store.ts";
import { hasNoticeTable } from "../target/store/notice-store.ts";
import { quarantineSize } from "../target/store/quarantine-store.ts";
import { isRunLocked } from "../target/store/run-lock.ts";
import { loadRun } from "../target/store/run-store.ts";
import { loadSteering } from "../target/store/steering-store.ts";
import { loadTables } from "../target/store/table-store.ts";
import { secondsSinceVerified } from "../target/store/verification-age.ts";
import { lastPass } from "../target/store/verification-store.ts";

/** Where the run stands, read from the target and, if one is given, from the source. */
export function readStatus(context: Context): Promise<Status> {
  return withSession(
    context,
    async (session) => {
      const run = await loadRun(session);
      const tables = run === null ? [] : await loadTables(session, run.id);
      const sourceState = await readSourceState(context, run);
      const rejected = run === null ? 0 : await quarantineSize(session, run.id);
      const running = await isRunLocked(session);
      const failback = run === null ? null : await loadFailback(session, run.id);
      const notices =
        run === null || !(await hasNoticeTable(session)) ? [] : await presentNotices(session, run.id, context.rules);
      const returning = run === null || failback?.state !== "enabled" ? 0 : await countChanges(session, run.mappings);
      const pass = run === null ? null : await lastPass(session, run.id);
      const isSteered = run !== null && (await hasControl(session));
      return statusOf({
        target: context.target.location,
        run,
        tables,
        sourceState,
        running,
        rejected,
        pass,
        failback,
        returning,
        notices,
        steering: isSteered ? await loadSteering(session, run.id) : UNSTEERED,
        verifiedSeconds: run === null || pass === null ? null : await secondsSinceVerified(session, run.id),
        requests: isSteered ? await openRequests(session, run.id, HISTORY_LOCKS) : [],
      });
    },
    { mayBeShared: true },
  );
}
