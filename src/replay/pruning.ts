import { pause } from "../retry.ts";
import { pruneLog } from "../rows/log-entries.ts";
import type { Source } from "../source/source.ts";
import { neededChangeLog } from "../target/store/change-log-lock.ts";
import type { TargetSession } from "../target/target.ts";
import { DurableCommits } from "./durable-commits.ts";

export interface PruningOptions {
  readonly run: string;
  readonly source: Source;
  readonly session: TargetSession;
  /** Entries above this are still needed by a verification of this process. */
  readonly keepLogFrom?: () => bigint | null;
}

const STEPS_AT_ONCE = 8;
const BETWEEN_STEPS_MS = 3;
// A step may wait 200 ms for a lock that a writer at full speed hardly ever leaves: then the next batch comes first,
// and the other steps behind it.
const LONGEST_MS = 50;
// What changed since the last verification is compared again at the cutover: kept, unless it becomes too much.
const KEPT_FOR_CUTOVER = 500_000n;

/** Keeps the change log short: only behind commits that survive a crash of the server, and in small steps. */
export class Pruning {
  readonly #options: PruningOptions;
  readonly #commits: DurableCommits;
  #durable: bigint | null = null;

  constructor(options: PruningOptions) {
    this.#options = options;
    this.#commits = new DurableCommits(options.session);
  }

  /** Whether the next commit shall wait for the disk; it covers all before it. */
  get wantsDurable(): boolean {
    return this.#commits.wantsOne;
  }

  committed(watermark: bigint): void {
    this.#durable = this.#commits.committed(watermark) ?? this.#durable;
  }

  async step(): Promise<void> {
    this.#durable = (await this.#commits.next()) ?? this.#durable;
    if (this.#durable === null) return;
    const { keepLogFrom, run, session, source } = this.#options;
    const { held, verifiedThrough } = await neededChangeLog(session, run);
    const floors = [
      keepLogFrom?.() ?? null,
      verifiedThrough !== null && this.#durable - verifiedThrough < KEPT_FOR_CUTOVER ? verifiedThrough : null,
    ];
    const through = floors.reduce<bigint>(
      (least, floor) => (floor !== null && floor < least ? floor : least),
      this.#durable,
    );
    let more = !held;
    const until = performance.now() + LONGEST_MS;
    for (let step = 0; more && step < STEPS_AT_ONCE && (step === 0 || performance.now() < until); step++) {
      // A writer that waits for the lock looks for it every few milliseconds.
      if (step > 0) await pause(BETWEEN_STEPS_MS);
      more = await pruneLog(source, through);
    }
    if (!more) this.#durable = null;
  }
}
