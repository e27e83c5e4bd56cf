import { loadRun } from "../db/run-store.ts";
import type { TargetSession } from "../db/target.ts";
import type { SourceBackup } from "./back-up-source.ts";
import { beginRun, mustLoad, noRun } from "./begin.ts";
import { type Context, persistently } from "./context.ts";
import { goForwardAgain } from "./forward-again.ts";
import { load } from "./load.ts";
import { resync } from "./resync.ts";
import { unfinishedResyncs } from "./sync.ts";
import { syncBack } from "./sync-back.ts";
import { type FollowUntil, followUntil, type SyncResult } from "./sync-until.ts";

/** From wherever the run stands: begins it, ends its copy, brings tables in line again, and then follows. */
export function syncFrom(
  context: Context,
  options: FollowUntil & { readonly resync?: readonly string[] },
  backup: SourceBackup | undefined,
): Promise<SyncResult> {
  let asked = options.resync ?? [];
  return persistently(context, async (session) => {
    if (asked.length > 0 && (await loadRun(session)) === null) throw noRun();
    const run = await beginRun(context, session, { capture: true, backup });
    const tables = [...asked, ...(await unfinishedResyncs(session, run))];
    if (tables.length > 0) await resync(context, session, tables);
    asked = [];
    await load(context, session);
    const loaded = await mustLoad(session);
    if (loaded.phase === "cut-over") return syncBack(context, session, loaded, options);
    if (loaded.phase === "returned") await goForwardAgain(context, session, loaded);
    return followUntil(context, session, options);
  });
}

/** The run that is there, brought into order. */
export async function resumeRun(context: Context, session: TargetSession): Promise<void> {
  if ((await loadRun(session)) === null) throw noRun();
  await beginRun(context, session, { capture: true });
}
