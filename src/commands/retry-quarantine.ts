import { retryRows } from "../copy/retry-rows.ts";
import { InterruptedError, RefusedError } from "../errors.ts";
import type { Run } from "../model/run.ts";
import { waitUntil } from "../retry.ts";
import { lastLogged, logKeys } from "../rows/log-entries.ts";
import { beginRun } from "../run/begin.ts";
import { type Context, lockedSession, withReconnect } from "../run/context.ts";
import { mustLoad, noRun, refuseRollingBack } from "../run/require-run.ts";
import { catchUp } from "../run/sync.ts";
import { prepareRunStore } from "../schema/migrate/prepare-run-store.ts";
import { refuseUnfitServer } from "../target/connection/server-state.ts";
import { listQuarantine, type QuarantineEntry, quarantineSize } from "../target/store/quarantine-store.ts";
import { isRunLocked } from "../target/store/run-lock.ts";
import { loadRun } from "../target/store/run-store.ts";
import { loadTables } from "../target/store/table-store.ts";
import type { TargetSession } from "../target/target.ts";

/** What `migration.quarantine.retry()` did. */
export interface RetryResult {
  /** Rows that were tried again. */
  readonly tried: number;
  /** Entries that are left in the quarantine, of all tables. */
  readonly left: number;
}

const AT_ONCE = 500;

/**
 * Tries the rows of the quarantine again, as they are in the source now. While the source is captured, replay brings
 * them, as one more change; at rest and after the cutover they are brought one by one.
 */
export async function retryQuarantine(
  context: Context,
  options: { readonly table: string | null },
): Promise<RetryResult> {
  const session = await context.target.session();
  try {
    refuseUnfitServer(session.server, context.target.location);
    const run = await loadRun(session);
    if (run === null) throw noRun();
    refuseRollingBack(run);
    await prepareRunStore(session, context.targetUrl);
    await context.record?.begin(session);
    if (!(await isCopied(session, run))) throw notCopied();
    const follows = run.captured && run.phase !== "cut-over";
    const tried = follows
      ? await logEntries(context, session, run, options.table)
      : await bringEntries(context, options.table);
    if (follows && tried > 0) await caughtUp(context, session, run);
    return { tried, left: await quarantineSize(session, run.id) };
  } finally {
    await session.close();
  }
}

/** A copy at rest has no phase after it: its tables say that they are done. */
async function isCopied(session: TargetSession, run: Run): Promise<boolean> {
  if (run.captured) return run.phase !== "new" && run.phase !== "copying";
  return (await loadTables(session, run.id)).every(({ done }) => done);
}

async function logEntries(context: Context, session: TargetSession, run: Run, table: string | null): Promise<number> {
  let tried = 0;
  for await (const entries of pages(session, run, table)) {
    tried += entries.length;
    await context.source.write(async (tx) => {
      for (const { tableId, key } of entries) await logKeys(tx, { id: tableId }, [key]);
    });
  }
  return tried;
}

const CATCH_UP_MS = 60_000;

/** A concurrent sync replays what was logged; without one, we do. */
async function caughtUp(context: Context, session: TargetSession, run: Run): Promise<void> {
  const last = await context.source.read(lastLogged);
  if (!(await isRunLocked(session))) {
    await withReconnect(context, async (locked) => {
      await beginRun(context, locked, { capture: true });
      await catchUp(context, locked);
    });
    return;
  }
  const isCaughtUp = async () => (await mustLoad(session)).watermark >= last;
  if (await waitUntil(isCaughtUp, { everyMs: 50, timeoutMs: CATCH_UP_MS, signal: context.signal })) return;
  if (context.signal.aborted) throw new InterruptedError();
  throw tooFarBehind(run);
}

async function bringEntries(context: Context, table: string | null): Promise<number> {
  const session = await lockedSession(context);
  try {
    const before = await mustLoad(session);
    const run = before.phase === "cut-over" ? before : await beginRun(context, session, { capture: false });
    let tried = 0;
    for await (const entries of pages(session, run, table)) {
      tried += entries.length;
      for (const mapping of run.mappings) {
        const rows = entries.filter(({ tableId }) => tableId === mapping.id);
        if (rows.length > 0)
          await retryRows({
            run: run.id,
            source: context.source,
            session,
            mapping,
            rows,
            rowidDropped: run.phase === "cut-over",
          });
      }
    }
    return tried;
  } finally {
    await session.close();
  }
}

async function* pages(session: TargetSession, run: Run, table: string | null): AsyncGenerator<QuarantineEntry[]> {
  for (let after = 0n; ; ) {
    const entries = await listQuarantine(session, { run: run.id, table, after, limit: AT_ONCE });
    const last = entries.at(-1);
    if (last === undefined) return;
    yield entries;
    after = last.id;
  }
}

function notCopied(): RefusedError {
  return new RefusedError({
    code: "NOT_COPIED",
    message: "the copy has not ended yet",
    hint: "let `changeover sync` or `changeover data` end it first; then run the same command again",
  });
}

function tooFarBehind(run: Run): RefusedError {
  return new RefusedError({
    code: "REPLICATION_LAG_TOO_HIGH",
    message: "the running sync has not come by those rows within a minute",
    hint: "they are logged and it will; see `changeover status`, then `changeover quarantine`",
    context: { run: run.id },
  });
}
