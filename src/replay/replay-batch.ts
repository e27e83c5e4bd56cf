import type { TableMapping } from "../model/mapping.ts";
import type { Source } from "../source/source.ts";
import type { TargetSession, TargetTransaction } from "../target/target.ts";
import { BatchTransaction } from "./batch-transaction.ts";
import type { ChangeReader, Changes } from "./read-changes.ts";
import { commitSmallBatch, renderSmallBatch } from "./small-batch.ts";
import type { Stage } from "./stage.ts";

export interface ReplayOptions {
  readonly run: string;
  readonly source: Source;
  readonly session: TargetSession;
  readonly stage: Stage;
  readonly reader: ChangeReader;
  readonly signal?: AbortSignal;
  /** Whether the commit must survive a crash of the server by itself. A later one that does covers earlier ones. */
  readonly durable?: boolean;
  readonly onPass?: (changes: Changes) => void;
  /** Called between two snapshots of the source: rests as long as it should. */
  readonly rest?: (pass: ReplayWork) => Promise<unknown>;
  /** Tables whose rows are all replaced by this batch. */
  readonly replacing?: Replacing;
  /** How the source is first read, while the session is free: the signal ends the wait for its lock. */
  readonly admit?: <T>(work: (signal?: AbortSignal) => Promise<T>) => Promise<T>;
}

export interface Replacing {
  /** Runs first, in the batch's transaction: what the target's tables must have before rows can be staged. */
  readonly first?: (tx: TargetTransaction) => Promise<void>;
  readonly mappings: readonly TableMapping[];
  /** Stages all their rows, page by page. The log must have held every change since the first page. */
  readonly stage: (tx: TargetTransaction) => Promise<void>;
  /** Runs last, in the batch's transaction. */
  readonly settle: (tx: TargetTransaction) => Promise<void>;
}

/** What a snapshot brought and how long it was open, ms. */
export interface ReplayWork {
  readonly rows: number;
  readonly durationMs: number;
}

export interface Batch {
  /** The target now equals the source's snapshot at this `seq`. */
  readonly watermark: bigint;
  /** Log entries brought over. */
  readonly entries: bigint;
  readonly rows: number;
  readonly lastPass: ReplayWork;
  readonly lockRequestedBy: string | null;
}

/**
 * Brings everything logged since `watermark` to the target in one transaction, which ends at a source snapshot. Null if
 * nothing was logged.
 *
 * A backlog is read in passes, each in a short snapshot of its own, so that none pins the source's WAL and memory stays
 * bounded. A row that changes after its pass is logged and brought again, and the last pass reaches the log's end in
 * its own snapshot. So what is committed is that snapshot, whatever the passes saw before. While many passes are to
 * come, staged rows are applied from time to time and the next passes are read meanwhile: neither SQLite nor PostgreSQL
 * waits for the other.
 */
export async function replayBatch(options: ReplayOptions, watermark: bigint): Promise<Batch | null> {
  const { admit, durable = false, reader, replacing, session, stage } = options;
  const readFirst = (signal?: AbortSignal) => reader.read(watermark, { pass: 0, signal });
  const first = await (admit === undefined ? readFirst() : admit(readFirst));
  if (first.through === watermark && replacing === undefined) return null;
  const staged = [...first.tables.map(({ mapping }) => mapping), ...(replacing?.mappings ?? [])];
  if (replacing?.first === undefined) await stage.prepare(staged);
  const statements = renderSmallBatch(first, options, watermark);
  try {
    if (statements !== null) {
      const batch = await commitSmallBatch(session, statements, { changes: first, watermark, durable });
      if (batch !== null) {
        options.onPass?.(first);
        return batch;
      }
    }
    const work = async (tx: TargetTransaction) => {
      await replacing?.first?.(tx);
      await stage.prepare(staged);
      return new BatchTransaction(tx, options).run(first, watermark);
    };
    return await session.transaction(work, { isDurable: durable });
  } catch (error) {
    stage.forget();
    throw error;
  }
}
