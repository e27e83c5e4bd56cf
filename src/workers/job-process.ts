import { openSource, type SourceLoadSignal } from "../source/source.ts";
import { staySmall } from "../stay-small.ts";
import { openTarget, type TargetSession } from "../target/target.ts";
import type { LockWait } from "../throttle/throttle.ts";
import type { LoadSignal, Work } from "../throttle/throttle-policy.ts";
import { packError, unpackError } from "./error-message.ts";
import type { FromJob, ToJob } from "./job-messages.ts";
import { doJob, type JobCalls, type JobInput, type JobName, type Place } from "./jobs.ts";
import { MessageThrottle } from "./message-throttle.ts";

// A process that does jobs for its parent, one after the other: see process-worker.ts.

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

staySmall();

const stop = new AbortController();
const waiting = new Map<number, Waiting>();
const throttle = new MessageThrottle();
let place: (Place & { rest(): void }) | null = null;
let isRated = false;
let calls = 0;

process.on("message", (message: ToJob) => {
  switch (message.kind) {
    case "open":
      ({ isRated } = message);
      place = open(message);
      break;
    case "do":
      void work(message.job, message.input);
      break;
    case "answer":
      waiting.get(message.call)?.resolve(message.value);
      waiting.delete(message.call);
      break;
    case "refusal":
      waiting.get(message.call)?.reject(unpackError(message.error));
      waiting.delete(message.call);
      break;
    case "rest":
      place?.rest();
      break;
    case "abort":
      stop.abort();
  }
});
// The parent is gone, however it went: what it does not know of must not be committed.
process.on("disconnect", () => process.exit());
// A terminal's Ctrl-C comes to us too: the parent says when to stop.
process.on("SIGINT", () => {});

function open({ identity, source, target }: Extract<ToJob, { kind: "open" }>): Place & { rest(): void } {
  const observe = (loadSignal: LoadSignal | LockWait) => {
    if (throttle.isWorthSending(loadSignal)) send({ kind: "load-signal", loadSignal });
  };
  // Only files are read here, and how long we read one says nothing of those who write to it.
  const observeSource = (seen: SourceLoadSignal) => {
    if (seen.kind === "busy") observe(seen);
    if (seen.kind !== "lock") return;
    const durationMs = throttle.lockWait(seen.durationMs);
    if (durationMs !== null) send({ kind: "load-signal", loadSignal: { kind: "lock", durationMs } });
  };
  const opened = openTarget({ url: target, observe });
  const sessions = new Map<"session" | "auxiliary", Promise<TargetSession>>();
  const sessionOf = (which: "session" | "auxiliary") => () => {
    const session = sessions.get(which) ?? opened.session();
    sessions.set(which, session);
    return session;
  };
  return {
    source: openSource({ url: source, expected: identity, signal: stop.signal, observe: observeSource }),
    session: sessionOf("session"),
    auxiliary: sessionOf("auxiliary"),
    signal: stop.signal,
    rest() {
      for (const session of sessions.values()) void session.then((one) => one.close()).catch(() => {});
      sessions.clear();
    },
  };
}

async function work(job: JobName, input: unknown): Promise<void> {
  try {
    if (place === null) throw new RangeError("nothing is open");
    const result = await doJob(job, place, input as JobInput<JobName>, jobCalls as unknown as JobCalls<JobName>);
    sendCount(throttle.counted(performance.now()));
    send({ kind: "done", result });
  } catch (error) {
    send({ kind: "failed", error: packError(error) });
  }
}

/** Whatever a job calls, its parent hears. */
const jobCalls = new Proxy(
  {},
  { get: (_, name) => (typeof name === "string" ? (...args: readonly unknown[]) => call(name, args) : undefined) },
);

function call(name: string, args: readonly unknown[]): Promise<unknown> | undefined {
  if (name === "onRows") return sendCount(throttle.count(args as readonly (string | number)[], performance.now()));
  if (name === "rest")
    return throttle.rest(args[0] as Work, { always: isRated, ask: (work) => ask(name, [work]) as Promise<boolean> });
  return ask(name, args);
}

function sendCount(count: readonly (string | number)[] | null): undefined {
  if (count !== null) send({ kind: "call", call: null, name: "onRows", args: count });
}

function ask(name: string, args: readonly unknown[]): Promise<unknown> {
  const id = ++calls;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    send({ kind: "call", call: id, name, args });
  });
}

function send(message: FromJob): void {
  process.send?.(message);
}
