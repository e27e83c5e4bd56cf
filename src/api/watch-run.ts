import { type HistoryOptions, history } from "../commands/history.ts";
import { inTime } from "../in-time.ts";
import type { LoadSample } from "../model/load-sample.ts";
import { Mutex } from "../mutex.ts";
import type { Context } from "../run/context.ts";
import type { Status } from "../status/status.ts";
import { loadRunBriefly } from "../target/store/run-store.ts";
import { loadSamples } from "../target/store/sample-store.ts";
import type { TargetSession } from "../target/target.ts";
import { historyItem } from "./history-details.ts";
import { readStatusIn } from "./read-status.ts";
import { type Recall, recalling } from "./recall.ts";
import type { HistoryItem } from "./results.ts";

/**
 * A run for who looks at it again and again, such as a page. All looks use one connection, and what rarely changes is
 * up to five seconds old. The source is not looked at.
 */
export interface RunWatch extends AsyncDisposable {
  /** @throws TargetError: `TARGET_UNREACHABLE`, `TARGET_LOST`, also where the target does not answer in ten seconds. */
  status(): Promise<Status>;
  /** The newest first. @throws TargetError: as `status()`. */
  history(options?: HistoryOptions): Promise<HistoryItem[]>;
  /** What the process that works on the run measured; the newest last. @throws TargetError: as `status()`. */
  samples(options?: { readonly limit?: number }): Promise<LoadSample[]>;
  /** Ends its connection. @throws Nothing. */
  close(): Promise<void>;
}

const ANSWER_WITHIN_MS = 10_000;
/** Where nobody looks for so long, the connection is closed. */
const CLOSE_AFTER_MS = 30_000;
const MAX_SAMPLES = 2_000;

export function watchRun(context: Pick<Context, "target" | "rules">): RunWatch {
  const kept = new KeptSession(context.target);
  const close = () => kept.close();
  return {
    status: () => kept.use((session, recall) => readStatusIn(context, session, recall)),
    history: (options = {}) => kept.use(async (session) => (await history(session, options)).map(historyItem)),
    samples: ({ limit = MAX_SAMPLES } = {}) =>
      kept.use(async (session) => {
        const run = await loadRunBriefly(session);
        return run === null ? [] : loadSamples(session, run.id, limit);
      }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** One session, opened again when it was lost, and closed while nobody needs it. */
class KeptSession {
  readonly #target: Context["target"];
  readonly #turns = new Mutex();
  #session: TargetSession | null = null;
  #recall = recalling();
  #timer: NodeJS.Timeout | null = null;

  constructor(target: Context["target"]) {
    this.#target = target;
  }

  use<T>(work: (session: TargetSession, recall: Recall) => Promise<T>): Promise<T> {
    return this.#turns.run(async () => {
      if (this.#timer !== null) clearTimeout(this.#timer);
      try {
        return await inTime(async () => {
          if (this.#session === null || !this.#session.alive) await this.#open();
          const session = this.#session;
          if (session === null) throw new RangeError("no session was opened");
          return work(session, this.#recall);
        }, ANSWER_WITHIN_MS);
      } catch (error) {
        // Whatever went wrong, the next look begins with a new connection.
        this.#session?.abandon();
        this.#session = null;
        throw error;
      } finally {
        this.#timer = setTimeout(() => void this.close(), CLOSE_AFTER_MS);
        this.#timer.unref();
      }
    });
  }

  async #open(): Promise<void> {
    this.#recall = recalling();
    this.#session = await this.#target.session({ mayBeShared: true });
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    // Not after what is under way: a target that is silent must not keep a command from ending.
    const session = this.#session;
    this.#session = null;
    await session?.close().catch(() => {});
  }
}
