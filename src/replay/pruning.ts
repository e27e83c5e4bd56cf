import { LOG_TABLE } from "../model/change-log.ts";
import { sqliteName } from "../quote.ts";
import { pause } from "../retry.ts";
import { pruneLog } from "../rows/log-entries.ts";
import type { Source } from "../source/source.ts";
import { neededChangeLog } from "../target/store/change-log-lock.ts";
import type { TargetSession } from "../target/target.ts";
import { DurableCommits } from "./durable-commits.ts";
import { PruningGate, type Worth } from "./pruning-gate.ts";

export interface PruningOptions {
  readonly run: string;
  readonly source: Source;
  readonly session: TargetSession;
  /** Entries above this are still needed by a verification of this process. */
  readonly keepLogFrom?: () => bigint | null;
  /** When pruning is worth a commit. Default: 20,000 entries, or 1,000 after a minute. */
  readonly worth?: Worth;
  /** Entries of one commit to the source. Default: 20,000. */
  readonly entriesAtOnce?: number;
}

/** In one commit, which holds the lock for some ten milliseconds. */
const ENTRIES_AT_ONCE = 20_000;
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
  readonly #gate: PruningGate;

  constructor(options: PruningOptions) {
    this.#options = options;
    this.#commits = new DurableCommits(options.session);
    this.#gate = new PruningGate(options.worth);
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
    if (!this.#gate.isKnown) this.#gate.begins(await this.#firstEntry(this.#durable));
    if (!this.#gate.isWorth(this.#durable)) return;
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
      more = await pruneLog(source, through, this.#options.entriesAtOnce ?? ENTRIES_AT_ONCE);
    }
    if (more || held) return;
    // What a verification still needs goes with the next ones.
    this.#gate.pruned(this.#durable);
    this.#durable = null;
  }

  async #firstEntry(durable: bigint): Promise<bigint> {
    const [row] = await this.#options.source.read((tx) => tx.rows(`SELECT min(seq) FROM ${sqliteName(LOG_TABLE)}`));
    const first = row?.[0];
    return typeof first === "bigint" ? first : durable;
  }
}
