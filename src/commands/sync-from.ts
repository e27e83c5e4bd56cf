import { resumeForward } from "../failback/resume-forward.ts";
import { syncFailback } from "../failback/sync-failback.ts";
import type { SourceBackup } from "../run/back-up-source.ts";
import { beginRun } from "../run/begin.ts";
import { type Context, inPhase, withReconnect } from "../run/context.ts";
import { type FollowUntil, followUntil, type SyncResult } from "../run/follow-until.ts";
import { load } from "../run/load.ts";
import { mustLoad, noRun } from "../run/require-run.ts";
import { resync } from "../run/resync/resync.ts";
import { unfinishedResyncs } from "../run/sync.ts";
import { loadRun } from "../target/store/run-store.ts";
import type { TargetSession } from "../target/target.ts";

/** From wherever the run stands: begins it, ends its copy, brings tables in line again, and then follows. */
export function syncFrom(
  context: Context,
  options: FollowUntil & { readonly resync?: readonly string[] },
  backup: SourceBackup | undefined,
): Promise<SyncResult> {
  let asked = options.resync ?? [];
  return withReconnect(context, async (session) => {
    if (asked.length > 0 && (await loadRun(session)) === null) throw noRun();
    const run = await beginRun(context, session, { capture: true, backup });
    const tables = [...asked, ...(await unfinishedResyncs(session, run))];
    if (tables.length > 0) await resync(context, session, tables, { besidePending: asked.length === 0 });
    asked = [];
    await load(inPhase(context, "copy"), session);
    const loaded = await mustLoad(session);
    if (loaded.phase === "cut-over") return syncFailback(context, session, loaded, options);
    if (loaded.phase === "returned") await resumeForward(context, session, loaded);
    return followUntil(context, session, options);
  });
}

/** The run that is there, brought into order. */
export async function resumeRun(context: Context, session: TargetSession): Promise<void> {
  if ((await loadRun(session)) === null) throw noRun();
  await beginRun(context, session, { capture: true });
}
