import { statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { InterruptedError } from "../errors.ts";
import type { Source } from "../source/source.ts";
import type { TargetSession } from "../target/target.ts";
import { doJob, type JobCalls, type JobInput, type JobName, type JobResult } from "../workers/jobs.ts";
import { ProcessWorker, processesAreThere } from "../workers/process-worker.ts";
import type { Context } from "./context.ts";

/** One of several pieces of work that go on at once. */
export interface Worker {
  do<Name extends JobName>(job: Name, input: JobInput<Name>, calls: JobCalls<Name>): Promise<JobResult<Name>>;
  /** Says that another worker has failed, too. */
  readonly signal: AbortSignal;
}

export interface WorkerOptions<Item> {
  /** For jobs that are done in this process, one at a time; null where none needs a session. */
  readonly session: TargetSession | null;
  readonly auxiliary?: TargetSession;
  readonly items: readonly Item[];
  /** Nothing is written to the source meanwhile. */
  readonly isAtRest: boolean;
  /** Called once other processes are at work, if they are. */
  readonly meanwhile?: () => void;
}

const MAX_WORKERS = 4;
/** Starting a process takes as long as reading some megabytes. */
const MIN_BYTES_FOR_PROCESSES = 16 << 20;

/** Rows of thousands of small tables, and those of a server, wait for answers rather than for a processor. */
const SESSIONS_AT_ONCE = 3;

/**
 * Does `work` for all items, several at once as there are processors: at most half of them while an application runs.
 * The first error ends all.
 */
export async function onWorkers<Item>(
  context: Context,
  options: WorkerOptions<Item>,
  work: (item: Item, worker: Worker) => Promise<void>,
): Promise<void> {
  const waiting = [...options.items];
  const processes = Math.min(waiting.length, processesFor(context, options));
  const sessions = Math.min(
    waiting.length,
    (options.isAtRest || context.source.kind !== "file") &&
      options.session !== null &&
      context.throttle.maxRows === null
      ? SESSIONS_AT_ONCE
      : 1,
  );
  if (processes < 2 && sessions < 2) {
    const worker = inThisProcess(context, options);
    for (const item of waiting) await work(item, worker);
    return;
  }
  const failed = new AbortController();
  const signal = AbortSignal.any([context.signal, failed.signal]);
  const run = async (): Promise<void> => {
    const worker = processes < 2 ? inOwnSessions(context, signal) : inOwnProcess(context, signal);
    try {
      for (let item = waiting.shift(); item !== undefined && !failed.signal.aborted; item = waiting.shift())
        await work(item, worker);
    } catch (error) {
      failed.abort();
      throw error;
    } finally {
      await worker.close();
    }
  };
  const running = Array.from({ length: processes < 2 ? sessions : processes }, run);
  if (processes >= 2) setImmediate(() => options.meanwhile?.());
  const ends = await Promise.allSettled(running);
  const errors = ends.flatMap((end) => (end.status === "rejected" ? [end.reason as unknown] : []));
  // The others were interrupted for the first.
  if (errors.length > 0) throw errors.find((error) => !(error instanceof InterruptedError)) ?? errors[0];
}

interface OwnWorker extends Worker {
  close(): Promise<void> | void;
}

function inOwnProcess(context: Context, signal: AbortSignal): OwnWorker {
  const worker =
    context.idleWorkers.take() ??
    new ProcessWorker({
      source: context.source.path ?? "",
      identity: context.source.identity,
      targetUrl: context.targetUrl,
      isRated: context.throttle.maxRows !== null,
      observe: (loadSignal) => context.throttle.observe(loadSignal),
    });
  worker.obey(signal);
  return {
    signal,
    do: (job, input, calls) => worker.do(job, input, calls),
    close() {
      worker.obey(null);
      if (signal.aborted) worker.close();
      else context.idleWorkers.keep(worker);
    },
  };
}

/** In this process, with sessions of its own. */
function inOwnSessions(context: Context, signal: AbortSignal): OwnWorker {
  const { source, target } = context;
  const opened: Promise<TargetSession>[] = [];
  const once = () => {
    let session: Promise<TargetSession> | undefined;
    return () => {
      if (session === undefined) opened.push((session = target.session()));
      return session;
    };
  };
  const place = { source, signal, session: once(), auxiliary: once() };
  return {
    signal,
    do: (job, input, calls) => doJob(job, place, input, calls),
    close: async () => void (await Promise.allSettled(opened.map(async (session) => (await session).close()))),
  };
}

function inThisProcess(
  context: Context,
  { auxiliary, session }: Pick<WorkerOptions<unknown>, "session" | "auxiliary">,
): Worker {
  const { signal, source, target } = context;
  const place = {
    source,
    signal,
    session: async () => session ?? (await target.session()),
    auxiliary: async () => auxiliary ?? (await target.session()),
  };
  return { signal, do: (job, input, calls) => doJob(job, place, input, calls) };
}

/** How many processes work at once, if there is work for so many. */
export function processesFor(context: Context, { isAtRest }: { readonly isAtRest: boolean }): number {
  if (!processesAreThere || !isLarge(context.source)) return 1;
  if (context.jobs !== null) return context.jobs;
  // To a rate there is no need of more.
  if (context.throttle.maxRows !== null) return 1;
  const processors = availableParallelism();
  return Math.max(1, Math.min(MAX_WORKERS, isAtRest ? processors : processors >> 1));
}

/** How many sessions build indexes at once: that is the server's work, wherever it is. */
export function sessionsFor(context: Context): number {
  return context.jobs ?? Math.min(MAX_WORKERS, Math.max(2, availableParallelism()));
}

/** Whether its tables are worth several processes. */
export function isLarge({ path }: Source): boolean {
  return path !== null && (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > MIN_BYTES_FOR_PROCESSES;
}
