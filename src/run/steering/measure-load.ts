import { stat } from "node:fs/promises";
import { LOG_TABLE } from "../../model/change-log.ts";
import { sizeOfTree } from "../../source/btree/table-size.ts";
import { saveSample, thinSamples } from "../../target/store/sample-store.ts";
import type { TargetSession } from "../../target/target.ts";
import type { Context } from "../context.ts";

const EVERY_MS = 1_900;
/** It reads some pages of the source's file. */
const LOG_EVERY_MS = 5_000;
const THIN_EVERY_MS = 60_000;
/** For locks of others: what people ask of the run is not to wait for a figure. */
const MAX_WAIT_MS = 100;

/** Notes at the target, every two seconds, what those who look at the run want to know of its source. */
export class LoadReport {
  readonly #context: Pick<Context, "source" | "hasSource" | "throttle">;
  #savedAt = Number.NEGATIVE_INFINITY;
  #thinnedAt = Number.NEGATIVE_INFINITY;
  #logReadAt = Number.NEGATIVE_INFINITY;
  #logBytes: number | null = null;

  constructor(context: Pick<Context, "source" | "hasSource" | "throttle">) {
    this.#context = context;
  }

  async step(session: TargetSession, run: string): Promise<void> {
    const now = performance.now();
    if (!this.#context.hasSource || now - this.#savedAt < EVERY_MS) return;
    this.#savedAt = now;
    const { source, throttle } = this.#context;
    const applicationWaitMs = throttle.meter.takeLongestWait();
    await saveSample(session, run, {
      logBytes: await this.#sizeOfLog(now),
      walBytes: source.path === null ? null : await sizeOf(`${source.path}-wal`),
      applicationWaitMs,
      lockWaitMs: throttle.meter.lockWaitMs,
      share: throttle.shareNow,
    });
    if (now - this.#thinnedAt < THIN_EVERY_MS) return;
    this.#thinnedAt = now;
    await thinSamples(session, run);
  }

  async #sizeOfLog(now: number): Promise<number | null> {
    const { source } = this.#context;
    // Where each of our snapshots keeps a writer of the application waiting, a figure is not worth one.
    if (now - this.#logReadAt < LOG_EVERY_MS || source.isContended()) return this.#logBytes;
    this.#logReadAt = now;
    const signal = AbortSignal.timeout(MAX_WAIT_MS);
    this.#logBytes = await sizeOfTree(source, LOG_TABLE, { signal }).catch(() => this.#logBytes);
    return this.#logBytes;
  }
}

async function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(
    ({ size }) => size,
    () => null,
  );
}
