import { ChangeoverError } from "../errors.ts";
import { LOG_TABLE, RUN_TABLE } from "../model/change-log.ts";
import type { Run } from "../model/run.ts";
import { sqliteName } from "../quote.ts";
import { pause } from "../retry.ts";
import { lastLogged } from "../rows/log-entries.ts";
import type { SourceReader } from "../source/source.ts";
import type { Context } from "./context.ts";

const WATCH_EVERY_MS = 1_000;
/** For a lock of others, ms: that one is held is no fault of ours. */
const MAX_WAIT_MS = 250;

/**
 * Does `work`, and meanwhile tells the throttle whether an application writes and how long its writes take. Behind the
 * fence, and without capture, nobody writes.
 */
export async function whileWatched<T>(
  context: Pick<Context, "source" | "throttle" | "signal">,
  run: Pick<Run, "captured" | "phase">,
  work: () => Promise<T>,
  everyMs = WATCH_EVERY_MS,
): Promise<T> {
  if (!run.captured || run.phase === "cut-over" || context.source.kind !== "file") return work();
  const stop = new AbortController();
  const watching = watchApplication(context, AbortSignal.any([stop.signal, context.signal]), everyMs);
  try {
    return await work();
  } finally {
    stop.abort();
    await watching;
  }
}

async function watchApplication(
  context: Pick<Context, "source" | "throttle">,
  signal: AbortSignal,
  everyMs: number,
): Promise<void> {
  let last = 0n;
  let isFirst = true;
  for (;;) {
    // First of all: short work is not watched.
    await pause(everyMs, signal);
    if (signal.aborted) return;
    try {
      const seen = await context.source.read((tx) => readLog(tx, last), { signal });
      if (seen.isWritten && !isFirst) {
        context.throttle.applicationWrote();
        context.throttle.observe({ kind: "write", durationMs: await timeWrite(context) });
      }
      last = seen.last;
      isFirst = false;
    } catch (error) {
      // Whatever is wrong with the source, the work itself meets it and knows what to say.
      if (!(error instanceof ChangeoverError)) throw error;
    }
  }
}

/** Whether the application has written since then. Entries of no table are ours. */
async function readLog(tx: SourceReader, after: bigint): Promise<{ last: bigint; isWritten: boolean }> {
  const [row] = await tx.rows(
    `SELECT EXISTS (SELECT 1 FROM ${sqliteName(LOG_TABLE)} WHERE seq > ? AND tbl <> 0 LIMIT 1)`,
    [after],
  );
  return { last: await lastLogged(tx), isWritten: Number(row?.[0] ?? 0) > 0 };
}

/** One row, as an application writes it: the lock, the write and the disk. ms. */
async function timeWrite({ source }: Pick<Context, "source">): Promise<number> {
  const started = performance.now();
  await source.write((tx) => tx.run(`UPDATE ${sqliteName(RUN_TABLE)} SET installed_at = installed_at`), {
    lockWaitMs: MAX_WAIT_MS,
  });
  return performance.now() - started;
}
