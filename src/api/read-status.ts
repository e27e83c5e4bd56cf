import { countChanges } from "../failback/capture/target-changes.ts";
import { UNSTEERED } from "../model/control.ts";
import type { Run } from "../model/run.ts";
import { presentNotices } from "../run/confirmation.ts";
import { type Context, withSession } from "../run/context.ts";
import { HISTORY_LOCKS } from "../run/history/store.ts";
import { readSourceState } from "../run/read-source-state.ts";
import { type RunInput, type Status, statusOf } from "../status/status.ts";
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
import type { TargetSession } from "../target/target.ts";

/** Where the run stands, read from the target and, if one is given, from the source. */
export function readStatus(context: Context): Promise<Status> {
  return withSession(
    context,
    async (session) => {
      const run = await loadRun(session);
      return statusOf({
        target: context.target.location,
        running: await isRunLocked(session),
        run: run === null ? null : await readRun(context, session, run),
      });
    },
    { mayBeShared: true },
  );
}

async function readRun(context: Context, session: TargetSession, run: Run): Promise<RunInput> {
  const failback = await loadFailback(session, run.id);
  const pass = await lastPass(session, run.id);
  const isSteered = await hasControl(session);
  return {
    run,
    tables: await loadTables(session, run.id),
    sourceState: await readSourceState(context, run),
    rejected: await quarantineSize(session, run.id),
    pass,
    failback,
    returning: failback?.state === "enabled" ? await countChanges(session, run.mappings) : 0,
    notices: (await hasNoticeTable(session)) ? await presentNotices(session, run.id, context.rules) : [],
    steering: isSteered ? await loadSteering(session, run.id) : UNSTEERED,
    verifiedSeconds: pass === null ? null : await secondsSinceVerified(session, run.id),
    requests: isSteered ? await openRequests(session, run.id, HISTORY_LOCKS) : [],
  };
}
