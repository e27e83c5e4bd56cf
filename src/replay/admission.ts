import { InterruptedError } from "../errors.ts";
import { runLockRequester } from "../target/store/run-lock.ts";
import type { TargetSession } from "../target/target.ts";

const LOOK_EVERY_MS = 500;

/** Another process asks for the run, and we are only waiting for the source's lock. */
export class RunAsked extends Error {
  readonly asker: string;

  constructor(asker: string) {
    super(`${asker} asks for the run`);
    this.asker = asker;
  }
}

/**
 * Waits for the source, which others may keep locked for long. Meanwhile it watches for requests of the run lock: a
 * waiting process must not keep a cutover or a rollback out. The session must be free. Throws {@link RunAsked} then.
 */
export function admitUnlessAsked(session: TargetSession, run: string) {
  return async <T>(work: (signal?: AbortSignal) => Promise<T>): Promise<T> => {
    const stop = new AbortController();
    let asker: string | null = null;
    let checking: Promise<void> = Promise.resolve();
    const check = async () => {
      asker = await runLockRequester(session, run).catch(() => null);
      if (asker !== null) stop.abort();
    };
    const timer = setInterval(() => {
      checking = checking.then(check);
    }, LOOK_EVERY_MS);
    try {
      return await work(stop.signal);
    } catch (error) {
      if (asker !== null && error instanceof InterruptedError) throw new RunAsked(asker);
      throw error;
    } finally {
      clearInterval(timer);
      // The session is free again for what comes next.
      await checking;
    }
  };
}

export const admitAlways: ReturnType<typeof admitUnlessAsked> = (work) => work();
